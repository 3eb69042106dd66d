"""Measures what a request costs, against a bare endpoint under the same server; asserts nothing."""
