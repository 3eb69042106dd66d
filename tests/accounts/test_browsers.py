"""How a browser is named in a list of sessions."""

import pytest

from app.accounts import browsers

_CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (_CHROME, "Chrome 126 · Windows"),
        (f"{_CHROME} Edg/126.0.0.0", "Edge 126 · Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox 128 · Linux",
        ),
        (
            "Mozilla/5.0 (iPhone) AppleWebKit/605 Version/17.5 Mobile Safari/604",
            "Safari 17 · iPhone",
        ),
        ("curl/8", "curl/8"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(said: str, name: str) -> None:
    assert browsers.describe(said) == name
