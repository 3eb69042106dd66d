"""What a face is: a page with an address is opened, one that only an act brings about is acted."""

from collections.abc import Callable
from dataclasses import dataclass

from app.accounts.rules import Role
from tests.browser.looking import Look
from tests.browser.town import Town

Act = Callable[[Look, Town], None]


@dataclass(frozen=True)
class Face:
    """A kind of page: its name, who looks, and the address or the act."""

    name: str
    role: Role | None
    way: str | Act

    def open(self, look: Look, town: Town) -> None:
        """Stand before this page."""
        if not callable(self.way):
            name, _, rest = self.way.partition("@")
            look.goto(rest.format(m=town.known[name]) if rest else name)
        else:
            self.way(look, town)


def first_of(address: str, part: str) -> Act:
    """The first page that this list leads to."""

    def act(look: Look, _: Town) -> None:
        look.goto(address)
        with look.page.expect_navigation():
            look.page.locator(f"main a[href*='{part}']").first.click()

    return act
