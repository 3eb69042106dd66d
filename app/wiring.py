"""The literal tables of the house: routers, subscribers, jobs; ways in the header are in `ways`.

Each feature adds its line; nothing is found by magic.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter, FastAPI

from app.accounts import pages as accounts
from app.accounts.service.staff import refuse_closing_unit_with_staff
from app.admin import (
    access,
    audit,
    background,
    calendar,
    catalogue,
    categories,
    deciders,
    directory,
    home,
    levels,
    limits,
    notice_words,
    partners,
    queues,
    replies,
    reviewing,
    roles,
    security,
    staff,
    unit_work,
    units,
)
from app.admin import documents as admin_documents
from app.admin import facilities as admin_facilities
from app.admin import items as admin_items
from app.admin import notices as admin_notices
from app.admin import signals as signal_settings
from app.calendars.events import CalendarChanged
from app.cases import listening
from app.cases.events import CaseClosed, CaseMoved, CaseMoving, CaseOpened, CaseUrged
from app.citizens.events import CitizensMerging, CitizensUnmerged
from app.crew import pages as crew
from app.departments.events import UnitClosing
from app.desk import exporting as desk_exporting
from app.desk.pages import (
    application,
    applying,
    bookings,
    bulk,
    callers,
    calls,
    case_tasks,
    cases,
    citizen_forms,
    citizen_parts,
    complaints,
    consulting,
    counter,
    crew_routes,
    crews,
    find,
    intake,
    joining,
    late,
    macros,
    mending,
    merging,
    oversight,
    picture,
    privacy,
    promises,
    quality,
    questions,
    repair_intake,
    repair_map,
    repair_pool,
    revealing,
    shift,
    stock,
    stuck,
    suspended,
    talks,
    workbench,
)
from app.desk.pages import dispatch as dispatch_desk
from app.desk.pages import documents as case_documents
from app.desk.pages import publishing as releasing
from app.desk.pages import repairs as repair_board
from app.desk.pages import share as desk_share
from app.desk.pages import tasks as desk_tasks
from app.desk.quality import exporting as people_exporting
from app.dispatching import listening as dispatching
from app.documents import pages as documents
from app.exports import pages as exports
from app.exports.sources import Source
from app.followups import listening as follow_ups
from app.followups import pages as follow_up_pages
from app.imports import pages as people_lists
from app.inspections import pages as inspections
from app.kernel import outbox
from app.kernel.events import Subscriber
from app.knowledge import pages as knowledge
from app.knowledge.events import RemarkClosed, RemarkMade, ReviewDue
from app.maps import pages as maps
from app.mypage import listening as own_page
from app.mypage.letters import code_letter
from app.mypage.service import codes
from app.notifications import articles as article_notices
from app.notifications import listening as notices
from app.notifications.pages import inbox, receipts
from app.open311 import api as open311
from app.portal import me
from app.portal import pages as portal
from app.privacy import listening as rights
from app.publishing import service as publishing
from app.queueing import pages as queue
from app.queueing.letters import visit_letter
from app.queueing.pages import panel
from app.queueing.service import telling as queue_telling
from app.ratings import pages as ratings
from app.repairs import listening as repairs
from app.repairs import pages as repair_pages
from app.rounds import JOBS, SCHEDULE
from app.segments import exporting as segment_exporting
from app.segments import pages as segments
from app.service_requests import listening as applications
from app.signals import listening as signals
from app.signals import pages as signal_pages
from app.sla import jobs as clock_jobs
from app.sla.events import ClockBreached, ClockChanged
from app.supervision.pages import applications as board_applications
from app.supervision.pages import board, closing, incidents, orders, reminders
from app.supervision.pages import repairs as board_repairs
from app.supervision.service import proposing, reminding
from app.tasks import listening as tasks
from app.watching import listening as watching
from app.watching import pages as watch_pages
from app.watching.letters import watch_letter
from app.watching.service import following as watch_following
from app.web import health, preferences, proof

__all__ = [
    "CONSENT",
    "EXPORTS",
    "INSTALLERS",
    "JOBS",
    "LETTERS",
    "ROUTERS",
    "SCHEDULE",
    "SUBSCRIBERS",
]

# What is opened most stands first: an address is compared with every route before its own.
ROUTERS: Final[Sequence[APIRouter]] = (
    workbench.router,
    cases.router,
    joining.router,
    mending.router,
    stock.router,
    releasing.router,
    repair_map.router,
    case_documents.router,
    case_tasks.router,
    complaints.router,
    application.router,
    callers.router,
    desk_tasks.router,
    dispatch_desk.router,
    repair_board.router,
    repair_pool.router,
    crews.router,
    crew_routes.router,
    desk_share.router,
    suspended.router,
    late.router,
    intake.router,
    repair_intake.router,
    applying.router,
    consulting.router,
    talks.router,
    inbox.router,
    receipts.router,
    counter.router,
    bookings.router,
    questions.router,
    shift.router,
    stuck.router,
    find.router,
    revealing.router,
    citizen_forms.router,
    citizen_parts.router,
    board.router,
    incidents.router,
    closing.router,
    board_applications.router,
    board_repairs.router,
    orders.router,
    reminders.router,
    oversight.router,
    *knowledge.ROUTERS,
    *crew.ROUTERS,
    bulk.router,
    macros.router,
    portal.router,
    ratings.router,
    watch_pages.router,
    *queue.ROUTERS,
    *documents.ROUTERS,
    follow_up_pages.router,
    *repair_pages.ROUTERS,
    maps.router,
    *open311.ROUTERS,
    health.router,
    preferences.router,
    proof.router,
    accounts.router,
    privacy.router,
    home.router,
    background.router,
    units.router,
    queues.router,
    unit_work.router,
    staff.router,
    roles.router,
    security.router,
    partners.router,
    access.router,
    audit.router,
    catalogue.router,
    categories.router,
    directory.router,
    deciders.router,
    levels.router,
    *admin_items.ROUTERS,
    *admin_facilities.ROUTERS,
    *inspections.ROUTERS,
    limits.router,
    replies.router,
    admin_notices.router,
    notice_words.router,
    admin_documents.router,
    reviewing.router,
    calendar.router,
    segments.router,
    signal_pages.router,
    signal_settings.router,
    exports.router,
    promises.router,
    calls.router,
    quality.router,
    merging.router,
    people_lists.router,
    picture.router,  # last: `/citizens/{number}` takes what no other page of /citizens is called
)

# Called with the application once at start, for exception handlers a feature brings along.
INSTALLERS: Final[Sequence[Callable[[FastAPI], None]]] = (
    accounts.install,
    me.install,
    panel.install,
    maps.install,
    open311.install,
)

SUBSCRIBERS: Final[Mapping[type, Sequence[Subscriber]]] = {
    UnitClosing: (
        refuse_closing_unit_with_staff,
        listening.refuse_closing_unit_with_work,
        tasks.refuse_closing_unit_with_tasks,
    ),
    CalendarChanged: (clock_jobs.on_calendar_changed,),
    ClockBreached: (
        listening.on_breach,
        rights.on_breach,
        tasks.on_breach,
        reminding.on_breach,
        proposing.on_breach,
        applications.on_breach,
    ),
    CaseUrged: (reminding.on_urged,),
    ClockChanged: (
        listening.on_clock_changed,
        proposing.on_clock_changed,
    ),
    CitizensMerging: (rights.refuse_merging_held,),
    CitizensUnmerged: (own_page.on_unmerged,),
    CaseOpened: (repairs.on_opened, notices.on_opened, signals.on_opened),
    CaseMoving: (
        tasks.ask_why_not_waited,
        follow_ups.on_moving,
        applications.on_moving,
        repairs.on_moving,
    ),
    CaseMoved: (
        notices.on_moved,
        rights.on_moved,
        tasks.on_moved,
        dispatching.on_moved,
        proposing.on_moved,
        follow_ups.on_moved,
        signals.on_moved,
        watching.on_moved,
        applications.on_moved,
        repairs.on_moved,
        publishing.on_moved,
    ),
    CaseClosed: (tasks.on_closed, proposing.on_closed, repairs.on_closed),
    ReviewDue: (article_notices.on_review_due,),
    RemarkMade: (article_notices.on_remark,),
    RemarkClosed: (article_notices.on_remark_closed,),
}

# Who writes messages about what only they know, by the type of the subject.
LETTERS: Final[Mapping[str, outbox.Compose]] = {
    codes.SUBJECT: code_letter,
    watch_following.SUBJECT: watch_letter,
    queue_telling.SUBJECT: visit_letter,
}

# Who knows whether a citizen agrees to what is no duty of ours.
CONSENT: Final = rights.agrees_to_surveys

# What can be taken out as a file, each with the columns it may have.
EXPORTS: Final[Sequence[Source]] = (
    desk_exporting.SOURCE,
    people_exporting.SOURCE,
    segment_exporting.SOURCE,
)
