"""Pages of releasing a repair to the public: preview, hidden parts of photos, taking it back."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.models import Attachment, Case
from app.cases.queries import get_by_number
from app.desk import releasing
from app.desk.releasing import ALT, ReleaseForm, boxes_of
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.files import FileStore, store_in
from app.kernel.messages import mark
from app.publishing import service
from app.publishing.rules import Box, read_boxes
from app.publishing.service import Photo, Release
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other
from app.web.uploads.hiding import hide, keep_hidden

router = APIRouter(prefix="/cases")

_PREVIEW: Final = "preview"
_PRIVATE: Final = {"Cache-Control": "no-store"}


@router.get("/{number}/publish")
def ask(request: Request, visit: VisitDep, number: str) -> Response:
    """What would be released, with what is proposed."""
    with visit.reading() as work:
        page = releasing.page_of(work.session, _case(work, number))
    return render(request, "cases/publish", page)


@router.post("/{number}/publish")
def release(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Show what the public would read, or release it."""
    parsed = parse(ReleaseForm, form)
    with visit.reading() as work:
        files = releasing.photos_of(work.session, _case(work, number))
    boxes, wrong = boxes_of(form.values, files)
    errors = parsed.errors | wrong
    if parsed.value is None or errors or parsed.value.do == _PREVIEW:
        return _again(request, visit, number, form, errors)
    # Pictures are drawn outside the transaction: it would keep everybody waiting.
    photos = _drawn(visit, form, files, boxes)
    try:
        with visit.writing() as work:
            what = _release_of(parsed.value, photos)
            service.release(work.session, _case(work, number), what, actor=work.actor, now=work.now)
    except InvalidError as refusal:
        return _again(request, visit, number, form, refusal.fields or {"": refusal.msgid})
    return see_other(f"/cases/{number}")


@router.post("/{number}/publish/revoke")
def revoke(visit: VisitDep, number: str, _form: FormDep) -> Response:
    """Take it from the public at once."""
    with visit.writing() as work:
        service.revoke(work.session, _case(work, number), actor=work.actor, now=work.now)
    return see_other(f"/cases/{number}/publish")


@router.get("/{number}/publish/photos/{file_id}")
def photo(visit: VisitDep, number: str, file_id: int, boxes: str = "") -> Response:
    """One photo with the parts hidden that are asked for; kept nowhere.

    Raises:
        NotFoundError: the matter has no such photo.
        InvalidError: the parts are not told as they should be.
    """
    parts = read_boxes(boxes)
    with visit.reading() as work:
        files = releasing.photos_of(work.session, _case(work, number))
    file = next((each for each in files if each.id == file_id), None)
    if file is None:
        raise NotFoundError(mark("There is no such file."))
    picture = hide(_store(visit).read(file.sha256), map(_part, parts))
    return Response(picture, headers=_PRIVATE, media_type="image/jpeg")


def _case(work: Work, number: str) -> Case:
    work.actor.require(Permission.REPAIR_PUBLISH)
    return get_by_number(work.session, number, work.actor)


def _again(
    request: Request, visit: VisitDep, number: str, form: RawForm, errors: dict[str, str]
) -> Response:
    with visit.reading() as work:
        case = _case(work, number)
        page = releasing.page_of(work.session, case, form.values, errors, is_preview=not errors)
    return render(request, "cases/publish", page, status=422 if errors else 200)


def _drawn(
    visit: VisitDep,
    form: RawForm,
    files: list[Attachment],
    boxes: dict[int, tuple[Box, ...]],
) -> tuple[Photo, ...]:
    store = _store(visit)
    return tuple(
        Photo(
            file.id,
            keep_hidden(store, file.sha256, map(_part, boxes[file.id])),
            form.text(f"{ALT}{file.id}"),
            boxes[file.id],
        )
        for file in files
        if file.id in boxes
    )


def _release_of(typed: ReleaseForm, photos: tuple[Photo, ...]) -> Release:
    return Release(
        title=typed.title,
        words=typed.words,
        place=typed.place,
        answer=typed.answer,
        is_coarse=typed.coarse,
        photos=photos,
        version=typed.version,
    )


def _part(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.width, box.height


def _store(visit: VisitDep) -> FileStore:
    return store_in(visit.edge.settings.data_dir)
