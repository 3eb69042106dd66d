"""Faces of the administration."""

from app.accounts.rules import Role
from tests.browser.faces.face import Face, first_of

ADMIN = (
    Face("admin", Role.ADMIN, "/admin"),
    Face("notices", Role.ADMIN, "/admin/notices"),
    Face("notice-words", Role.ADMIN, "/admin/notices/words/dispatched"),
    Face("notice-policy", Role.ADMIN, "/admin/notices/policy"),
    Face("inbox", Role.CLERK, "/desk/inbox"),
    Face("units", Role.ADMIN, "/admin/units"),
    Face("unit-new", Role.ADMIN, "/admin/units/new"),
    Face("unit", Role.ADMIN, first_of("/admin/units", "/admin/units/1")),
    Face("calendar", Role.ADMIN, "/admin/calendar"),
    Face("calendar-import", Role.ADMIN, "/admin/calendar/import"),
    Face("calendar-days", Role.ADMIN, "/admin/calendar/days"),
    Face("calendar-hours", Role.ADMIN, "/admin/calendar/hours"),
    Face("categories", Role.ADMIN, "/admin/catalogue/categories"),
    Face("category-new", Role.ADMIN, "/admin/catalogue/categories/new"),
    Face("category", Role.ADMIN, first_of("/admin/catalogue/categories", "/categories/1")),
    Face("directory", Role.ADMIN, "/admin/catalogue/directory"),
    Face("directory-new", Role.ADMIN, "/admin/catalogue/directory/new"),
    Face("limits", Role.ADMIN, "/admin/catalogue/limits"),
    Face("limit-new", Role.ADMIN, "/admin/catalogue/limits/new"),
    Face("replies", Role.ADMIN, "/admin/catalogue/replies"),
    Face("reply-new", Role.ADMIN, "/admin/catalogue/replies/new"),
    Face("review-items", Role.ADMIN, "/admin/catalogue/review"),
    Face("items", Role.ADMIN, "/admin/items"),
    Face("item-questions", Role.ADMIN, first_of("/admin/items", "/admin/items/v/")),
    Face("background", Role.ADMIN, "/admin/background"),
    Face("staff", Role.SECURITY, "/admin/staff"),
    Face("staff-new", Role.SECURITY, "/admin/staff/new"),
    Face("staff-one", Role.SECURITY, first_of("/admin/staff", "/admin/staff/1")),
    Face("roles", Role.SECURITY, "/admin/roles"),
    Face("security", Role.SECURITY, "/admin/security"),
    Face("audit", Role.AUDITOR, "/admin/audit"),
    Face("audit-chain", Role.AUDITOR, "/admin/audit/chain"),
)
