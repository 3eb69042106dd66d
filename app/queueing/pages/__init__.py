"""The pages of the queue that stand apart from the desk; one router each."""

from app.queueing.pages import numbers, panel, watch

ROUTERS = (numbers.router, watch.router, panel.router)

__all__ = ["ROUTERS"]
