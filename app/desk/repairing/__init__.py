"""The repair desk: the board of repairs, who is to go, the crews' day, the pool they take from."""
