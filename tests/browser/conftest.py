"""One Chromium, one server and one signed-in state per role for each test process."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from app.accounts.rules import Role
from tests.browser.looking import Look
from tests.browser.signing import signed_in
from tests.browser.town import Town, a_town

NO_CHROMIUM = "browser walks skipped: install `chromium`, or set CHROMIUM to a browser's path"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
)
_PATIENCE_MS = 20_000  # two cores, shared
OFFICE = {"width": 1366, "height": 768}

Open = Callable[..., Look]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what is beside this file."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    shutil.copyfile(sqlite_template, folder / "civicwindow.db")
    with a_town(folder) as founded:
        yield founded


@pytest.fixture(scope="session")
def states() -> dict[Role, Any]:
    """What a browser holds in which this role has signed in; filled when first asked for."""
    return {}


@pytest.fixture
def opened(chromium: Browser, town: Town, states: dict[Role, Any]) -> Iterator[Open]:
    """Opens a new browser, signed in for a role or not, and closes it after the test."""
    contexts: list[BrowserContext] = []

    def visit(
        role: Role | None = None,
        *,
        lang: str = "zh",
        elder: str = "off",
        script: bool = True,
        size: tuple[int, int] = (OFFICE["width"], OFFICE["height"]),
    ) -> Look:
        if role is not None and role not in states:
            states[role] = signed_in(chromium, town.url, role)
        context = chromium.new_context(
            base_url=town.url,
            java_script_enabled=script,
            viewport={"width": size[0], "height": size[1]},
            locale="en-GB" if lang == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            color_scheme="light",
            storage_state=states.get(role) if role else None,
        )
        context.set_default_timeout(_PATIENCE_MS)
        chosen = {"lang": lang, "elder": elder}
        context.add_cookies([{"name": n, "value": v, "url": town.url} for n, v in chosen.items()])
        contexts.append(context)
        return Look(context.new_page(), lang)

    yield visit
    for context in contexts:
        context.close()
