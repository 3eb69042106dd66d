"""What can go wrong, in the language of the window.

Knows nothing of HTTP: `web/errors.py` holds the one table that does.
"""

from collections.abc import Mapping
from typing import ClassVar

from app.kernel.messages import mark


class DomainError(Exception):
    """A refusal a person can read and act on.

    `code` is stable and machine-readable. `msgid` is the English sentence for
    the screen, marked for translation; `params` fill its `%(name)s` places and
    never hold personal data, because messages are logged.
    """

    code: ClassVar[str] = "domain"

    def __init__(self, msgid: str, /, **params: object) -> None:
        self.msgid = msgid
        self.params = params
        super().__init__(msgid % params if params else msgid)


class NotFoundError(DomainError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "not_found"


class ForbiddenError(DomainError):
    """The actor can see the thing but may not do this to it."""

    code = "forbidden"


class ConflictError(DomainError):
    """The thing has moved on since the actor looked at it.

    `stored` is what is saved now, by label (a msgid), to be shown beside what
    was typed; `fresh` are the hidden values (the version) with which the typed
    text may be sent again on purpose.
    """

    code = "conflict"

    def __init__(
        self,
        msgid: str,
        /,
        *,
        stored: Mapping[str, str] | None = None,
        fresh: Mapping[str, str] | None = None,
        **params: object,
    ) -> None:
        self.stored = dict(stored or {})
        self.fresh = dict(fresh or {})
        super().__init__(msgid, **params)


class UnavailableError(DomainError):
    """Something the work needs is not there just now; trying again may help."""

    code = "unavailable"


class InvalidError(DomainError):
    """What was typed cannot be accepted; `fields` says which sentence belongs to which field."""

    code = "invalid"

    def __init__(
        self, msgid: str = "", /, *, fields: Mapping[str, str] | None = None, **params: object
    ) -> None:
        self.fields = dict(fields or {})
        super().__init__(msgid or mark("Please check what you entered."), **params)

    @property
    def said(self) -> dict[str, str]:
        """The sentences by field; the whole one under no field where none has its own."""
        return self.fields or {"": self.msgid}
