"""A crew and its phone: no signal, a lost answer, signed out meanwhile, too late, without script.

What is done arrives once, in order, and nothing is lost in silence.
"""

from playwright.sync_api import FilePayload, Locator, Page, Route, expect
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.models import Case, CaseEvent, CaseText
from tests.browser import crewing
from tests.browser.conftest import Open
from tests.browser.crewing import a_job, a_snapshot, history
from tests.browser.looking import Look, foreign_words, sideways, violations
from tests.browser.signing import sign_in
from tests.browser.town import Town

PHONE = (390, 844)
# Until the card lies on the phone: then it can be opened without signal.
_KEPT = """async (card) => {
  while (!(await caches.match(card, {ignoreVary: true}))) {
    await new Promise((go) => { setTimeout(go, 50); });
  }
  return true;
}"""
# As in browsers without background sync: the page alone sends, and can be watched at it.
_NO_SYNC = "delete ServiceWorkerRegistration.prototype.sync"
_WAKE = "window.dispatchEvent(new Event('online'))"


def on_the_phone(look: Look, *cards: str) -> None:
    """Open today's list and wait until these cards lie on the phone."""
    look.goto("/crew")
    look.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for card in cards:
        look.page.evaluate(_KEPT, card)


def form(look: Look, action: str) -> Locator:
    return look.page.locator(f"form[data-field='{action}']")


def press(look: Look, action: str) -> None:
    form(look, action).locator("button.press").click()


def photograph(look: Look, action: str, *shades: int) -> None:
    """Take photos with the field of this form, one after the other, as a camera gives them."""
    for shade in shades:
        shot = picture(shade)
        form(look, action).locator("input[name=photos]").set_input_files([shot])
        expect(form(look, action)).not_to_have_attribute("aria-busy", "true")


def picture(shade: int, *, size: tuple[int, int] = (2400, 1800)) -> FilePayload:
    """As a phone's camera hands it over."""
    return {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": a_snapshot(shade, size=size)}


def waits(look: Look, count: int) -> None:
    badge = look.page.locator("[data-waiting-count]")
    if count:
        expect(badge).to_have_text(look.t("To send: {count}").replace("{count}", str(count)))
    else:
        expect(badge).to_be_hidden()


def test_two_states_and_three_photos_without_signal_arrive_once_and_in_order(
    opened: Open, town: Town
) -> None:
    job = a_job(town, "断网路 1 号")
    look = opened(Role.CREW, size=PHONE)
    page = look.page
    page.add_init_script(_NO_SYNC)
    on_the_phone(look, job.card)
    look.goto(job.card)
    press(look, "sign")
    expect(form(look, "set_out")).to_be_visible()
    waits(look, 0)

    page.context.set_offline(True)
    page.reload()  # what lies on the phone knows that it was signed for
    expect(form(look, "sign")).to_be_hidden()
    press(look, "set_out")
    photograph(look, "arrive", 10, 20)
    press(look, "arrive")
    photograph(look, "fix", 30)
    waits(look, 5)
    form(look, "fix").locator("textarea").fill("写到一半的字")
    page.reload()
    waits(look, 5)
    expect(form(look, "fix")).to_be_visible()
    expect(form(look, "fix").locator("textarea")).to_have_value("写到一半的字")
    nobody_is_shut_out(look)
    page.locator("[data-sun]").click()
    page.goto("/crew")
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")
    expect(page.locator(f"a[href='{job.card}']").first).to_be_visible()
    lost = lose_the_first_answer(page)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/act")):
        page.context.set_offline(False)
        page.evaluate(_WAKE)
    page.evaluate(_WAKE)
    waits(look, 0)

    done, photos = history(town, job)
    at_the_spot = [one for one in done if one in {"sign", "set_out", "note", "arrive", "fix"}]
    assert at_the_spot == ["sign", "set_out", "note", "note", "arrive", "note"]
    assert [stage for stage, _sha in photos] == ["before", "before", "after"]
    assert len({sha for _stage, sha in photos}) == 3
    assert lost == [f"{town.url}{job.card}/act"]


def test_what_the_server_refuses_is_explained_and_sent_as_a_note(opened: Open, town: Town) -> None:
    crewing.some_lamps(town)
    job = a_job(town, "库存路 5 号", at=("110.5", "30.5"))
    look = opened(Role.CREW, size=PHONE)
    look.goto(job.card)
    for action in ("sign", "arrive"):
        press(look, action)
    fix = form(look, "fix")
    press(look, "fix")
    expect(look.page.locator("#say")).to_have_text(
        look.t("A photo from before the work is missing. Add one.")
    )
    look.page.locator("input[name=photos_before]").set_input_files([picture(60)])
    photograph(look, "fix", 70)
    fix.locator("textarea").fill("灯罩已换，还差一只。")
    fix.locator("summary").click()
    fix.locator("select[name=material_1]").select_option(index=1)
    fix.locator("input[name=amount_1]").fill("90000")
    press(look, "fix")

    refused = look.page.locator(".waits.refused")
    expect(refused.locator(".err")).not_to_be_empty()
    look.button("Send as a note").click()
    waits(look, 0)

    assert "fix" not in history(town, job)[0]
    expect(look.page.locator("#said")).to_contain_text("还差一只")


def lose_the_first_answer(page: Page) -> list[str]:
    """The server gets what is sent first, and the phone never hears of it; which one it was."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort("connectionreset")

    page.context.route("**/act", lose)
    return lost


def nobody_is_shut_out(look: Look) -> None:
    assert foreign_words(look.page) == []
    assert violations(look.page) == []
    assert sideways(look.page) == []


def test_what_waits_goes_on_after_signing_in_again_and_what_came_too_late_is_kept(
    opened: Open, town: Town
) -> None:
    kept, taken = a_job(town, "续传路 2 号"), a_job(town, "改派路 3 号", at=("110.3", "30.3"))
    look = opened(Role.CREW, size=PHONE)
    page = look.page
    on_the_phone(look, kept.card, taken.card)
    look.goto(kept.card)
    page.context.set_offline(True)
    press(look, "sign")
    look.goto(taken.card)
    press(look, "sign")
    look.page.locator("details.step", has=form(look, "hand_back")).locator("summary").click()
    form(look, "hand_back").locator("textarea").fill("缺高空车，附近有学校。")
    press(look, "hand_back")
    waits(look, 3)
    with town.writing() as session:
        crewing.give(session, town, session.get_one(Case, taken.id), crewing.OTHER_CREW)

    page.context.clear_cookies(name="cw_session")
    page.context.set_offline(False)
    page.evaluate(_WAKE)
    expect(page.locator("#line a")).to_be_visible()
    waits(look, 3)
    sign_in(page, Role.CREW.value)
    look.goto("/crew")

    refused = page.locator(".waits.refused")
    expect(refused).to_have_count(1)
    expect(refused.locator(".err")).not_to_be_empty()
    waits(look, 2)
    nobody_is_shut_out(look)
    look.button("Throw away").click()
    look.button("Really? Press again").click()
    expect(refused).to_contain_text("缺高空车，附近有学校。")
    look.button("Throw away").click()
    look.button("Really? Press again").click()
    waits(look, 0)

    assert "sign" in history(town, kept)[0]
    with town.edge.reading() as session:
        words = select(CaseText.internal_text).join(CaseEvent, CaseEvent.id == CaseText.event_id)
        said = session.scalars(words.where(CaseEvent.case_id == taken.id)).all()
    assert any("缺高空车，附近有学校。" in text for text in said)
    page.locator("summary", has_text=look.t("Menu")).click()
    look.press("Sign out")
    assert page.evaluate("caches.has('crew-pages')") is False


def test_a_crew_takes_mends_and_reports_without_script(opened: Open, town: Town) -> None:
    crewing.some_lamps(town)
    job = a_job(town, "手机旧路 4 号", at=("110.4", "30.4"))
    a_job(town, "手机旧路 4 号旁", crew=crewing.OTHER_CREW, at=("110.4001", "30.4001"))
    look = opened(Role.CREW, script=False, size=PHONE)
    look.goto("/crew")
    look.page.locator(f"a[href='{job.card}']").last.click()
    expect(look.page.locator("#job .note.warn")).to_contain_text("照明抢修二班")

    for action in ("sign", "set_out", "arrive"):
        press(look, action)
        expect(form(look, action)).to_have_count(1)
    fix = form(look, "fix")
    fix.locator("textarea").fill("换了灯罩")
    fix.locator("summary").click()
    fix.locator("input[name=amount_1]").fill("2")
    press(look, "fix")
    expect(look.page.locator(".summary")).to_be_visible()
    expect(fix.locator("textarea")).to_have_value("换了灯罩")
    fix.locator("select[name=material_1]").select_option(index=1)
    fix.locator("input[name=hours]").fill("1.5")
    shots = [picture(shade, size=(640, 480)) for shade in (40, 50)]
    fix.locator("input[name=photos_before]").set_input_files(shots[:1])
    fix.locator("input[name=photos]").set_input_files(shots[1:])
    press(look, "fix")

    expect(look.page.locator("[aria-current=step]")).to_have_attribute("data-reached", "repaired")
    expect(look.page.locator("body")).to_contain_text("灯罩 2 只")
