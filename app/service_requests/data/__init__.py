"""Numbers of the law on applications, as data."""
