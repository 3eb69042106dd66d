"""The editors of a draft's questions and materials: one at a time, without a script.

Both work alike: a list with its order, and a form for one of them; nought is a new one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.admin.items.common import (
    HOME,
    Words,
    draft_of,
    saved,
    show_version,
    with_rows,
)
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.service_items import labels
from app.service_items.rules import NO, YES, Content, Material, Option, Question
from app.service_items.rules.written import (
    Reader,
    condition_text,
    material_row,
    plain,
    question_row,
    read_material,
    read_question,
)
from app.service_items.service import Part
from app.web.forms import FormDep, RawForm
from app.web.templating import see_other
from app.web.uploads import StoredUpload, take_files

router = APIRouter(prefix=f"{HOME}/v")

Piece = Material | Question


class Which(StrEnum):
    """Which of the two editors."""

    MATERIALS = "materials"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True)
class Editor:
    """What tells the two editors apart."""

    part: Part
    read: Callable[[Reader], Piece]
    row: Callable[[Any], dict[str, object]]
    first: str  # short names given by the house begin with it
    blank: Mapping[str, str]


EDITORS: Final[Mapping[Which, Editor]] = {
    Which.MATERIALS: Editor(
        Part.MATERIALS, read_material, material_row, "m", {"copies": "1", "form": "original"}
    ),
    Which.QUESTIONS: Editor(Part.QUESTIONS, read_question, question_row, "q", {"is_required": YES}),
}


@router.get("/{version_id}/{which}")
def show_parts(request: Request, visit: VisitDep, version_id: int, which: Which) -> Response:
    """All materials or questions of a draft in their order."""
    with visit.reading() as work:
        version = draft_of(work, version_id)
    rows = [
        {
            "number": number,
            "row": EDITORS[which].row(piece),
            "condition": condition_text(piece.condition),
        }
        for number, piece in enumerate(_pieces(version.content, which), start=1)
    ]
    context = {"rows": rows, "errors": {}, **_words()}
    return show_version(request, work.actor, version, f"admin/item_{which}", context)


@router.get("/{version_id}/{which}/{number}")
def show_part(
    request: Request, visit: VisitDep, version_id: int, which: Which, number: int
) -> Response:
    """One of them to be changed, or a new one."""
    return _form(request, visit, version_id, which, number, None, {})


@router.post("/{version_id}/{which}/{number}")
def save_part(
    request: Request, visit: VisitDep, version_id: int, which: Which, number: int, form: FormDep
) -> Response:
    """Save one of them; a new one goes to the end."""
    editor = EDITORS[which]
    try:
        example = _example(request, form)
    except InvalidError as refused:
        return _form(request, visit, version_id, which, number, form, refused.fields)

    def change(content: Content) -> tuple[Content, Words]:
        pieces = list(_pieces(content, which))
        reader = Reader(_cells(form, which))
        piece = _named(editor, editor.read(reader), [one.key for one in pieces])
        before = pieces[number - 1] if 0 < number <= len(pieces) else None
        piece = _with_example(piece, before, example, is_gone=form.text("no_file") == YES)
        if "+" in form.text("condition"):
            reader.errors["condition"] = mark("Choose answers of one question only.")
        if number:
            pieces[number - 1 : number] = [piece]
        else:
            pieces.append(piece)
        return with_rows(content, editor.part, tuple(pieces)), reader.errors

    errors = saved(visit, version_id, form, editor.part, change)
    if errors:
        own = f"{which}.{number or _last(visit, version_id, which) + 1}."
        told = {name.removeprefix(own): text for name, text in errors.items()}
        return _form(request, visit, version_id, which, number, form, told)
    return see_other(f"{HOME}/v/{version_id}/{which}")


@router.post("/{version_id}/{which}/{number}/move")
def move_part(
    request: Request, visit: VisitDep, version_id: int, which: Which, number: int, form: FormDep
) -> Response:
    """Move one of them up or down, or take it away."""

    def change(content: Content) -> tuple[Content, Words]:
        pieces = list(_pieces(content, which))
        moved = pieces[number - 1 : number]
        pieces[number - 1 : number] = []
        place = {"up": max(number - 2, 0), "down": number}.get(form.text("to"))
        if place is not None:
            pieces[place:place] = moved
        return with_rows(content, EDITORS[which].part, tuple(pieces)), {}

    errors = saved(visit, version_id, form, EDITORS[which].part, change)
    if errors:
        return _form(request, visit, version_id, which, number, None, errors)
    return see_other(f"{HOME}/v/{version_id}/{which}")


def _example(request: Request, form: RawForm) -> StoredUpload | None:
    """The filled-in example that came with the form, checked and kept; outside a transaction."""
    chosen = form.files("file")
    if not chosen:
        return None
    return take_files(request, chosen, "file", most=1)[0]


def _with_example(
    piece: Piece, before: Piece | None, example: StoredUpload | None, *, is_gone: bool
) -> Piece:
    if isinstance(piece, Question):
        return piece
    if example is not None:
        return replace(piece, file=example.sha256, file_type=example.content_type)
    if isinstance(before, Material) and not is_gone:
        return replace(piece, file=before.file, file_type=before.file_type)
    return piece


def _form(
    request: Request,
    visit: VisitDep,
    version_id: int,
    which: Which,
    number: int,
    form: RawForm | None,
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        version = draft_of(work, version_id)
    pieces = _pieces(version.content, which)
    if number > len(pieces):
        raise NotFoundError(mark("There is no such entry."))
    values = _values(EDITORS[which], pieces[number - 1] if number else None)
    if form is not None:
        values = {**form.values, "condition": "|".join(form.lists.get("condition", []))}
    before = (number or len(pieces) + 1) - 1
    context = {
        "number": number,
        "values": values,
        "errors": errors,
        "lock": values.get("version", version.lock),
        "conditions": _conditions(version.content, which, before),
        "may_defer": version.content.may_defer,
        "example": _href(pieces[number - 1], version_id) if number else "",
        **_words(),
    }
    page = f"admin/item_{which[:-1]}"
    status = 422 if errors else 200
    return show_version(request, work.actor, version, page, context, status=status)


def _href(piece: Piece, version_id: int) -> str:
    if isinstance(piece, Material) and piece.file:
        return f"{HOME}/v/{version_id}/preview/sample/{piece.id}"
    return ""


def _pieces(content: Content, which: Which) -> Sequence[Piece]:
    return content.materials if which is Which.MATERIALS else content.questions


def _last(visit: VisitDep, version_id: int, which: Which) -> int:
    with visit.reading() as work:
        return len(_pieces(draft_of(work, version_id).content, which))


def _cells(form: RawForm, which: Which) -> dict[str, str]:
    """The form as a row: ticked answers of one question become its condition."""
    ticked = [one.partition("=") for one in form.lists.get("condition", []) if "=" in one]
    questions = {question for question, _, _ in ticked}
    condition = ""
    if len(questions) == 1:
        condition = f"{ticked[0][0]}={','.join(value for _, _, value in ticked)}"
    elif questions:
        condition = "+".join(sorted(questions))
    form.values["condition"] = condition
    flags = {"is_required": ""} if which is Which.QUESTIONS else {}
    return {**flags, **form.values}


def _named(editor: Editor, piece: Piece, taken: Sequence[str]) -> Piece:
    """With short names of the house's own where none was typed."""
    if not piece.key:
        free = (f"{editor.first}{n}" for n in count(1))
        piece = replace(piece, key=next(key for key in free if key not in taken))
    if isinstance(piece, Question):
        options = tuple(
            option if option.value else Option(f"a{n}", option.label)
            for n, option in enumerate(piece.options, start=1)
        )
        piece = replace(piece, options=options)
    return piece


def _values(editor: Editor, piece: Piece | None) -> dict[str, str]:
    if piece is None:
        return dict(editor.blank)
    values = {name: plain(value) for name, value in editor.row(piece).items()}
    condition = piece.condition
    pairs = [f"{condition.question}={value}" for value in condition.values] if condition else []
    return {**values, "condition": "|".join(pairs)}


def _conditions(
    content: Content, which: Which, before: int
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The answers a piece can depend on, by question: those of closed questions before it."""
    known = content.questions if which is Which.MATERIALS else content.questions[:before]
    yes_no = [(YES, mark("Yes")), (NO, mark("No"))]
    return [
        (
            question.label.zh,
            [
                (f"{question.key}={value}", label)
                for value, label in (
                    [(one.value, one.label.zh) for one in question.options] or yes_no
                )
            ],
        )
        for question in known
        if question.type.is_closed
    ]


def _words() -> dict[str, list[tuple[str, str]]]:
    return {
        "sources": [(str(word), label) for word, label in labels.SOURCES.items()],
        "forms_of": [(str(word), label) for word, label in labels.PAPER_FORMS.items()],
        "types": [(str(word), label) for word, label in labels.FIELD_TYPES.items()],
    }
