"""The pages of the privacy officer, gathered into one router; each subject in its own module."""

from fastapi import APIRouter

from app.desk.pages.privacy import (
    extras,
    holds,
    keeping,
    letters,
    notices,
    packages,
    people,
    requests,
)

router = APIRouter()
# `packages` and `letters` before `requests`, whose `{deed}` would take its address.
for _part in (packages, letters, requests, people, notices, extras, keeping, holds):
    router.include_router(_part.router)
