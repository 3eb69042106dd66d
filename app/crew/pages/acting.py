"""Takes what is done at the spot: from a plain form, or from a phone that kept it for a while.

Sent twice it counts once. What cannot be taken any more is said, and kept with the matter.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.accounts.deps import VisitDep, Work
from app.cases.rules.repairing import STAGE_OF, PhotoStage
from app.crew import photos, queries
from app.crew.forms import ActForm
from app.crew.pages import card
from app.crew.rules import claimed_instant, claimed_position
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.repairs.rules import Answer, FieldAction, Kept
from app.repairs.service import act as take
from app.web import i18n
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import see_other
from app.web.ui import zone_of

router = APIRouter(prefix="/crew")

_CONFLICT: Final = 409


@router.post("/{number}/act")
def act(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Do one thing at the spot.

    Raises:
        NotFoundError: no such matter, or it never was this crew's.
        ConflictError: not possible any more; what was sent is kept with the matter.
    """
    parsed = parse(ActForm, form)
    errors = parsed.errors if parsed.value is None else parsed.value.half_used()
    if parsed.value is None or errors:
        return _again(request, visit, number, form, errors)
    try:
        taken = photos.take(request, form)
        before = photos.take(request, form, photos.BEFORE_FIELD)
        with visit.writing() as work:
            answer = _taken(request, work, number, parsed.value, taken, before)
    except InvalidError as refusal:
        return _again(request, visit, number, form, refusal.fields or {"": refusal.msgid})
    return _told(request, number, answer)


def _taken(
    request: Request,
    work: Work,
    number: str,
    sent: ActForm,
    taken: photos.Taken,
    before: photos.Taken,
) -> Answer:
    case_id = queries.key_of(work.session, number)
    is_new = not queries.was_sent(work.session, sent.client_id)
    stage = sent.stage or STAGE_OF.get(sent.action, PhotoStage.BEFORE)
    shots = [
        (shows, key)
        for shows, some in ((PhotoStage.BEFORE, before), (stage, taken))
        for key in (photos.keep(work, case_id, some) if is_new else ())
    ]
    zone = zone_of(request.app.state.settings.zone)
    place = taken.place or before.place or claimed_position(sent.lon, sent.lat)
    answer = take(
        work.session,
        work.actor,
        FieldAction(
            client_id=sent.client_id,
            case_id=case_id,
            action=sent.action,
            version=sent.version,
            note=sent.note,
            photos=tuple(shots),
            materials=sent.used(),
            hours=sent.hours,
            cost=sent.cents,
            taken_at=taken.at or claimed_instant(sent.claimed_time, zone),
            lon=place[0] if place else None,
            lat=place[1] if place else None,
        ),
        now=work.now,
    )
    # Raised, so that the photos of what was not taken go with it; a conflict keeps them.
    if answer.kept is Kept.INVALID:
        raise InvalidError(answer.sentence, fields=answer.fields)
    if answer.kept is Kept.REFUSED:
        raise NotFoundError(answer.sentence)
    return answer


def _told(request: Request, number: str, answer: Answer) -> Response:
    if "application/json" not in request.headers.get("accept", ""):
        if not answer.is_done:
            raise ConflictError(answer.sentence)
        return see_other(f"/crew/{number}")
    told = {
        "kept": str(answer.kept),
        "sentence": i18n.gettext(answer.sentence),
        "status": str(answer.status or ""),
        "version": answer.version,
    }
    return JSONResponse(told, 200 if answer.is_done else _CONFLICT)


def _again(
    request: Request, visit: VisitDep, number: str, form: RawForm, errors: dict[str, str]
) -> Response:
    """The card with what was typed; a phone gets the sentences alone.

    Raises:
        InvalidError: for a phone.
        NotFoundError: no such card.
    """
    if "application/json" in request.headers.get("accept", ""):
        raise InvalidError(next(iter(errors.values()), ""), fields=errors)
    with visit.reading() as work:
        page = card.draw(
            request, work, number, typed=form.text("action"), values=form.values, errors=errors
        )
    return card.answer(request, page, status=422)
