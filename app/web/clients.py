"""Which address a request really comes from, behind whatever proxies are trusted.

Believes a forwarded address only from a proxy named in the settings.
"""

from ipaddress import ip_address

from fastapi import Request

from app.settings import Settings

_FORWARDED = "x-forwarded-for"


def client_address(request: Request) -> str:
    """The nearest address that is not one of our proxies."""
    settings: Settings = request.app.state.settings
    peer = request.client.host if request.client else ""
    hops = [hop.strip() for hop in request.headers.get(_FORWARDED, "").split(",") if hop.strip()]
    address = peer
    while address in settings.trusted_proxies and hops:
        address = hops.pop()
    return address


def is_from_here(request: Request) -> bool:
    """Whether the asker sits on this machine and no proxy stands between."""
    if _FORWARDED in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
