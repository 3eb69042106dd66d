"""The addresses of GeoReport v2 under /open311/v2; the endings choose the format."""

from app.open311.answering import install
from app.open311.api import discovery, elsewhere, listing, requests, updates

ROUTERS = (
    listing.router,
    requests.router,
    updates.router,
    discovery.router,
    elsewhere.router,  # last: it takes whatever the others leave
)

__all__ = ["ROUTERS", "install"]
