"""Giving out work: alerts of the directory, sending to units, sharing inside one."""
