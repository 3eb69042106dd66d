"""The end of a shift: what is still open, handed over to the next person, who accepts it."""
