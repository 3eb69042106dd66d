"""What a step's form names must exist and be open to choice: an id in a form is only a claim.

Each refusal is a sentence beside its field; rights to the case itself are checked before.
"""

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Actor
from app.cases.models import Case, CaseAccused
from app.cases.queries import get_by_number
from app.cases.queries.sparing import kept_from
from app.cases.rules import MISSING, Field
from app.catalogue import queries as catalogue
from app.catalogue.rules import CategoryEntry
from app.departments import queries as departments
from app.departments.rules import UnitKind, is_within, may_lead
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark


def category(session: Session, category_id: int) -> CategoryEntry:
    """The category chosen.

    Raises:
        InvalidError: there is none with this id.
    """
    try:
        return catalogue.get_category(session, category_id)
    except NotFoundError as error:
        raise _wrong(Field.CATEGORY, MISSING[Field.CATEGORY]) from error


def unit(session: Session, unit_id: int, field: Field) -> int:
    """The id of the unit chosen.

    Raises:
        InvalidError: there is none, it has been closed, or it is a crew.
    """
    try:
        chosen = departments.get_unit(session, unit_id)
    except NotFoundError as error:
        raise _wrong(field, MISSING[field]) from error
    if not chosen.is_active or chosen.ending_since is not None:
        raise _wrong(field, mark("This unit is closed. Choose the one that took its place."))
    if not may_lead(chosen.kind):
        raise _wrong(field, mark("A crew gets its work from its unit. Choose that unit."))
    return chosen.id


def crew(session: Session, case: Case, crew_id: int, field: Field) -> int:
    """The id of the crew chosen, which works for the unit that has the repair.

    Raises:
        InvalidError: there is none, it is closed, or it belongs to another unit.
    """
    try:
        chosen = departments.get_unit(session, crew_id)
    except NotFoundError as error:
        raise _wrong(field, MISSING[field]) from error
    if chosen.kind is not UnitKind.CREW or not chosen.is_active:
        raise _wrong(field, MISSING[field])
    if not is_within(chosen.path, departments.view_of(session, case.unit_id).path):
        raise _wrong(field, mark("This crew belongs to another unit. Dispatch it there first."))
    return chosen.id


def spared_unit(session: Session, case: Case, unit_id: int, field: Field) -> int:
    """The id of the unit chosen, which must not be, or stand under, the one the matter is about.

    Raises:
        InvalidError: as `unit`; or the matter is about it (rulebook §2.3.6).
    """
    chosen = unit(session, unit_id, field)
    accused = session.get(CaseAccused, case.id)
    if accused is not None:
        above = departments.view_of(session, accused.unit_id).path
        if is_within(departments.view_of(session, chosen).path, above):
            raise _wrong(field, mark("The matter is about this unit or the one it stands under."))
    return chosen


def accused(session: Session, unit_id: int | None, account: str) -> tuple[int, int | None] | None:
    """The unit a complaint is about, and the person if one was named; None where nobody is.

    Raises:
        InvalidError: there is no such unit or person; or it is the topmost unit, which nobody
            here could look into.
    """
    found = accounts.find_by_username(session, account) if account else None
    if account and found is None:
        raise _wrong(Field.ACCUSED_STAFF, mark("Nobody here has this account."))
    unit_id = unit_id or (found.unit_id if found else None)
    if unit_id is None:
        return None
    about = unit(session, unit_id, Field.ACCUSED_UNIT)
    if departments.view_of(session, about).parent_id is None:
        raise _wrong(
            Field.ACCUSED_UNIT,
            mark("Nobody here stands above this unit. Refer the matter to whoever does."),
        )
    return about, found.id if found else None


def handler(session: Session, case: Case, staff_id: int) -> None:
    """Refuse to hand a case to somebody outside the unit that has it, or whom it is kept from.

    Raises:
        InvalidError: nobody active of that unit has this id, or they must not see the case: it
            is about them or their unit, or they stepped back (rulebook §2.3.6).
    """
    if staff_id in kept_from(session, [case.id], [staff_id]).get(case.id, ()):
        raise _wrong(Field.HANDLER, mark("This person must not see the matter. Choose another."))
    if str(staff_id) not in dict(accounts.list_handlers(session, case.unit_id)):
        raise _wrong(Field.HANDLER, mark("Choose somebody who works in the unit that has it."))


def region(session: Session, case: Case, code: str) -> str:
    """The region chosen; the case's own where none was.

    Raises:
        InvalidError: there is no such district or street.
    """
    if code in ("", case.region_code):
        return case.region_code
    if code not in dict(departments.list_regions(session)):
        raise _wrong(Field.REGION, MISSING[Field.REGION])
    return code


def master(session: Session, number: str, actor: Actor) -> Case:
    """The leading matter named; whether it can lead is for `rules.joining`.

    Raises:
        InvalidError: the actor knows of none with this number.
    """
    try:
        return get_by_number(session, number, actor)
    except NotFoundError as error:
        raise _wrong(
            Field.MASTER, mark("There is no such matter. Check the number for typing errors.")
        ) from error


def _wrong(field: Field, sentence: str) -> InvalidError:
    return InvalidError(fields={field: sentence})
