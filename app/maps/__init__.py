"""What maps are drawn on: tiles from one address of ours, or the boundaries of the districts.

Knows no matter and no facility; whoever has points puts them on the map.
"""
