"""The lamp of a matter as pages of the desk name it; its words are made in `sla.lights`.

Holds nothing of its own.
"""

from app.sla.lights import Light, ended_light, light

__all__ = ["Light", "ended_light", "light"]
