"""Shipped templates, in typst; `house.typ` holds what they share."""
