"""Signals that many people have the same trouble (群体性诉求): counted, raised, closed by hand.

Counts people and places only; what a matter says stays with the matter.
"""
