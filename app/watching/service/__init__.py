"""What can be done about watching, each deed in the module of its name."""
