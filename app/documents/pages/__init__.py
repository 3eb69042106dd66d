"""The pages of documents; one router each."""

from app.documents.pages import staff, verifying

ROUTERS = (staff.router, verifying.router)

__all__ = ["ROUTERS"]
