"""Pages of inspections: rounds to walk, plans, what fails again and again."""

from app.inspections.pages import plans, rounds

ROUTERS = (plans.router, rounds.router)

__all__ = ["ROUTERS"]
