"""What a crew sees of a matter: the place and the work, and nothing of who reported it.

Whoever holds another seat besides sees as those do.
"""

from dataclasses import replace

from app.accounts.rules import Actor, Role
from app.desk.casepage import CasePage, LineView
from app.kernel.text import mask_free_text


def as_seen_by(actor: Actor, page: CasePage) -> CasePage:
    """The page as this person may see it; a crew needs no name, no number, no citizen's page."""
    if actor.is_system or any(role is not Role.CREW for role in actor.roles):
        return page
    return replace(
        page,
        person=None,
        hides_person=True,
        body=mask_free_text(page.body),
        messages=[],
        own_page="",
        lines=[_masked(line) for line in page.lines],
        may_reveal=False,
    )


def _masked(line: LineView) -> LineView:
    return replace(
        line,
        public_text=mask_free_text(line.public_text),
        internal_text=mask_free_text(line.internal_text),
    )
