"""The pages of the privacy officer, gathered into one router; each subject in its own module."""

from fastapi import APIRouter

from app.desk.pages.privacy import holds, keeping, notices, packages, people, requests

router = APIRouter()
# `packages` before `requests`, whose `{deed}` would take its address.
for _part in (packages, requests, people, notices, keeping, holds):
    router.include_router(_part.router)
