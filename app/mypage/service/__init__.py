"""What a citizen can do on their own page, each deed in the module of its name."""
