"""The kinds of page there are and how to stand before each, a module for each part of the house."""

from tests.browser.faces.admin import ADMIN
from tests.browser.faces.applications import APPLICATIONS
from tests.browser.faces.desk import DESK
from tests.browser.faces.face import Face
from tests.browser.faces.facilities import FACILITIES
from tests.browser.faces.people import PEOPLE, to_citizen
from tests.browser.faces.portal import PORTAL, past_alike
from tests.browser.faces.publishing import PUBLISHING
from tests.browser.faces.repairing import REPAIRING
from tests.browser.faces.rights import RIGHTS

EVERY = (
    *PORTAL,
    *REPAIRING,
    *DESK,
    *APPLICATIONS,
    *PEOPLE,
    *RIGHTS,
    *ADMIN,
    *PUBLISHING,
    *FACILITIES,
)

__all__ = ["EVERY", "Face", "past_alike", "to_citizen"]
