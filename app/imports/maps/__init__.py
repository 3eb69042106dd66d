"""Shipped mappings, one TOML file for each layout; README.md describes the format."""
