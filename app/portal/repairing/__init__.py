"""A citizen reports something broken: what is written so far, where it stands, how it is sent."""
