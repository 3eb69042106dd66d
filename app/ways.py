"""The ways in the header of each face, in the order they are shown; nobody sees one not theirs.

A feature adds its line here when it has a page of its own.
"""

from collections.abc import Sequence
from typing import Final

from app.accounts.rules import Permission
from app.admin.frame import SECTIONS
from app.interactions.rules import MAY_TALK
from app.kernel.messages import mark
from app.web.ui import Face, NavItem

NAV: Final[Sequence[NavItem]] = (
    NavItem(mark("Home"), "/", Face.PORTAL),
    NavItem(mark("Report a matter"), "/report", Face.PORTAL),
    NavItem(mark("Follow a matter"), "/track", Face.PORTAL),
    NavItem(mark("Guide to services"), "/guide", Face.PORTAL),
    NavItem(mark("Take a number"), "/take", Face.PORTAL),
    NavItem(mark("My page"), "/my", Face.PORTAL),
    NavItem(mark("Workbench"), "/desk", Face.STAFF, (Permission.CASE_READ,)),
    NavItem(mark("Find a person"), "/citizens", Face.STAFF, (Permission.CITIZEN_READ,), key="F2"),
    NavItem(mark("Share out"), "/desk/share", Face.STAFF, (Permission.WORK_SHARE,)),
    NavItem(mark("Dispatch desk"), "/desk/dispatch", Face.STAFF, (Permission.CASE_DISPATCH,)),
    NavItem(
        mark("Repairs"),
        "/repairs",
        Face.STAFF,
        (Permission.REPAIR_ASSIGN, Permission.REPAIR_FILE, Permission.REPAIR_CHECK),
        bar="/repairs/bar",
    ),
    NavItem(mark("Crews"), "/repairs/crews", Face.STAFF, (Permission.REPAIR_FIELD,)),
    NavItem(mark("Materials"), "/desk/stock", Face.STAFF, (Permission.STOCK_MANAGE,)),
    NavItem(
        mark("Tasks"),
        "/desk/tasks",
        Face.STAFF,
        (Permission.CASE_HANDLE, Permission.CASE_SUPERVISE),
    ),
    NavItem(
        mark("Counter"),
        "/desk/counter",
        Face.STAFF,
        (Permission.QUEUE_SERVE,),
        bar="/desk/counter/bar",
    ),
    NavItem(mark("On the phone"), "/crew", Face.STAFF, (Permission.REPAIR_FIELD,)),
    NavItem(mark("Asked first here"), "/desk/questions", Face.STAFF, (Permission.CASE_INTAKE,)),
    NavItem(mark("It could not be done"), "/desk/stuck", Face.STAFF, (Permission.CASE_READ,)),
    NavItem(mark("Conversations"), "/desk/talks", Face.STAFF, MAY_TALK, bar="/desk/talks/bar"),
    NavItem(mark("Answer a question"), "/desk/consult", Face.STAFF, (Permission.CASE_INTAKE,)),
    NavItem(mark("Inbox"), "/desk/inbox", Face.STAFF, bar="/desk/inbox/bar"),
    NavItem(mark("Knowledge"), "/desk/knowledge", Face.STAFF),
    NavItem(
        mark("Data quality"),
        "/citizens/quality",
        Face.STAFF,
        (Permission.CITIZEN_EDIT, Permission.CITIZEN_MERGE),
    ),
    NavItem(mark("Complaints"), "/desk/measures", Face.STAFF, (Permission.CASE_CONCLUDE,)),
    NavItem(mark("Over the promised limit"), "/desk/late", Face.STAFF, (Permission.CASE_CONCLUDE,)),
    NavItem(mark("Repeated calls"), "/desk/callers", Face.STAFF, (Permission.CALLER_LIMIT,)),
    NavItem(mark("Reminders"), "/desk/reminders", Face.STAFF, (Permission.CASE_READ,)),
    NavItem(
        mark("Supervision orders"),
        "/supervision",
        Face.STAFF,
        (Permission.CASE_SUPERVISE, Permission.CASE_HANDLE),
    ),
    NavItem(mark("Facilities"), "/facilities", Face.STAFF, (Permission.ASSET_READ,)),
    NavItem(
        mark("Rounds of inspection"),
        "/inspections",
        Face.STAFF,
        (Permission.INSPECTION_DO, Permission.INSPECTION_PLAN),
    ),
    NavItem(mark("Call-backs"), "/desk/callbacks", Face.STAFF, (Permission.CASE_CALLBACK,)),
    NavItem(mark("Queues"), "/queue", Face.STAFF, (Permission.QUEUE_WATCH,)),
    NavItem(mark("Board"), "/board", Face.STAFF, (Permission.BOARD_READ,)),
    NavItem(
        mark("Applications and the hall"),
        "/board/applications",
        Face.STAFF,
        (Permission.BOARD_READ,),
    ),
    NavItem(mark("Board of repairs"), "/board/repairs", Face.STAFF, (Permission.BOARD_READ,)),
    NavItem(mark("Map of repairs"), "/board/map", Face.STAFF, (Permission.CASE_READ,)),
    NavItem(mark("Signals"), "/signals", Face.STAFF, (Permission.CASE_SUPERVISE,)),
    NavItem(mark("Segments"), "/segments", Face.STAFF, (Permission.SEGMENT_USE,)),
    NavItem(mark("Rights of the person"), "/privacy", Face.STAFF, (Permission.PRIVACY_MANAGE,)),
    NavItem(
        mark("Administration"),
        "/admin",
        Face.STAFF,
        tuple(section.needs for section in SECTIONS),
    ),
)
