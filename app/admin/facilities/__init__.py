"""Pages of facilities: the register, one facility, files, types."""
