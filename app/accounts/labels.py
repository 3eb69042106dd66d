"""What roles, scopes and permissions are called on the screen (msgids)."""

from collections.abc import Mapping
from typing import Final

from app.accounts.rules import Permission, Role, Scope
from app.kernel.messages import mark

ROLES: Final[Mapping[Role, str]] = {
    Role.CLERK: mark("Clerk"),
    Role.DISPATCHER: mark("Dispatcher"),
    Role.HANDLER: mark("Handler"),
    Role.UNIT_HEAD: mark("Head of unit"),
    Role.REVIEWER: mark("Reviewer"),
    Role.INSPECTOR: mark("Inspector of repairs"),
    Role.SUPERVISOR: mark("Supervisor"),
    Role.MANAGER: mark("Hall manager"),
    Role.CREW: mark("Field crew"),
    Role.PRIVACY: mark("Privacy officer"),
    Role.ADMIN: mark("System administrator"),
    Role.SECURITY: mark("Security administrator"),
    Role.AUDITOR: mark("Audit administrator"),
    Role.SYSTEM: mark("The system itself"),
}

BUREAU: Final = mark("Handler of a bureau, reviews applications")  # only in a demonstration

SCOPES: Final[Mapping[Scope, str]] = {
    Scope.SELF: mark("Own matters only"),
    Scope.UNIT: mark("The unit"),
    Scope.SUBTREE: mark("The unit and all units under it"),
    Scope.REGION: mark("The region"),
    Scope.ALL: mark("Everything"),
}

PERMISSIONS: Final[Mapping[Permission, str]] = {
    Permission.ACCOUNT_MANAGE: mark("Manage accounts and appointments"),
    Permission.ASSET_EDIT: mark("Keep the register of facilities of one's units"),
    Permission.ASSET_READ: mark("See the register of facilities"),
    Permission.AUDIT_READ: mark("Read the audit log"),
    Permission.BOARD_READ: mark("Read the board"),
    Permission.CALENDAR_MANAGE: mark("Manage calendars and opening hours"),
    Permission.CALLER_LIMIT: mark("Agree on how repeated calls are taken"),
    Permission.CASE_ACCEPT: mark("Accept or decline matters"),
    Permission.CASE_APPROVE: mark("Decide requests for extension, suspension, ending, return"),
    Permission.CASE_CALLBACK: mark("Call citizens back"),
    Permission.CASE_CLOSE: mark("Close matters"),
    Permission.CASE_CONCLUDE: mark("Confirm findings on complaints"),
    Permission.CASE_DISPATCH: mark("Dispatch matters"),
    Permission.CASE_HANDLE: mark("Handle matters"),
    Permission.CASE_INTAKE: mark("Register matters"),
    Permission.CASE_OWN: mark("Follow one's own matter (citizens)"),
    Permission.CASE_READ: mark("Read matters"),
    Permission.CASE_REVIEW: mark("Review replies"),
    Permission.CASE_SAMPLE: mark("Check what closed without an answer"),
    Permission.CASE_RULE: mark("Rule which unit is responsible"),
    Permission.CASE_SIGN: mark("Sign for dispatched matters"),
    Permission.CASE_SUPERVISE: mark("Supervise matters"),
    Permission.CATALOGUE_MANAGE: mark("Manage the catalogue"),
    Permission.CITIZEN_EDIT: mark("Register and change citizens"),
    Permission.CITIZEN_MERGE: mark("Merge citizens and take it back"),
    Permission.CITIZEN_READ: mark("Find citizens and see their picture"),
    Permission.CONTACT_REVEAL: mark("Reveal contact details, with a reason"),
    Permission.DOCUMENT_VOID: mark("Declare issued documents void"),
    Permission.EXPORT_RUN: mark("Export lists"),
    Permission.INSPECTION_DO: mark("Walk rounds of inspection"),
    Permission.INSPECTION_PLAN: mark("Plan inspections of facilities"),
    Permission.KNOWLEDGE_MANAGE: mark("Look after the articles of units"),
    Permission.PRIVACY_MANAGE: mark("Decide requests about personal data, and what is deleted"),
    Permission.QUEUE_SERVE: mark("Call numbers at a counter"),
    Permission.QUEUE_WATCH: mark("Watch the queues and see day sheets"),
    Permission.REPAIR_ASSIGN: mark("Give repairs to crews and contractors"),
    Permission.REPAIR_CHECK: mark("Check and close repairs"),
    Permission.REPAIR_FIELD: mark("Do repairs at the spot"),
    Permission.REPAIR_FILE: mark("File reported repairs or not"),
    Permission.REPAIR_PUBLISH: mark("Release repairs to the public, and take them back"),
    Permission.SECURITY_MANAGE: mark("Unblock accounts and end sessions"),
    Permission.SEGMENT_USE: mark("Make and use segments of citizens"),
    Permission.SETTINGS_MANAGE: mark("Change settings"),
    Permission.STOCK_MANAGE: mark("Look after the stock of materials"),
    Permission.UNIT_LEAD: mark("Look after what a unit shares: macros and lists"),
    Permission.UNIT_MANAGE: mark("Manage units"),
    Permission.WORK_SHARE: mark("Share out the work of a unit"),
}
