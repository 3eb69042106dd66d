"""The counter of a hall for whoever works at it: numbers of the queue beside who people are."""
