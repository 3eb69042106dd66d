"""What was typed into the form of an application, from the form itself or from its draft.

Plain values; nothing here is checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

from sqlalchemy.orm import Session

from app.accounts.deps import Work
from app.accounts.rules import Actor
from app.cases.service import drafts
from app.cases.service.drafts import Kept
from app.desk.applying.forms import VERDICT
from app.web.forms import RawForm

_NOBODY: Final = "nobody"  # the button for somebody else
_PERSON: Final = "person:"  # those for the people found
_OF_PERSON: Final = frozenset({"citizen", "principal", "other", "ground", "proof", "who"})
_FORM: Final = "apply"
_NOT_KEPT: Final = frozenset({"idempotency", "go", "who", "again", "material"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form, the button that was pressed, and since when it was kept."""

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    go: str = ""
    saved_at: datetime | None = None

    @classmethod
    def of_form(cls, form: RawForm) -> Self:
        """As it was sent."""
        values = {name: text for name, text in form.values.items() if name != "go"}
        return cls(values, form.lists, form.text("go"))

    @classmethod
    def of_draft(cls, kept: Kept | None, talk: str) -> Self:
        """As it was left in this conversation."""
        lists: dict[str, Any] = dict(kept.data) if kept else {}
        values = {name: texts[0] for name, texts in lists.items() if texts}
        return cls(values | {"talk": talk}, lists, saved_at=kept.saved_at if kept else None)

    @property
    def talk(self) -> str:
        """The conversation it is taken in during."""
        return self.values.get("talk", "")

    @property
    def is_asking(self) -> bool:
        """Whether the person is looked for; Enter in the box asks too."""
        return self.go == "who" or bool(self.values.get("who") and not self.values.get("citizen"))

    def chosen(self) -> Self:
        """The same after a press that changes who it is, and saves nothing."""
        is_choosing = self.go.startswith(_PERSON)
        if not is_choosing and self.go != _NOBODY:
            return self
        number = self.go.removeprefix(_PERSON)
        values = {k: v for k, v in self.values.items() if k not in _OF_PERSON}
        lists = {k: v for k, v in self.lists.items() if k not in _OF_PERSON}
        if is_choosing:
            values, lists = values | {"citizen": number}, lists | {"citizen": [number]}
        return replace(self, values=values, lists=lists)

    def all_complete(self, keys: Sequence[str], verdict: str) -> Self:
        """The same with this verdict on every paper nobody has judged yet."""
        open_ones = {f"{VERDICT}{key}": verdict for key in keys}
        return replace(self, values=open_ones | dict(self.values))


def find_draft(session: Session, actor: Actor, talk: str) -> Kept | None:
    """What this person left unfinished, in this conversation or outside of any."""
    return drafts.find(session, drafts.owner_of_staff(actor.id), draft_name(talk))


def keep_draft(work: Work, typed: Typed) -> None:
    """Keep what is typed so far, every value of every field.

    Raises:
        InvalidError: it is too long, or there are too many drafts.
    """
    kept = {name: list(texts) for name, texts in typed.lists.items() if name not in _NOT_KEPT}
    owner, name = drafts.owner_of_staff(work.actor.id), draft_name(typed.talk)
    drafts.check_room(work.session, owner, name, kept)
    drafts.save(work.session, owner, name, kept, now=work.now)


def forget_draft(session: Session, actor: Actor, talk: str) -> None:
    """It is saved, or thrown away."""
    drafts.remove(session, drafts.owner_of_staff(actor.id), draft_name(talk))


def draft_name(talk: str) -> str:
    """Under what name it is kept: one for each conversation, one without."""
    return f"{_FORM}/{talk}" if talk else _FORM
