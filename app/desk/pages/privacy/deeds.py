"""What an officer does with a request: one line a deed, each with the words its form brings.

Every deed is told which version the officer saw, who they are and what time it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from app.accounts.deps import Work
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.privacy import queries, service
from app.privacy.rules import IdentityProof, RefusalGround, Told
from app.privacy.service import answering, packaging, telling
from app.web.forms import RawForm

_T = TypeVar("_T", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """A form about one request as an officer sent it."""

    work: Work
    request_id: int
    form: RawForm
    version: int

    def do(self, deed: Callable[..., object], *words: object) -> None:
        """Do it with these words, as the officer at this screen, now."""
        work = self.work
        deed(
            work.session,
            self.request_id,
            *words,
            version=self.version,
            by=work.author,
            now=work.now,
        )

    def choice(self, words: type[_T], field: str) -> _T:
        """What was chosen in this field.

        Raises:
            InvalidError: nothing was.
        """
        chosen = {str(each): each for each in words}.get(self.form.text(field))
        if chosen is None:
            raise InvalidError(fields={field: mark("Choose one.")})
        return chosen

    def day(self, field: str) -> date | None:
        """The day typed in this field, None where it is none."""
        try:
            return date.fromisoformat(self.form.text(field).strip())
        except ValueError:
            return None


def _package(asked: Asked) -> None:
    found = queries.get_request(asked.work.session, asked.request_id)
    packaging.order(asked.work.session, found, now=asked.work.now)


def _told(asked: Asked) -> None:
    asked.do(telling.write_down, asked.choice(Told, "told_how"), asked.day("told_on"))


DEEDS: Final[Mapping[str, Callable[[Asked], None]]] = {
    "identify": lambda asked: asked.do(answering.identify, asked.choice(IdentityProof, "how")),
    "answer": lambda asked: asked.do(answering.answer, asked.form.text("answer")),
    "refuse": lambda asked: asked.do(
        answering.refuse, asked.choice(RefusalGround, "ground"), asked.form.text("refusal")
    ),
    "extend": lambda asked: asked.do(
        answering.extend,
        whole_number(asked.form.text("days")) or 0,
        asked.form.text("reason"),
    ),
    "withdraw": lambda asked: asked.do(service.withdraw_request),
    "propose": lambda asked: asked.do(answering.propose_erasure),
    "send-back": lambda asked: asked.do(answering.send_back),
    "approve": lambda asked: asked.do(answering.approve_erasure, asked.form.text("answer")),
    "package": _package,
    "told": _told,
}
