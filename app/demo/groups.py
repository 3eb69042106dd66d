"""What makes people of the demo city worth grouping: ages, languages, streets; saved segments.

Also two ways in to a page of one's own: one person with a number, one family with one number.
"""

from datetime import datetime
from random import Random
from typing import Final

from sqlalchemy import insert, update

from app.accounts.rules import Role
from app.cases.kinds import Channel
from app.cases.rules import CITIZEN
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.citizens.models import Citizen, Contact, Mark
from app.citizens.rules import ContactKind, MarkKind
from app.citizens.service import Person
from app.demo import queries
from app.demo.texts import Spot
from app.demo.town import Town
from app.segments import service as segments
from app.segments.queries.conditions import Reader
from app.segments.rules import Condition, Match, Rule, UseKind, What

# Shown on the sign-in page of the demo city.
ALONE: Final = "17900009990"
FAMILY: Final = "17900009999"
FAMILY_NAMES: Final = ("演示奶奶", "演示小朋")
OWN: Final = (  # name, telephone, words: matters on top of those the year plans
    ("演示先生", ALONE, "小区门口的路灯连着几晚不亮，进出看不清路，请安排检修。"),
    ("演示先生", ALONE, "想问一下老年优待证怎么办，要带什么材料。"),
    (FAMILY_NAMES[0], FAMILY, "楼下早市占了盲道，走路要绕到车行道上，请管一管。"),
    (FAMILY_NAMES[1], FAMILY, "学校旁边的减速带松了，车一过就响，请修一下。"),
)
_LANGUAGES: Final = ("zh-HK", "en", "bo", "sign")
_SEGMENTS: Final = (
    (
        "老年人，两件以上在办",
        Rule((Condition(What.MARK, value="senior"), Condition(What.OPEN, least=2))),
        "逐一核对办理进度",
    ),
    ("三个月内给过差评", Rule((Condition(What.RATED_BADLY, days=90),)), "差评回访与整改"),
    (
        "残疾或需要手语",
        Rule(
            (Condition(What.MARK, value="disabled"), Condition(What.LANGUAGE, value="sign")),
            Match.ANY,
        ),
        "",
    ),
    (
        "有超期事项或一个月来三次以上",
        Rule(
            (Condition(What.OVERDUE, least=1), Condition(What.MATTERS, least=3, days=30)),
            Match.ANY,
        ),
        "",
    ),
)


def gather(town: Town, *, now: datetime, dice: Random) -> None:
    """Give the people of the city years of birth and the rest, then save segments and use two."""
    town.now = now
    _describe(town, now=now, dice=dice)
    _own_pages(town, dice)
    _save(town, now=now)


def _describe(town: Town, *, now: datetime, dice: Random) -> None:
    ids = queries.citizen_ids(town.session)
    connection = town.session.connection()
    year = now.year
    table = Citizen.metadata.tables[Citizen.__tablename__]
    for citizen_id in ids:
        values: dict[str, object] = {"birth_year": year - round(dice.triangular(19, 92, 45))}
        if dice.random() < 0.04:  # noqa: PLR2004  # a story
            values["language"] = dice.choice(_LANGUAGES)
        if dice.random() < 0.02:  # noqa: PLR2004  # a story
            values["do_not_contact"] = True
        connection.execute(update(table).where(table.c.id == citizen_id).values(values))
    marked = dice.sample(ids, k=len(ids) // 25)
    rows = [
        {"citizen_id": one, "kind": MarkKind.DISABLED, "basis": "残疾证", "created_at": now}
        for one in marked
    ]
    if rows:
        connection.execute(insert(Mark.metadata.tables[Mark.__tablename__]), rows)
    _settle(town, dice)


def _settle(town: Town, dice: Random) -> None:
    """The streets of the addresses they gave; most numbers are proved."""
    contacts = Contact.metadata.tables[Contact.__tablename__]
    connection = town.session.connection()
    is_address = contacts.c.kind == ContactKind.ADDRESS
    for contact_id in queries.address_ids(town.session):
        code = dice.choice(town.texts.spots).region_code
        connection.execute(
            update(contacts).where(contacts.c.id == contact_id).values(region_code=code)
        )
    connection.execute(update(contacts).where(~is_address).values(verified_at=town.now))


def _own_pages(town: Town, dice: Random) -> None:
    category = next(
        entry.id
        for group in catalogue.list_categories(town.session, portal_only=True)
        for entry in catalogue.list_categories(town.session, parent_id=group.id, portal_only=True)
    )
    for name, phone, words in OWN:
        spot: Spot = dice.choice(town.texts.spots)
        town.open(
            NewCase(
                body=words,
                channel=Channel.PORTAL,
                category_id=category,
                place=spot.name,
                region_code=spot.region_code,
                person=Person(name=name, phone=phone),
            ),
            CITIZEN,
        )
    contacts = Contact.metadata.tables[Contact.__tablename__]
    proved = queries.people_with(town.session, (ALONE, FAMILY))
    town.session.connection().execute(
        update(contacts).where(contacts.c.citizen_id.in_(proved)).values(verified_at=town.now)
    )


def _save(town: Town, *, now: datetime) -> None:
    supervisor = town.staffing.by_role[Role.SUPERVISOR][0]
    reader = Reader(supervisor, now, town.hours.local(now).date())
    for name, rule, purpose in _SEGMENTS:
        kept = segments.create(town.session, supervisor, name, rule, now=now)
        if purpose:
            segments.use(town.session, reader, kept.id, UseKind.LIST, purpose)
