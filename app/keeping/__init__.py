"""Looking after an installation: may it start, is what it stores whole, back-up and restore."""
