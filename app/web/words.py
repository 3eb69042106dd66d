"""Every sentence the browser's script may show; the page carries them, the script only fills them.

`{places}` are filled by the script. Holds nothing about a person, so it is made once per language.
"""

from functools import cache
from typing import Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from app.kernel.messages import mark
from app.web.i18n import Locale, catalogue, spoken

WORDS: Final = {
    "lost": mark("The connection is lost. What you wrote is kept; try again."),
    "failed": mark("The server did not answer. What you wrote is kept; try again."),
    "saving": mark("Saving…"),
    "saved": mark("Draft saved at {time}"),
    "unsaved": mark("The draft could not be saved. Keep this page open."),
    "ending": mark("You will be signed out in {minutes} minutes."),
    "stay": mark("Stay signed in"),
    "ended": mark(
        "You have been signed out. Your text is kept as a draft; sign in in another tab."
    ),
    "keys": mark("Keys"),
    "close": mark("Close this window"),
    "keys_off": mark("Turn keys off"),
    "keys_on": mark("Turn keys on"),
    "none": mark("Nothing found"),
    "found": mark("{count} suggestions"),
    "left": mark("{count} characters left"),
    "over": mark("{count} characters too many"),
    "proving": mark("Checking that you are not a machine…"),
    "proved": mark("Checked"),
    "copied": mark("Copied"),
    "position": mark("Position found"),
    "no_position": mark("No position. Describe the place in words."),
    "zoom_in": mark("Enlarge the map"),
    "zoom_out": mark("Shrink the map"),
    "scanned": mark("Files added: {count}"),
    "camera": mark("Photograph papers"),
    "shoot": mark("Take the picture"),
    "no_camera": mark("No camera was found, or its use was refused."),
}


def script_words() -> Markup:
    """The sentences in the present language, as JSON that is safe inside a page."""
    return _written(spoken())


@cache
def _written(locale: Locale) -> Markup:
    say = catalogue(locale).gettext
    return htmlsafe_json_dumps({name: say(msgid) for name, msgid in WORDS.items()})
