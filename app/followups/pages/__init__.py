"""The pages of following up: the list and the call for staff, the question by link for citizens."""

from fastapi import APIRouter

from app.followups.pages import checks, desk, link

router = APIRouter()
for _part in (checks, desk, link):  # checks first: `/desk/callbacks/{number}` takes the rest
    router.include_router(_part.router)
