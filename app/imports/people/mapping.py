"""Which column of a list of people becomes what; `maps/README.md` describes it for people.

A page builds the same mapping from what somebody chose beside each field.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from pydantic import Field, model_validator

from app.citizens.rules import IdentifierKind, PartyKind
from app.imports.mapping import MappingError, Part, TextFrom, parse_as
from app.imports.reading import Form
from app.imports.rules import Cells
from app.kernel.messages import mark

_LONGEST_SOURCE: Final = 40


class ListMapping(Part):
    """What every list of people needs; the fields are texts taken from columns."""

    LABELS: ClassVar[Mapping[str, str]] = {}
    # What such columns are called in lists we have seen, to offer the likeliest.
    GUESSES: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    source: str = Field(default="", max_length=_LONGEST_SOURCE)
    about: str = ""
    id: str = ""
    encoding: str = "auto"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    sheet: str = ""

    @property
    def form(self) -> Form:
        """How the file is written."""
        return Form(self.encoding, self.delimiter, self.sheet)

    @property
    def texts(self) -> dict[str, TextFrom]:
        """Every field by name."""
        parts = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: part for name, part in parts if isinstance(part, TextFrom)}

    @property
    def needs(self) -> list[str]:
        """The columns the file must have, sorted."""
        named = {self.id} if self.id else set()
        return sorted(named.union(*(part.needs for part in self.texts.values())))

    def read(self, cells: Cells) -> dict[str, str]:
        """The fields of one row.

        Raises:
            UnfitError: a table of the mapping does not know what stands in a column.
        """
        return {name: part.taking().text(cells) for name, part in self.texts.items()}

    def column_of(self, field: str) -> str:
        """Where a field stood, as the rejects file names it."""
        return "+".join(sorted(self.texts[field].needs)) if field in self.texts else ""


class CitizenMapping(ListMapping):
    """A list of citizens."""

    LABELS: ClassVar[Mapping[str, str]] = {
        "name": mark("Name"),
        "document": mark("Number of the document"),
        "phone": mark("Telephone"),
        "phone2": mark("Second telephone"),
        "email": mark("E-mail"),
        "address": mark("Address"),
        "birth_year": mark("Year of birth"),
        "kind": mark("Person or organisation"),
    }
    GUESSES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "name": ("姓名", "名称", "单位名称", "name"),
        "document": ("身份证号", "身份证号码", "证件号码", "统一社会信用代码", "document"),
        "phone": ("手机", "手机号", "手机号码", "联系电话", "电话", "phone"),
        "phone2": ("备用电话", "固定电话", "座机", "phone2"),
        "email": ("邮箱", "电子邮箱", "电子邮件", "email"),
        "address": ("地址", "住址", "联系地址", "address"),
        "birth_year": ("出生年份", "出生年", "birth_year"),
        "kind": ("类型", "kind"),
        "id": ("编号", "序号", "id"),
    }

    name: TextFrom
    kind: TextFrom = TextFrom(value=str(PartyKind.PERSON))
    document: TextFrom = TextFrom()
    document_kind: TextFrom = TextFrom()
    phone: TextFrom = TextFrom()
    phone2: TextFrom = TextFrom()
    email: TextFrom = TextFrom()
    address: TextFrom = TextFrom()
    birth_year: TextFrom = TextFrom()

    @model_validator(mode="after")
    def _words_are_ours(self) -> "CitizenMapping":
        if self.kind.value or self.kind.table:
            self.kind.check_words("kind", PartyKind)
        self.document_kind.check_words("document_kind", IdentifierKind)
        return self


class ContactsMapping(ListMapping):
    """A list of new contacts for citizens we know, by their number or by the old telephone."""

    LABELS: ClassVar[Mapping[str, str]] = {
        "number": mark("Citizen's number"),
        "old_phone": mark("Old telephone"),
        "phone": mark("New telephone"),
        "email": mark("New e-mail"),
        "address": mark("New address"),
    }
    GUESSES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "number": ("市民编号", "公民编号", "编号", "number"),
        "old_phone": ("原电话", "旧电话", "原手机", "old_phone"),
        "phone": ("新电话", "新手机", "新手机号", "phone"),
        "email": ("新邮箱", "email"),
        "address": ("新地址", "address"),
    }

    number: TextFrom = TextFrom()
    old_phone: TextFrom = TextFrom()
    phone: TextFrom = TextFrom()
    email: TextFrom = TextFrom()
    address: TextFrom = TextFrom()


M = TypeVar("M", bound=ListMapping)


def load_citizens(path: str) -> CitizenMapping:
    """A mapping for the command, which must tell rows by a key of their own.

    Raises:
        MappingError: there is none, or it is wrong; the message says where.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        msg = f"No mapping “{path}”: {error.strerror}."
        raise MappingError(msg) from None
    mapping = parse_as(CitizenMapping, content, path)
    if not (mapping.id and mapping.source):
        msg = f"{path}: id and source are needed, so that the import may be run again."
        raise MappingError(msg)
    return mapping


def from_columns(model: type[M], chosen: Mapping[str, str], *, source: str) -> M:
    """The mapping somebody chose on the page: for each field a column, or none."""
    parts: dict[str, Any] = {
        name: {"column": column} for name, column in chosen.items() if column and name != "id"
    }
    if "kind" in model.model_fields and chosen.get("kind"):
        parts["kind"]["table"] = KIND_WORDS
    return model.model_validate(parts | {"source": source, "id": chosen.get("id", "")})


def guess(model: type[ListMapping], header: list[str]) -> dict[str, str]:
    """The likeliest column for each field."""
    folded = {name.strip().casefold(): name for name in header}
    found: dict[str, str] = {}
    for field, names in model.GUESSES.items():
        column = next((folded[name] for name in names if name in folded), "")
        if column and column not in found.values():
            found[field] = column
    return found


KIND_WORDS: Final = {
    "": "person",
    "个人": "person",
    "自然人": "person",
    "person": "person",
    "单位": "organisation",
    "法人": "organisation",
    "企业": "organisation",
    "organisation": "organisation",
}
