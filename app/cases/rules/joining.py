"""Which matters may be joined to which (并案): one leads, the others follow, no chains.

Pure: decided from what the two matters are; who may do it is a column of the step.
"""

from dataclasses import dataclass

from app.cases.kinds import APPLYING, FINAL, Status
from app.catalogue.rules import ABOUT_SOMEBODY, CaseKind
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class Side:
    """As much of a matter as decides whether it may lead or follow; `accused` is (unit, person)."""

    id: int
    kind: CaseKind
    status: Status
    is_confidential: bool
    accused: tuple[int, int | None] | None
    master_id: int | None


def why_no_lead(follower: Side, master: Side) -> str | None:
    """Why `master` cannot lead `follower`; None where it can.

    Secrecy is kept by keeping to one level: an open matter joins open ones, a confidential
    one joins confidential ones. A complaint is only joined to a complaint about the same. An
    application has a decision of its own, which nobody else's matter can end with.
    """
    if master.id == follower.id:
        return mark("A matter cannot be joined to itself. Give the number of another one.")
    if master.master_id == follower.id:
        return mark("That matter follows this one already. It cannot lead it as well.")
    if master.status in FINAL:
        return mark("That matter has ended. Tell the citizen what came of it instead.")
    if master.status is Status.MERGED:
        return mark("That matter is itself merged. Give its leading matter.")
    if master.is_confidential != follower.is_confidential:
        return mark("One of the two is confidential. Only matters of the same secrecy are joined.")
    return _why_not_about_the_same(follower, master)


def are_of_one_sort(one: CaseKind, other: CaseKind) -> bool:
    """Whether both are about somebody, or neither is: complaints are looked into apart."""
    return (one in ABOUT_SOMEBODY) == (other in ABOUT_SOMEBODY)


def _why_not_about_the_same(follower: Side, master: Side) -> str | None:
    if master.status in APPLYING:
        return mark("An application is decided on its own. Nothing is joined to it.")
    if not are_of_one_sort(follower.kind, master.kind):
        return mark("A complaint is only joined to a complaint.")
    if follower.accused != master.accused:
        return mark("The two are about different units or people. They are looked into apart.")
    return None
