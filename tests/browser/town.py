"""A small founded city behind a real server, and the means to let its staff act behind the scenes.

The server is the installed command in a process of its own; this process reaches the same
database through the same services, with the same keys.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy.orm import Session

from app import wiring
from app.accounts.rules import Actor, Role
from app.cases import service as cases
from app.cases.kinds import Action, CallbackResult, Channel, DeclineReason, Outcome
from app.cases.models import Case
from app.cases.queries import get_by_token, public_token, query_code
from app.cases.rules import CITIZEN, Facts, StepInput
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.catalogue.rules import Urgency
from app.citizens.service import Person
from app.demo import crews, founding
from app.demo.people import Staffing, hire
from app.demo.year import silent
from app.kernel import events
from app.kernel.vault import vault_of
from app.knowledge import service as knowledge
from app.main import make_edge
from app.settings import Settings
from app.sla import service as sla
from app.web.deps import Edge

LAMPS_OUT = "样板路 12 号门口的路灯连续三晚不亮，老人出门看不清，请尽快派人来修。"
PHONE = "17900000001"
LIGHTING, PARKS = "0103", "0104"
DISTRICT = "990101"
_STARTS_WITHIN = 60.0
_SERVE = "from app.cli import main; main()"


@dataclass(frozen=True)
class Matter:
    """A matter as its citizen and the desk know it."""

    number: str
    token: str
    code: str

    @property
    def desk(self) -> str:
        return f"/cases/{self.number}"

    @property
    def own(self) -> str:
        return f"/c/{self.token}"


@dataclass(frozen=True)
class Town:
    """The address of the server, and the hands of everybody who works behind it."""

    url: str
    edge: Edge
    staffing: Staffing
    categories: dict[str, int]
    known: dict[str, Matter] = field(default_factory=dict)

    def actor(self, role: Role) -> Actor:
        """The demo account of this role."""
        return self.staffing.by_role[role][0]

    def opened(self, *, ago: timedelta = timedelta(), **given: object) -> Matter:
        """A citizen's matter, opened some time ago; keyword arguments are those of `NewCase`."""
        asked: dict[str, object] = {
            "body": LAMPS_OUT,
            "channel": Channel.PORTAL,
            "category_id": self.categories[LIGHTING],
            "region_code": DISTRICT,
            "place": "样板路 12 号",
            "person": Person(name="测试甲", phone=PHONE),
            **given,
        }
        new = NewCase(**asked)  # type: ignore[arg-type]  # keywords are checked by NewCase itself
        with self.writing() as session:
            case = cases.open_case(session, new, doer=CITIZEN, now=self.edge.now() - ago)
            vault = vault_of(session)
            return Matter(case.number, public_token(vault, case), query_code(vault, case))

    def step(
        self,
        matter: Matter,
        action: Action,
        role: Role,
        *,
        text: str = "",
        note: str = "",
        ago: timedelta = timedelta(),
        **facts: object,
    ) -> None:
        """One step by the demo account of this role."""
        known = Facts(**facts)  # type: ignore[arg-type]  # keywords are checked by Facts itself
        with self.writing() as session:
            case = _case(session, matter)
            given = StepInput(action, case.version, note=note, text=text, facts=known)
            cases.take_step_as_staff(
                session, case.id, given, actor=self.actor(role), now=self.edge.now() - ago
            )

    def to_accepted(self, matter: Matter, *, ago: timedelta = timedelta()) -> None:
        category = self.categories[LIGHTING]
        self.step(matter, Action.ACCEPT, Role.CLERK, category_id=category, ago=ago)

    def to_dispatched(self, matter: Matter, *, ago: timedelta = timedelta()) -> None:
        self.to_accepted(matter, ago=ago)
        unit = self.staffing.units["LIGHT"]
        self.step(matter, Action.DISPATCH, Role.DISPATCHER, unit_id=unit, ago=ago)

    def to_handling(self, matter: Matter, *, ago: timedelta = timedelta()) -> None:
        self.to_dispatched(matter, ago=ago)
        self.step(matter, Action.SIGN, Role.HANDLER, ago=ago)

    def to_question(self, matter: Matter) -> None:
        self.to_handling(matter)
        asked = "请问是几号楼门口的灯？"
        self.step(matter, Action.ASK_CITIZEN, Role.HANDLER, text=asked)

    def to_replied(self, matter: Matter) -> None:
        self.to_handling(matter)
        self.reply(matter)

    def reply(self, matter: Matter) -> None:
        """From handling to replied."""
        text = "路灯线路已经修好，今晚恢复照明。"
        self.step(matter, Action.REPLY, Role.HANDLER, text=text, outcome=Outcome.RESOLVED)

    def finish(self, matter: Matter) -> None:
        """From handling to closed."""
        self.reply(matter)
        self.close(matter)

    def to_closed(self, matter: Matter) -> None:
        self.to_replied(matter)
        self.close(matter)

    def to_calling(self, matter: Matter) -> None:
        """As far as the call-back."""
        self.to_replied(matter)
        self.step(matter, Action.APPROVE_REPLY, Role.REVIEWER)

    def close(self, matter: Matter) -> None:
        """From replied to closed, with the citizen content."""
        solved = CallbackResult.SOLVED
        self.step(matter, Action.APPROVE_REPLY, Role.REVIEWER)
        self.step(matter, Action.CLOSE, Role.REVIEWER, callback_result=solved)

    def to_declined(self, matter: Matter) -> None:
        why = DeclineReason.OUTSIDE_DUTIES
        text = "这件事由物业服务企业负责，请与物业联系；物业不办理的，再来找我们。"
        self.step(matter, Action.DECLINE, Role.CLERK, text=text, decline_reason=why)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction behind the scenes, with nothing told to the outside."""
        # Other tests of this process may have wired other listeners.
        events.wire(silent(wiring.SUBSCRIBERS))
        with self.edge.writing() as session:
            yield session


def _case(session: Session, matter: Matter) -> Case:
    return get_by_token(session, matter.token)


@contextmanager
def a_town(folder: Path) -> Iterator[Town]:
    """Found a city in this folder, whose database must exist, and serve it."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    settings = Settings(
        data_dir=folder,
        base_url=url,
        demo=True,
        pow_threshold=1000,
        delay_seconds=0,  # no test waits for a clock
        staff_idle_minutes=240,
    )
    edge = make_edge(settings)
    events.wire(silent(wiring.SUBSCRIBERS))
    now = edge.now()
    with edge.writing() as session:
        since = (now - timedelta(days=366)).date()
        founding.found_city(session, now=now, since=since, zone=settings.zone)
        knowledge.seed(session, today=now.date(), now=now)
        crews.found(session, now=now)
        staffing = hire(session)
        categories = {
            entry.code: entry.id
            for code in (LIGHTING, PARKS)
            for entry in catalogue.find_categories(session, code)
        }
    town = Town(url, edge, staffing, categories)
    _people_it(town, now)
    with _served(settings, port):
        yield town
    edge.engine.dispose()


def _people_it(town: Town, now: datetime) -> None:
    """One matter in each state a page shows differently, and enough for a full list."""
    for name, to in {
        "submitted": None,
        "dispatched": town.to_dispatched,
        "handling": town.to_handling,
        "question": town.to_question,
        "replied": town.to_replied,
        "calling": town.to_calling,
        "closed": town.to_closed,
        "rateable": town.to_closed,
        "declined": town.to_declined,
    }.items():
        town.known[name] = matter = town.opened()
        if to:
            to(matter)
    urgent = town.opened(urgency=Urgency.URGENT, body="路口信号灯杆倾斜，随时可能倒下伤人。")
    town.known["urgent"] = urgent
    long = "".join(f"第{n}段：{LAMPS_OUT}" for n in range(1, 60))
    town.known["long"] = town.opened(body=f"{long}https://example.invalid/{'a' * 200}")
    for days in range(1, 33):
        late = timedelta(days=days)
        matter = town.opened(ago=late, body=f"公园里第 {days} 盏灯不亮，晚上走路害怕。")
        if days % 2:
            town.to_handling(matter, ago=late)
    with town.edge.writing() as session:
        sla.sweep_breaches(session, now=now)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _served(settings: Settings, port: int) -> Iterator[None]:
    configured = {
        "CIVICWINDOW_DATA_DIR": str(settings.data_dir),
        "CIVICWINDOW_BASE_URL": settings.base_url,
        "CIVICWINDOW_DEMO": "true",
        "CIVICWINDOW_POW_THRESHOLD": str(settings.pow_threshold),
        "CIVICWINDOW_DELAY_SECONDS": str(settings.delay_seconds),
        "CIVICWINDOW_STAFF_IDLE_MINUTES": str(settings.staff_idle_minutes),
        "CIVICWINDOW_LOG_LEVEL": "error",
    }
    command: Sequence[str] = (sys.executable, "-c", _SERVE, "serve", "--port", str(port))
    log = settings.data_dir / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, env={**os.environ, **configured}, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"{settings.base_url}/healthz", server, log)
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    pause = Event()
    for _ in range(int(_STARTS_WITHIN / 0.1)):
        if server.poll() is not None:
            break
        try:
            with urlopen(url, timeout=5):  # noqa: S310  # our own loopback address
                return
        except (URLError, TimeoutError):
            pause.wait(0.1)
    msg = f"the server did not start: {log.read_text()[-2000:]}"
    raise RuntimeError(msg)
