"""Pages of inspections: rounds to walk, plans, what fails again and again."""

from app.inspections.pages import plans, rounds, stops

ROUTERS = (plans.router, rounds.router, stops.router)

__all__ = ["ROUTERS"]
