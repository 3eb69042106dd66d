"""Signing in and out, and one's own account; administration of others is in `admin`."""

from fastapi import APIRouter

from app.accounts.pages.own import router as own
from app.accounts.pages.signing_in import install
from app.accounts.pages.signing_in import router as signing_in

__all__ = ["install", "router"]

router = APIRouter()
router.include_router(signing_in)
router.include_router(own)
