"""Seeds of repairs: which reports are filed by rule."""
