"""A manager finds one person twice, compares, merges, and makes two of them again."""

import re
from pathlib import Path

from app.accounts.rules import Role
from app.citizens.rules import number_of
from app.citizens.service import Person, duplicates, register
from tests.browser.conftest import Open
from tests.browser.looking import MODES, Look, foreign_words, sideways, violations
from tests.browser.town import Town

MERGE = re.compile(r"/citizens/merges/\d+$")
LIST = re.compile(r"/citizens/import/\d+$")


def fits(look: Look) -> None:
    """Nobody is shut out of the page as it stands, in any colours, at any width."""
    assert foreign_words(look.page) == []
    assert violations(look.page) == []
    assert sideways(look.page, list(MODES)) == []


def twice(town: Town, phone: str) -> tuple[str, str]:
    """One person in two rows; their numbers."""
    now = town.edge.now()
    with town.edge.writing() as session:
        ids = [register(session, Person(name, phone), now=now) for name in ("邹示明", "邹示鸣")]
        duplicates.compare_many(session, ids, now=now)
    return number_of(ids[0]), number_of(ids[1])


def test_one_person_in_two_rows_is_merged_and_the_merge_undone_by_keyboard(
    opened: Open, town: Town
) -> None:
    one, other = twice(town, "17900009601")
    look = opened(Role.MANAGER)
    page = look.page

    look.goto("/citizens/duplicates")
    page.get_by_role("link", name="邹*明 / 邹*鸣").click()
    page.wait_for_url(f"**/citizens/merge?a={one}&b={other}")
    fits(look)

    page.keyboard.press("Control+Enter")
    page.locator(".summary").wait_for()
    fits(look)
    page.locator("input[name=name][value=b]").check()
    page.locator("#f-reason").fill("同一电话，本人确认。")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.wait_for_url(MERGE)
    fits(look)
    merged = page.url

    look.goto(f"/citizens/{other}")
    assert page.url.endswith(f"/citizens/{one}")
    page.goto(merged)
    page.locator("#f-reason").fill("回访得知是父子二人。")
    look.press("Undo the merge")
    page.wait_for_url(MERGE)
    assert look.sees("Why undone")
    fits(look)

    look.goto(f"/citizens/{other}")
    assert page.url.endswith(f"/citizens/{other}")


def test_a_list_is_uploaded_looked_at_and_erased_without_script(
    opened: Open, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("姓名,手机\n邹样板,17900009701\n,1\n", encoding="utf-8")
    look = opened(Role.MANAGER, script=False)

    look.goto("/citizens/import")
    look.page.locator("#f-file").set_input_files(file)
    look.press("Upload and look")
    look.page.wait_for_url(LIST)

    rows = look.page.locator("tbody tr")
    assert rows.count() == len(("one good", "one refused"))
    assert "邹" not in look.page.locator("main").inner_text()
    look.press("Erase the list without taking it over")
    assert look.sees("erased")


def test_what_a_list_would_do_shuts_nobody_out(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("姓名,手机\n邹样板,17900009702\n,1\n", encoding="utf-8")
    look = opened(Role.MANAGER)

    look.goto("/citizens/import")
    look.page.locator("#f-file").set_input_files(file)
    look.press("Upload and look")
    look.page.wait_for_url(LIST)
    fits(look)
