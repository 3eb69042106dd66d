"""Applications taken in at the desk over HTTP, without script: every way a form can come back."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.application_models import CaseApplication
from app.cases.kinds import Status
from app.cases.models import Attachment, Case
from app.catalogue.rules import Named
from app.catalogue.service.revising import Edit
from app.citizens import service as citizens
from app.citizens.models import Representation
from app.citizens.rules import Ground, number_of, read_number
from app.citizens.service import Person
from app.service_items.queries import get_version
from app.service_items.rules import Condition, Content, FieldType, Material, Question
from app.service_items.service import editing, publishing
from app.service_requests.models import ApplicationPaper
from app.service_requests.rules import Verdict
from tests.desk.stepping import Enter, step
from tests.service_requests.applying import INSTANT, MATERIALS, PERMIT, an_item
from tests.support.city import City
from tests.support.clock import MONDAY_9AM
from tests.support.pages import Files, Page, PageClient
from tests.web.papers import picture

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CODE = "990100A001"
ASKING = replace(
    PERMIT,
    questions=(
        Question("size", FieldType.NUMBER, Named("经营面积"), least="1", most="9999"),
        Question("rented", FieldType.YES_NO, Named("场所是否租用？")),
    ),
    materials=(
        *MATERIALS,
        Material("lease", Named("租赁合同"), condition=Condition("rented", ("yes",))),
    ),
)
COMPLETE = {"v_form": "ok", "v_licence": "ok", "v_plan": "ok"}
TYPED = {"q_size": "80", "q_rented": "no", **COMPLETE}


def known(city: City, name: str = "夔示例", phone: str = "17900005501") -> str:
    with city.db.begin() as session:
        person = Person(name=name, phone=phone)
        return number_of(citizens.register(session, person, now=MONDAY_9AM))


def offered(city: City, content: Content = ASKING) -> int:
    with city.db.begin() as session:
        return an_item(session, city, content)


def renewed(city: City, version_id: int) -> None:
    """A new version from today on; the one before it ended yesterday."""
    edit, today = Edit(MONDAY_9AM, city[Role.ADMIN]), MONDAY_9AM.date()
    with city.db.begin() as session:
        item_id = get_version(session, version_id).item_id
        draft = get_version(session, editing.open_draft(session, item_id, edit=edit))
        publishing.publish(
            session, draft.id, valid_from=today, today=today, lock=draft.lock, edit=edit
        )


def begun(clerk: PageClient, who: str, item: str = CODE) -> Page:
    """The form with this person and the item chosen."""
    form = clerk.get("/desk/apply").form(action="/desk/apply", field="version")
    return clerk.post(form.action, form.values() | {"item": item, "go": f"person:{who}"})


def sent(
    clerk: PageClient, page: Page, go: str = "accept", files: Files | None = None, /, **typed: str
) -> Page:
    form = page.form(action="/desk/apply", field="version")
    data = form.values() | {name: [text] for name, text in typed.items()} | {"go": [go]}
    return clerk.post(form.action, data, files=files)


def typed_in(page: Page) -> dict[str, list[str]]:
    return page.form(action="/desk/apply", field="version").values()


def the_case(city: City) -> Case:
    with city.db() as session:
        return session.scalars(select(Case)).one()


def test_a_known_person_with_complete_papers_is_accepted_at_once_the_dates_stood_there_before(
    person: Enter, city: City
) -> None:
    offered(city)
    clerk, who = person(Role.CLERK), known(city)

    page = begun(clerk, who)
    done = sent(clerk, page, **TYPED)

    assert "2026-03-09" in page.text  # one-time notice: five working days from Monday 2 March
    assert "2026-03-16" in page.text  # promised: ten
    assert "2026-03-30" in page.text  # legal: twenty
    case = the_case(city)
    assert done.url == f"/cases/{case.number}"
    assert case.status is Status.ADMITTED
    with city.db() as session:
        keys = session.scalars(select(ApplicationPaper.key)).all()
    assert set(keys) == {"form", "licence", "plan"}  # not rented: no lease is asked for


def test_what_was_left_out_is_named_as_it_stands_on_the_page(person: Enter, city: City) -> None:
    offered(city)
    clerk, who = person(Role.CLERK), known(city)

    refused = sent(clerk, begun(clerk, who), q_size="80")

    told = refused.tree.all("div", class_="summary")[0].text
    assert "场所是否租用：请回答这个问题" in told
    assert told.index("场所是否租用") < told.index("申请表")


def test_papers_missing_mid_scan_cost_neither_what_was_typed_nor_what_was_scanned(
    person: Enter, city: City
) -> None:
    offered(city)
    clerk, who = person(Role.CLERK), known(city)
    scans: Files = {
        "scan_form": ("a.png", picture("PNG"), "image/png"),
        "scan_licence": ("b.pdf", b"%PDF-nothing", "application/pdf"),
    }

    refused = sent(clerk, begun(clerk, who), "accept", scans, **{**TYPED, "v_licence": ""})
    again = sent(clerk, refused)
    left = clerk.get("/desk/apply")  # the window was closed; the draft is there
    taken = sent(clerk, left, "accept", {"scan_form": scans["scan_form"]}, v_licence="ok")

    assert refused.status == again.status == 422
    assert "PDF" in refused.text
    assert "请给出这份材料的核对结果。" in again.text
    assert typed_in(left)["q_size"] == ["80"]
    assert typed_in(left)["v_form"] == ["ok"]
    assert "/desk/apply/files/" in left.html
    assert taken.url.startswith("/cases/")
    case_id = the_case(city).id
    with city.db() as session:
        kept = session.scalars(select(Attachment)).all()
    assert [(one.paper, one.case_id) for one in kept] == [("form", case_id)]
    assert clerk.get("/desk/apply").html.count("/desk/apply/files/") == 0


def test_what_somebody_else_scans_is_not_to_be_seen_and_the_form_is_for_who_takes_in(
    person: Enter, city: City
) -> None:
    offered(city)
    clerk, who = person(Role.CLERK), known(city)
    scan: Files = {"scan_form": ("a.png", picture("PNG"), "image/png")}

    mine = sent(clerk, begun(clerk, who), "show", scan)
    address = next(href for href in mine.links.values() if "/desk/apply/files/" in href)

    assert clerk.get(address).status == 200
    assert person(Role.MANAGER).get(address).status == 404
    assert person(Role.HANDLER).get("/desk/apply").status == 403


def test_what_is_done_while_waiting_is_taken_in_and_decided_by_two_presses(
    person: Enter, city: City
) -> None:
    offered(city, INSTANT)
    clerk, who = person(Role.CLERK), known(city)

    taken = sent(clerk, begun(clerk, who), **COMPLETE)
    number = the_case(city).number
    first = taken.form(action="/steps")
    step(clerk, number, "decide_at_once")

    assert first.values()["action"] == ["decide_at_once"]
    assert the_case(city).status is Status.DECIDED


def test_a_version_that_ended_yesterday_is_said_to_have_and_the_new_one_offered(
    person: Enter, city: City
) -> None:
    version_id = offered(city)
    clerk, who = person(Role.CLERK), known(city)
    page = begun(clerk, who)
    renewed(city, version_id)

    told = sent(clerk, page, **TYPED)
    done = sent(clerk, told)

    assert told.status == 422
    assert "已于 2026-03-01 失效" in told.text
    assert typed_in(told)["q_size"] == ["80"]
    assert typed_in(told)["version"] != typed_in(page)["version"]
    assert done.url.startswith("/cases/")


def test_the_same_application_twice_is_asked_about_first(person: Enter, city: City) -> None:
    offered(city)
    clerk, who = person(Role.CLERK), known(city)
    sent(clerk, begun(clerk, who), **TYPED)

    warned = begun(clerk, who)
    refused = sent(clerk, warned, **TYPED)
    meant = sent(clerk, refused, again="true")

    assert the_number(city) in warned.text
    assert refused.status == 422
    assert meant.url.startswith("/cases/")
    with city.db() as session:
        assert len(session.scalars(select(Case)).all()) == 2


def the_number(city: City) -> str:
    with city.db() as session:
        return session.scalars(select(Case.number).order_by(Case.id)).first() or ""


def test_whoever_applies_for_somebody_else_says_on_what_ground_once(
    person: Enter, city: City
) -> None:
    offered(city)
    clerk = person(Role.CLERK)
    agent, principal = known(city), known(city, "夔长者", "17900005502")

    bare = sent(clerk, begun(clerk, agent), **TYPED, other=principal)
    done = sent(clerk, bare, ground="agent", proof="授权委托书")
    later = begun(clerk, agent)

    assert bare.status == 422
    assert "请选择代办依据" in bare.text
    assert done.url.startswith("/cases/")
    case = the_case(city)
    with city.db() as session:
        row = session.get_one(CaseApplication, case.id)
        ground = session.scalars(select(Representation.ground)).one()
    assert (case.citizen_id, row.agent_id) == (read_number(principal), read_number(agent))
    assert ground is Ground.AGENT
    assert principal in typed_or_offered(later)


def typed_or_offered(page: Page) -> set[str]:
    """The people this one can apply for, as the page offers them."""
    radios = page.tree.all("input", name="principal")
    return {one.attrs.get("value", "") for one in radios}


def test_a_paper_that_is_not_in_order_is_only_taken_in_with_the_reason_for_the_notice(
    person: Enter, city: City
) -> None:
    offered(city)
    clerk, who = person(Role.CLERK), known(city)
    wrong = {"v_licence": "defect", "r_licence": "expired", "n_licence": "请提交新证"}

    refused = sent(clerk, begun(clerk, who), **{**TYPED, **wrong})
    taken = sent(clerk, refused, "receive")

    assert "只收件" in refused.text
    assert refused.status == 422
    assert the_case(city).status is Status.RECEIVED
    assert "一次性告知" in taken.text
    with city.db() as session:
        found = {one.key: one for one in session.scalars(select(ApplicationPaper))}
    assert found["licence"].verdict is Verdict.DEFECT
    assert found["licence"].reason == "已过有效期；请提交新证"


def test_a_person_or_an_item_nobody_meant_is_asked_for_again(person: Enter, city: City) -> None:
    offered(city)
    clerk = person(Role.CLERK)
    who = known(city)

    nobody = sent(clerk, begun(clerk, ""), **TYPED)
    found = sent(clerk, nobody, "show", who="夔示例")
    chosen = sent(clerk, found, f"person:{who}")
    nothing = sent(clerk, chosen, "show", item="没有这个事项")

    assert who in found.text
    assert typed_in(chosen)["citizen"] == [who]
    assert "请选定申请人" in nobody.text
    assert "没有符合的事项" in nothing.text


def test_a_paper_brought_later_is_scanned_at_the_matter_and_a_bad_file_costs_nothing(
    person: Enter, city: City
) -> None:
    offered(city)
    clerk, who = person(Role.CLERK), known(city)
    sent(clerk, begun(clerk, who), "receive", **{**TYPED, "v_licence": "lacking"})
    number = the_case(city).number
    form = clerk.get(f"/cases/{number}").form(action="/papers")
    scans: Files = {
        "scan_licence": ("a.png", picture("PNG"), "image/png"),
        "scan_plan": ("b.pdf", b"%PDF-nothing", "application/pdf"),
    }

    refused = clerk.submit(form, v_licence="ok", files=scans)
    judged = clerk.submit(refused.form(action="/papers"))

    assert refused.status == 422
    assert refused.form(action="/papers").values()["v_licence"] == ["ok"]
    assert judged.status == 200
    with city.db() as session:
        papers = session.scalars(select(Attachment.paper)).all()
        verdicts = {one.key: one.verdict for one in session.scalars(select(ApplicationPaper))}
    assert papers == ["licence"]
    assert verdicts["licence"] is Verdict.OK
