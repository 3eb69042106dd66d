"""Makes the alerts of the directory ready to print, for the dispatcher and for who mends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.dispatching import queries
from app.dispatching.rules import Fault
from app.kernel.messages import mark

FAULTS: Final[Mapping[Fault, str]] = {
    Fault.CLOSED_UNIT: mark("A line points at %(unit)s, which is closed or being closed."),
    Fault.NOWHERE: mark("Nobody is named for %(category)s in %(region)s."),
}


@dataclass(frozen=True, slots=True)
class AlertView:
    """One place where the directory needs mending."""

    msgid: str
    params: Mapping[str, object]
    since: datetime
    met: int
    href: str


def alert_views(session: Session, *, language: str, may_mend: bool) -> list[AlertView]:
    """What the directory cannot answer now; with a way to the line for whoever may mend it."""
    home = "/admin/catalogue/directory"
    return [
        AlertView(
            msgid=FAULTS[alert.fault],
            params={
                "unit": (language == "en" and alert.unit_name_en) or alert.unit_name,
                "category": (language == "en" and alert.category_en) or alert.category,
                "region": departments.region_name(session, alert.region_code),
            },
            since=alert.raised_at,
            met=alert.met,
            href=_mending(home, alert.rule_id) if may_mend else "",
        )
        for alert in queries.open_alerts(session)
    ]


def _mending(home: str, rule_id: int | None) -> str:
    return f"{home}/{rule_id}" if rule_id is not None else f"{home}/new"
