"""How exactly the public is told where a repair is: to a cell where it is at somebody's home.

The types say which are (`TypeView.is_home`); a person may make more things coarse, never fewer.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.publishing import queries
from app.publishing.models import Publication
from app.publishing.rules import to_cell


def place(publication: Publication, case: Case, *, is_coarse: bool) -> None:
    """Tell where the matter is, exactly or by its cell."""
    publication.is_coarse = is_coarse
    publication.lon, publication.lat = case.lon, case.lat
    if publication.is_coarse:
        _blur(publication)


def keep_coarse(session: Session, publication: Publication, case: Case) -> None:
    """Make coarse what turned out to be at somebody's home after it was released."""
    if not publication.is_coarse and queries.is_at_a_home(session, case):
        publication.is_coarse = True
        _blur(publication)


def coarsen_type(session: Session, type_id: int, category_id: int, *, now: datetime) -> None:
    """Make coarse what was released of a type before it was said to be at homes."""
    for publication in queries.exact_of_type(session, type_id, category_id):
        publication.is_coarse, publication.changed_at = True, now
        _blur(publication)
    session.flush()


def _blur(publication: Publication) -> None:
    lon, lat = publication.lon, publication.lat
    publication.lon = to_cell(lon) if lon is not None else None
    publication.lat = to_cell(lat) if lat is not None else None
