"""A question answered on the spot (当场答复): typed, looked up, answered, closed at one press."""
