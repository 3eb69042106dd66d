"""The city that is measured: the demo's units and staff with any number of invented matters."""

from bench.city.filling import fill

__all__ = ["fill"]
