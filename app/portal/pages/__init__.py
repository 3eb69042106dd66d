"""The pages of the portal, gathered into one router.

Each module holds one part of the walk; all of them are public.
"""

from fastapi import APIRouter

from app.portal.pages import home, own, own_steps, report, report_details, report_end, track

router = APIRouter()
for _part in (home, report, report_details, report_end, track, own, own_steps):
    router.include_router(_part.router)
