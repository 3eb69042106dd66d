"""What of a repair the public may read: released by a person, masked, and revocable at once.

Holds its own copies of words and photos; who asked and whoever wrote is never in them.
"""
