"""Pages that administer units, accounts, calendars and catalogues; they compose features below."""
