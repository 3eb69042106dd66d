"""Supervision: what the matters look like from above, and the lists behind every figure."""
