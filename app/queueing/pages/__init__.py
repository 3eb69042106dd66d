"""The pages of the queue that stand apart from the desk; one router each."""

from app.queueing.pages import booking, numbers, panel, watch

# Bookings first: checking in stands where the token of a number could.
ROUTERS = (booking.router, numbers.router, watch.router, panel.router)

__all__ = ["ROUTERS"]
