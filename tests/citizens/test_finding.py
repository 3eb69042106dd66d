"""The one box: whoever is known is found in each way promised, and by nobody else's number."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Actor, Role
from app.citizens.models import Citizen, CitizenToken
from app.citizens.rules import CitizenState, PartyKind, number_of
from app.citizens.service import Person, finding, register, tokens
from app.citizens.service.finding import Findings
from app.kernel.audit import AuditEntry
from app.kernel.errors import ForbiddenError
from tests.citizens.people import Who, known
from tests.support.city import City, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.counting import statements_of


@pytest.fixture
def city(db: sessionmaker[Session]) -> City:
    return a_city(db)


def found(
    city: City, typed: str, *, recent: Sequence[int] = (), actor: Actor | None = None
) -> Findings:
    with city.db.begin() as session:
        return finding.find(
            session, typed, actor=actor or city[Role.CLERK], now=MONDAY_9AM, recent=recent
        )


def ids(city: City, typed: str, *, recent: Sequence[int] = ()) -> list[int]:
    return [person.id for person in found(city, typed, recent=recent).people]


def add(city: City, *people: Who) -> list[int]:
    with city.db.begin() as session:
        return [known(session, who) for who in people]


ZHANG = Who("张小红", ("17900008812",), document="990101199003070018", birth_year=1990)


@pytest.mark.parametrize(
    "typed",
    [
        "张", "张小", "张小红", "zhang", "zhangxiao", "zhangxiaohong", "zhang xiao hong", "zxh",
        "ZXH", "zx", "zhangx", "zhangxh", "zhangxiaoh", "张xh", "张xiaohong", "8812 z", "z8812",
        "8812zxh", "张8812", "张小红 8812", "zhangxiaohong 8812", "17900008812", "179 0000 8812",
        "+86 179-0000-8812", "１７９００００８８１２", "990101199003070018", "990101 19900307 0018",
        "张小红\t990101199003070018", "姓名：张小红 性别：女 民族：汉 身份证号：990101199003070018",
        "C000000001", "zhang8812", "8812 张",
    ],
)  # fmt: skip
def test_a_person_is_found_in_every_way_a_clerk_may_type(city: City, typed: str) -> None:
    [wanted, *_] = add(city, ZHANG, Who("李强", ("17900000001",)))

    assert ids(city, typed) == [wanted]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单田芳", "shantf"), ("单田芳", "dantianfang"), ("仇英", "qiuying"), ("解缙", "xj"),
        ("曾国藩", "zengguofan"), ("区寄", "ouji"), ("查良镛", "zlr"), ("欧阳修", "oyx"),
        ("欧阳修", "ouyangx"), ("尉迟恭", "yuchigong"), ("万俟卨", "moqi"), ("吕布", "lvbu"),
        ("吕布", "lubu"), ("吕布", "lübu"), ("阿卜杜拉·买买提", "阿卜杜拉买买提"),
        ("阿卜杜拉·买买提", "买买提"), ("阿卜杜拉·买买提", "maimaiti"), ("阿卜杜拉·买买提", "abdl"),
        ("John Smith", "john smith"), ("John Smith", "smith"), ("John Smith", "Smith John"),
        ("José García", "garcia"), ("𠮷田", "𠮷"), ("王", "wang"), ("张三（大）", "张三"),
    ],
)  # fmt: skip
def test_names_of_every_kind_are_found_as_they_are_read(city: City, name: str, typed: str) -> None:
    name_as_read = {"zlr": "zly"}.get(typed, typed)
    [wanted, *_] = add(city, Who(name), Who("孙七"))

    assert ids(city, name_as_read) == [wanted]


def test_a_reading_told_by_the_person_goes_before_the_dictionary(city: City) -> None:
    [wanted] = add(city, Who("翀", reading="chong"))

    assert ids(city, "chong") == [wanted]


def test_an_organisation_is_found_by_part_of_its_name_and_shown_in_full(city: City) -> None:
    name = "示例市样板物业管理有限公司"
    [wanted, _] = add(
        city,
        Who(name, kind=PartyKind.ORGANISATION),
        Who("示例市样品管理有限公司", kind=PartyKind.ORGANISATION),
    )

    answer = found(city, "样板物业")

    assert [person.id for person in answer.people] == [wanted]
    assert answer.people[0].name == name


def test_what_is_shown_of_a_person_is_masked(city: City) -> None:
    add(city, ZHANG)

    [person] = found(city, "8812z").people

    assert (person.name, person.phone, person.birth_year) == ("张*红", "179****8812", 1990)
    assert person.phone_fits


def test_a_tail_alone_finds_only_who_was_here_lately(city: City) -> None:
    [wanted, _] = add(city, ZHANG, Who("李强", ("17900018812",)))

    alone, lately = found(city, "8812"), found(city, "8812", recent=[wanted])

    assert alone.people == ()
    assert alone.needs_more == finding.TAIL_ALONE
    assert [person.id for person in lately.people] == [wanted]


def test_nobody_is_found_by_a_tail_with_somebody_elses_initial(city: City) -> None:
    add(city, ZHANG)

    assert ids(city, "8812 l") == []
    assert ids(city, "8813 z") == []
    assert ids(city, "张小明 8812") == []


def test_who_was_here_lately_comes_first_and_whole_names_before_beginnings(city: City) -> None:
    longer, whole, other, lately = add(city, Who("张伟强"), Who("张伟"), Who("张伟"), Who("张伟民"))

    order = ids(city, "张伟", recent=[lately])

    assert order == [lately, other, whole, longer]


def test_a_family_with_one_telephone_is_found_whole_and_the_name_given_first(city: City) -> None:
    mother, son = add(city, Who("王芳", ("17900002222",)), Who("王小明", ("17900002222",)))

    assert set(ids(city, "17900002222")) == {mother, son}
    assert ids(city, "17900002222 王芳")[0] == mother
    assert ids(city, "王小明 17900002222")[0] == son


def test_a_common_name_is_counted_up_to_a_limit_and_shown_in_part(city: City) -> None:
    add(city, *(Who("王伟") for _ in range(finding.CAP + 5)))

    answer = found(city, "王")

    assert answer.is_capped
    assert len(answer.people) == finding.SHOWN


def test_a_merged_person_is_found_as_the_survivor_and_an_erased_one_not_at_all(city: City) -> None:
    [survivor] = add(city, Who("赵敏"))
    [merged, _] = add(
        city,
        Who("赵慜", ("17900003333",), state=CitizenState.MERGED, merged_into_id=survivor),
        Who("钱来", state=CitizenState.ANONYMISED),
    )

    assert ids(city, "赵慜") == []
    assert ids(city, "17900003333") == [survivor]
    assert ids(city, number_of(merged)) == [survivor]
    assert ids(city, "钱来") == []


def test_a_restricted_person_is_known_by_a_whole_number_and_nothing_of_them_is_told(
    city: City,
) -> None:
    restricted = Who("周舟", ("17900004444",), birth_year=1980, state=CitizenState.RESTRICTED)
    [citizen_id] = add(city, restricted)

    for typed in ("17900004444", number_of(citizen_id)):
        [person] = found(city, typed).people
        assert person.is_restricted
        assert (person.name, person.phone, person.birth_year) == ("", "", None)


@pytest.mark.parametrize(
    "typed", ["周舟", "zhou zhou", "zz", "周", "4444 z", "4444 周舟", "4444", "00004444"]
)
def test_nobody_looks_for_a_restricted_person_by_name_or_by_a_part_of_a_number(
    city: City, typed: str
) -> None:
    restricted = Who("周舟", ("17900004444",), birth_year=1980, state=CitizenState.RESTRICTED)
    [citizen_id] = add(city, restricted)

    answer = found(city, typed, recent=[citizen_id])

    assert (answer.people, answer.total) == ((), 0)


def test_every_search_by_a_telephone_leaves_a_line_without_the_number(city: City) -> None:
    add(city, ZHANG)

    for typed in ("8812", "8812 z", "17900008812", "张小红"):
        found(city, typed)

    with city.db() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    logged = [line for line in lines if line.action.startswith("citizen:find")]
    assert [line.action.rpartition("_")[2] for line in logged] == ["tail", "tail", "number"]
    assert all("8812" not in str((line.details, line.reason)) for line in logged)


def test_who_may_not_see_citizens_finds_nobody(city: City) -> None:
    with pytest.raises(ForbiddenError):
        found(city, "张", actor=city[Role.HANDLER])


def test_what_nobody_could_be_found_by_asks_for_more(city: City) -> None:
    assert [found(city, typed).needs_more for typed in ("", "12", "😀", " · ")] == (
        [finding.TOO_LITTLE] * 4
    )


def test_whoever_was_just_registered_is_found_at_once(city: City) -> None:
    with city.db.begin() as session:
        wanted = register(session, Person(name="郑和", phone="17900005555"), now=MONDAY_9AM)

    assert ids(city, "5555 zh") == ids(city, "zhenghe") == [wanted]


def test_a_rewrite_leaves_nothing_of_the_old_name(city: City) -> None:
    [one] = add(city, ZHANG)
    with city.db.begin() as session:
        before = session.scalar(select(func.count()).select_from(CitizenToken))
        tokens.rewrite(session, one)
        after = session.scalar(select(func.count()).select_from(CitizenToken))

    assert before == after

    with city.db.begin() as session:
        session.execute(update(Citizen).values(state=CitizenState.ANONYMISED))
        tokens.rewrite(session, one)
        left = session.scalar(select(func.count()).select_from(CitizenToken))

    assert left == 0


def test_who_was_there_before_is_made_findable_in_steps_that_can_stop(city: City) -> None:
    people = add(city, Who("冯一"), Who("冯二"), Who("冯三"))
    with city.db.begin() as session:
        session.execute(delete(CitizenToken))
        session.execute(update(Citizen).values(tokens=None))

    counts = []
    for _ in range(3):
        with city.db.begin() as session:
            counts.append(tokens.make_findable(session, limit=2))

    assert counts == [2, 1, 0]
    assert set(ids(city, "feng")) == set(people)


@pytest.mark.parametrize("typed", ["王", "wang", "8812 w", "17900008812", "wangw"])
def test_a_search_asks_as_often_among_forty_as_among_two(
    city: City, engine: Engine, typed: str
) -> None:
    counts = []
    for size in (2, 40):
        add(city, *(Who("王伟", ("17900008812",)) for _ in range(size)))
        found(city, typed)
        with statements_of(engine) as seen:
            found(city, typed)
        counts.append(len(seen))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("typed", ["008812", "0008812", "00008812", "00 8812 ", "008812 张"])
def test_the_last_six_to_eight_digits_are_nearly_a_whole_number(city: City, typed: str) -> None:
    [_other, wanted, _landline] = add(
        city, Who("李四", ("17900998812",)), ZHANG, Who("样板公司", ("0591-8100881",))
    )

    assert ids(city, typed) == [wanted]


def test_a_number_without_its_area_code_is_found_by_its_end(city: City) -> None:
    [wanted] = add(city, Who("样板公司", ("0591-81008812",)))

    assert ids(city, "81008812") == [wanted]


def test_a_search_by_the_end_of_a_telephone_is_written_down_as_one(city: City) -> None:
    add(city, ZHANG)

    found(city, "008812")

    with city.db() as session:
        wanted = select(AuditEntry.action).where(AuditEntry.action.startswith("citizen:find"))
        assert list(session.scalars(wanted)) == ["citizen:find_by_tail"]
