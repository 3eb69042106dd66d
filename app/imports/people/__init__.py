"""Lists of people from files: citizens taken over, and new contacts for those we know.

The command and the pages do the same with the same rules.
"""
