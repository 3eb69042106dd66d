"""What the demo city shows of data quality."""

import pytest
from sqlalchemy import func, select

from app.citizens.models import CitizenMerge, DuplicateCandidate, QualityIssue
from app.citizens.rules.quality import CandidateState, IssueKind
from app.citizens.service import quality
from tests.demo.conftest import Db


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("monday")
def test_people_stand_there_twice_and_a_merge_was_made_and_one_undone(db: Db) -> None:
    with db() as session:
        states = set(session.scalars(select(DuplicateCandidate.state)))
        merges = session.scalars(select(CitizenMerge).order_by(CitizenMerge.id)).all()
        kinds = set(session.scalars(select(QualityIssue.kind)))
        counted = quality.counted(session)
        issues = session.scalar(select(func.count()).select_from(QualityIssue))

    assert states == set(CandidateState)
    assert [merge.undone_at is None for merge in merges] == [True, False]
    assert {IssueKind.STALE_CONTACT, IssueKind.FAILED_CONTACT} <= kinds
    assert sum(figure for kind, (figure, _) in counted.items() if kind != "duplicates") == issues
