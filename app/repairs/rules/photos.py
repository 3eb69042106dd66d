"""Which photos a step of a repair needs, by its type (rulebook §5: before and after, mandatory)."""

from collections.abc import Collection

from app.cases.kinds import Action
from app.cases.rules.repairing import PhotoStage, Work
from app.kernel.messages import mark


def missing_photo(
    action: Action,
    work: Work,
    *,
    needs_before: bool,
    needs_after: bool,
    known: Collection[PhotoStage],
) -> str | None:
    """Why the step cannot be taken without one more photo; None where nothing lacks.

    `known` are the stages of which the matter has a photo of this round already.
    """
    if action is not Action.FIX:
        return None
    shown = {*known, *(stage for stage, _ in work.photos)}
    if needs_before and PhotoStage.BEFORE not in shown:
        return mark("A photo from before the work is missing. Add one.")
    if needs_after and PhotoStage.AFTER not in shown:
        return mark("A photo of the finished work is missing. Add one.")
    return None
