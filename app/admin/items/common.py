"""What the pages of service items share: who may, which draft, what came back wrong.

Holds no page of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from app.accounts.deps import Visit, Work
from app.accounts.rules import Actor, Permission
from app.admin.catalogue import edit_of
from app.admin.frame import language_of, show, tried, version_of
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.service_items import queries, service
from app.service_items.rules import Content, ItemVersion
from app.service_items.rules.columns import place_of
from app.service_items.service import Part
from app.web.deps import Edge
from app.web.forms import RawForm
from app.web.ui import local, zone_of

HOME: Final = "/admin/items"
TABS: Final = (
    (mark("Fields"), "fields"),
    (mark("Extra questions"), "questions"),
    (mark("Materials"), "materials"),
    (mark("Preview"), "preview"),
    (mark("Publish"), "publish"),
)
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A stored word and its msgid, for a select or boxes."""

    value: str
    label: str


def require(work: Work) -> None:
    """Only who keeps the catalogue.

    Raises:
        ForbiddenError: they do not.
    """
    work.actor.require(Permission.CATALOGUE_MANAGE)


def today_of(edge: Edge) -> date:
    """The day on the hall's calendar."""
    return local(edge.now(), zone_of(edge.settings.zone)).date()


def draft_of(work: Work, version_id: int) -> ItemVersion:
    """The version, for somebody who keeps the catalogue.

    Raises:
        ForbiddenError, NotFoundError: they do not; there is none.
    """
    require(work)
    return queries.get_version(work.session, version_id)


def show_version(
    request: Request,
    actor: Actor,
    version: ItemVersion,
    page: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> Response:
    """A page of one version with its tabs; a published one has only its preview."""
    base = f"{HOME}/v/{version.id}"
    tabs = [
        (label, f"{base}/{name}", request.url.path.startswith(f"{base}/{name}"))
        for label, name in TABS
        if version.is_draft or name == "preview"
    ]
    shared = {
        "tabs": tabs,
        "base": base,
        "version": version,
        "name": version.content.name.within(language_of(request)),
    }
    return show(request, actor, page, {**shared, **context}, status=status)


def saved(
    visit: Visit,
    version_id: int,
    form: RawForm,
    part: Part,
    change: Callable[[Content], tuple[Content, Words]],
) -> dict[str, str]:
    """Change a draft and save a part of it; the sentences by field if anything is refused."""

    def do(work: Work) -> None:
        version = draft_of(work, version_id)
        content, wrong = change(version.content)
        if wrong:
            raise InvalidError(fields=wrong)
        service.save_draft(
            work.session,
            version_id,
            content,
            part=part,
            lock=version_of(form),
            edit=edit_of(work),
        )

    return tried(visit, do)


def told(errors: Words, language: str) -> list[tuple[str, str]]:
    """Sentences with the places they belong to, as this reader calls them."""
    return [
        (field if language == "en" else place_of(field), text) for field, text in errors.items()
    ]


def with_rows(content: Content, part: Part, rows: tuple[object, ...]) -> Content:
    """The content with these materials or questions."""
    return replace(content, **{str(part): rows})  # type: ignore[arg-type]  # the part's own rows
