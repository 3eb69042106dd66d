"""Pages for those who keep the catalogue of service items: look, write drafts, publish, exchange.

A published version is never changed; whoever wants to change it writes the next one.
"""

from app.admin.items import changes, drafts, files, items, parts

ROUTERS = (files.router, changes.router, drafts.router, parts.router, items.router)

__all__ = ["ROUTERS"]
