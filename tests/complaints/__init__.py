"""Tests of complaints: the file, measures, who is kept away, who stays confidential."""
