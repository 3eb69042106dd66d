"""Amounts of materials as people write them."""

from decimal import Decimal


def plain(amount: Decimal) -> str:
    """2, not 2.00; 500, not 5E+2."""
    written = f"{amount:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def counted(amount: Decimal, measure: str) -> str:
    """How much of something; some things are not counted in anything."""
    return f"{plain(amount)} {measure}".strip()
