"""The city's ground as reports of repairs ask for it; it lies with the maps, for programs too."""

from app.maps.ground import CityGround, ground_of

__all__ = ["CityGround", "ground_of"]
