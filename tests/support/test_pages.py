"""The page client itself: what it must refuse, it refuses."""

import pytest

from tests.support.markup import read
from tests.support.pages import Form, flaws_of

_GOOD = """<!DOCTYPE html><html lang="zh-CN"><head><title>报修</title></head><body><h1>报修</h1>
<form method="post" action="/report"><input type="hidden" name="csrf" value="x">
<label for="t">标题</label><input id="t" name="title" value="灯">
<label><input type="checkbox" name="agree" checked> 同意</label>
<textarea aria-label="words" name="words">
line</textarea>
<select aria-label="kind" name="kind"><option value="a">A<option value="b" selected>B</select>
<button name="go" value="next">下一步</button></form></body></html>"""


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ("<title>报修</title>", "", "no title"),
        ("<h1>报修</h1>", "", "0 h1"),
        (' lang="zh-CN"', "", "no language"),
        ('<label for="t">标题</label>', "", "input 'title' has no label"),
        ("<h1>", '<h1 id="t">', "id 't' used 2 times"),
        ('name="csrf"', 'name="other"', "the form to '/report' has no CSRF field"),
        (' action="/report"', "", "a form without an action"),
        ("<h1>", '<h1 style="color:red">', "inline style at h1"),
        ("<h1>", '<h1 onclick="go()">', "inline onclick"),
        ("</body>", "<script>go()</script></body>", "inline script"),
    ],
)
def test_a_flaw_is_seen(old: str, new: str, flaw: str) -> None:
    page = read(_GOOD.replace(old, new, 1))

    flaws = list(flaws_of(page))

    assert flaw in flaws


def test_a_good_page_has_no_flaws_and_its_form_sends_what_it_shows() -> None:
    page = read(_GOOD)
    form = Form(page.all("form")[0], "/")

    values = form.values() | form.pressed("下一步")

    assert list(flaws_of(page)) == []
    assert values == {
        "csrf": ["x"],
        "title": ["灯"],
        "agree": ["on"],
        "words": ["line"],
        "kind": ["b"],
        "go": ["next"],
    }
