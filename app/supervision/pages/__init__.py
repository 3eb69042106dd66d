"""Pages of supervision: the board, what happened by unit, supervision orders, reminders."""
