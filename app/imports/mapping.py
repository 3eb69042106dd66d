"""The mapping file: which column becomes what. `maps/README.md` describes it for people.

Checks all that can be checked without the data, so that a wrong mapping is refused at once.
"""

import codecs
import tomllib
from collections.abc import Iterable
from datetime import time
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from app.cases.kinds import FINAL, Channel, Outcome, Status
from app.catalogue.rules import CaseKind
from app.departments.rules import UnitKind, is_unit_code
from app.imports import maps
from app.imports.rules import Taking, Timing

# States another system can leave a matter in; the rest need people, approvals or questions here.
_ORDERS: Final = FINAL | {Status.SUBMITTED, Status.ACCEPTED, Status.DISPATCHED, Status.HANDLING}
_REPAIRS: Final = FINAL | {Status.REPORTED, Status.VERIFIED, Status.DISPATCHED, Status.SIGNED}
STATES: Final = _ORDERS | _REPAIRS


def states_of(kind: CaseKind) -> frozenset[Status]:
    """The states a matter of this kind can come in: those of its own table."""
    return _REPAIRS if kind is CaseKind.REPAIR else _ORDERS


AS_IT_STANDS: Final = "*"


Model = TypeVar("Model", bound=BaseModel)


class MappingError(Exception):
    """The mapping file is wrong; the message says where."""


class Part(BaseModel):
    """A piece of a mapping file; a word it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Unless(Part):
    """A condition under which the value counts as missing."""

    column: str
    is_: str = Field(alias="is")


class TextFrom(Part):
    """A constant, one column, or several columns joined; then looked up, then cut."""

    value: str = ""
    column: str = ""
    columns: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    join: str = " "
    empty: tuple[str, ...] = ()
    table: dict[str, str] = {}
    default: str | None = None
    unless: Unless | None = None
    cut: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if sum(map(bool, (self.value, self.column, self.columns))) > 1:
            msg = "give one of value, column and columns"
            raise ValueError(msg)
        return self

    def taking(self, *, lines: bool = False) -> Taking:
        """What the rules work with."""
        return Taking(
            value=self.value,
            columns=(self.column,) if self.column else self.columns,
            labels=self.labels,
            join=self.join,
            empty=frozenset(self.empty),
            table=self.table,
            default=self.default,
            unless=(self.unless.column, self.unless.is_) if self.unless else None,
            cut=self.cut,
            lines=lines,
        )

    def check_words(self, name: str, allowed: Iterable[StrEnum]) -> None:
        """Refuse words we do not have.

        Raises:
            ValueError: a constant, a table's value or the default is not one of ours.
        """
        known = {str(word) for word in allowed} | {""}
        default = "" if self.default == AS_IT_STANDS else self.default or ""
        wrong = {self.value, default, *self.table.values()} - known
        if wrong:
            msg = f"{name}: {', '.join(sorted(wrong))} is none of {', '.join(sorted(known - {''}))}"
            raise ValueError(msg)

    @property
    def needs(self) -> set[str]:
        """The columns it reads."""
        named = {self.column, *self.columns, self.unless.column if self.unless else ""}
        return named - {""}


class TimeFrom(Part):
    """A column with a time, or one with a number of days after the opening."""

    column: str = ""
    format: str = "iso"
    days_after: str = ""
    at: time | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if bool(self.column) == bool(self.days_after):
            msg = "give either column or days_after"
            raise ValueError(msg)
        return self

    def timing(self) -> Timing:
        """What the rules work with."""
        return Timing(self.column, self.format, self.days_after, self.at)


class Root(Part):
    """The unit under which units of another system are founded."""

    code: str
    name: str
    name_en: str = ""
    kind: UnitKind = UnitKind.BUREAU

    @field_validator("code")
    @classmethod
    def _is_code(cls, code: str) -> str:
        if not is_unit_code(code):
            msg = "use 2 to 32 capital letters, digits or hyphens"
            raise ValueError(msg)
        return code


class UnitFrom(TextFrom):
    """The code of the unit; with a root, units that are missing are founded under it."""

    create_under: Root | None = None
    names: dict[str, tuple[str, str]] = {}


class Clock(Part):
    """Where the resolve clock's limit comes from: our rules, the file's `due` column, nowhere."""

    limits: Literal["own", "given", "none"] = "own"
    basis: str = Field(default="", max_length=300)


class Mapping(Part):
    """A whole mapping file."""

    source: str = Field(min_length=1, max_length=40)
    about: str = ""
    id: str = Field(min_length=1)
    zone: str = "Asia/Shanghai"
    encoding: str = "auto"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    sheet: str = ""
    crs: str = Field(default="EPSG:4490", max_length=12)
    kind: TextFrom
    channel: TextFrom = TextFrom(value=str(Channel.OTHER))
    category: TextFrom = TextFrom()
    unit: UnitFrom = UnitFrom()
    title: TextFrom = TextFrom()
    body: TextFrom
    place: TextFrom = TextFrom()
    region: TextFrom = TextFrom()
    lon: TextFrom = TextFrom()
    lat: TextFrom = TextFrom()
    anonymous: TextFrom = TextFrom(value="no")
    status: TextFrom = TextFrom()
    outcome: TextFrom = TextFrom()
    reply: TextFrom = TextFrom()
    untimed_reply: Literal["refuse", "note"] = "refuse"
    opened: TimeFrom
    due: TimeFrom | None = None
    replied: TimeFrom | None = None
    closed: TimeFrom | None = None
    clock: Clock = Clock()

    @field_validator("encoding")
    @classmethod
    def _is_encoding(cls, encoding: str) -> str:
        try:
            return encoding if encoding == "auto" else codecs.lookup(encoding).name
        except LookupError:
            msg = "no such encoding"
            raise ValueError(msg) from None

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            msg = "no such time zone"
            raise ValueError(msg) from None
        return zone

    @model_validator(mode="after")
    def _words_are_ours(self) -> Self:
        self.kind.check_words("kind", CaseKind)
        self.channel.check_words("channel", Channel)
        self.status.check_words("status", STATES)
        self.outcome.check_words("outcome", Outcome)
        self.anonymous.check_words("anonymous", YesNo)
        if self.clock.limits == "given" and not (self.due and self.clock.basis):
            msg = "limits given by the file need a [due] column and a basis in words"
            raise ValueError(msg)
        return self

    @property
    def texts(self) -> dict[str, TextFrom]:
        """Every text by name."""
        parts = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: part for name, part in parts if isinstance(part, TextFrom)}

    @property
    def needs(self) -> list[str]:
        """The columns the file must have, sorted."""
        times = [part for part in (self.opened, self.due, self.replied, self.closed) if part]
        needed = {self.id} | {part.column or part.days_after for part in times}
        return sorted(needed.union(*(part.needs for part in self.texts.values())))


class YesNo(StrEnum):
    """How a mapping says whether the citizen stays unnamed."""

    YES = "yes"
    NO = "no"


def shipped() -> list[str]:
    """The names of the mappings that come with the program."""
    found = (Path(item.name) for item in files(maps).iterdir())
    return sorted(item.stem for item in found if item.suffix == ".toml")


def load_mapping(name: str) -> Mapping:
    """A mapping by its path, or a shipped one by its name.

    Raises:
        MappingError: there is none, or it is wrong; the message says where.
    """
    if name in shipped():
        content = files(maps).joinpath(f"{name}.toml").read_bytes()
    else:
        try:
            content = Path(name).read_bytes()
        except OSError as error:
            msg = f"No mapping “{name}”: {error.strerror}. Shipped are: {', '.join(shipped())}."
            raise MappingError(msg) from None
    return parse_mapping(content, name)


def parse_mapping(content: bytes, name: str) -> Mapping:
    """A mapping of matters from the bytes of its file.

    Raises:
        MappingError: it is wrong; the message says where.
    """
    return parse_as(Mapping, content, name)


def parse_as(model: type[Model], content: bytes, name: str) -> Model:
    """A mapping of any kind from the bytes of its file.

    Raises:
        MappingError: it is wrong; the message says where.
    """
    try:
        return model.model_validate(tomllib.loads(content.decode("utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{name} is no TOML file: {error}."
        raise MappingError(msg) from None
    except ValidationError as error:
        wrong = "; ".join(_said(one) for one in error.errors())
        msg = f"{name}: {wrong}."
        raise MappingError(msg) from None


def _said(error: Any) -> str:  # noqa: ANN401  # pydantic_core's own dictionary
    where = ".".join(str(part) for part in error["loc"])
    return f"{where or 'as a whole'}: {error['msg']}"
