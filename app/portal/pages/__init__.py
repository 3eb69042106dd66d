"""The pages of the portal, gathered into one router.

Each module holds one part of the walk; all of them are public.
"""

from fastapi import APIRouter

from app.portal.pages import (
    answers,
    facility,
    guide,
    guide_form,
    home,
    my,
    my_contacts,
    my_rights,
    my_sign_in,
    own,
    own_documents,
    own_steps,
    poster,
    privacy,
    repair,
    repair_end,
    repair_near,
    repair_place,
    repair_what,
    report,
    report_alike,
    report_details,
    report_end,
    report_feeds,
    report_own,
    report_public,
    reports,
    stuck,
    track,
)

router = APIRouter()
_REPORT = (home, report, report_alike, report_details, report_own, report_end)
# A plate may have a slash in its number: whatever else begins as its address goes before it.
_REPAIR = (repair, repair_place, repair_what, repair_near, repair_end, poster, facility)
_OWN = (track, own, own_documents, own_steps, my, my_sign_in, my_contacts, my_rights)
for _part in (
    *_REPORT,
    *_REPAIR,
    *_OWN,
    guide,
    guide_form,
    answers,
    privacy,
    stuck,
    reports,
    report_public,
    report_feeds,
):
    router.include_router(_part.router)
