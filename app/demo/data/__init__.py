"""What the demo city is made of; data only, all of it invented."""
