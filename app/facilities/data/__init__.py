"""Shipped facility types: data files only."""
