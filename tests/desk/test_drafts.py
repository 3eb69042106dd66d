"""What is kept while somebody types at the desk, and what they read when it is not."""

from app.accounts.rules import Role
from app.cases.service import drafts
from tests.desk.stepping import Enter
from tests.support.city import City
from tests.support.clock import MONDAY_9AM


def test_whoever_has_too_many_drafts_reads_it_where_the_page_says_saved(
    city: City, person: Enter, number: str
) -> None:
    clerk = person(Role.CLERK)
    owner = drafts.owner_of_staff(city[Role.CLERK].id)
    with city.db.begin() as session:
        for each in range(drafts.MOST_DRAFTS):
            drafts.save(session, owner, f"{each}/note", {"note": "待核实"}, now=MONDAY_9AM)
    form = clerk.get(f"/cases/{number}").form(field="note").values()
    typed = {name: values[0] for name, values in form.items()} | {"note": "再写一份"}

    answer = clerk.http.post(
        f"/desk/drafts/{number}/note", data=typed, headers={"X-Background": "1"}
    )

    assert answer.status_code == 422
    assert answer.json()["detail"] == ("您有 200 份没有写完的草稿，请先提交一些；这一份没有保存。")
