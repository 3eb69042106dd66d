"""The sentences the crew's script may show, beside those of every page.

`{places}` are filled by the script. Holds nothing about a person or a matter.
"""

from functools import cache
from typing import Final

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from app.kernel.messages import mark
from app.web.i18n import Locale, catalogue

WORDS: Final = {
    "crew_waiting": mark("To send: {count}"),
    "crew_others": mark("Of another account, sent when it signs in here: {count}"),
    "crew_item": mark("{number} · {action} · {time}"),
    "crew_note": mark("Note"),
    "crew_throw": mark("Throw away"),
    "crew_really": mark("Really? Press again"),
    "crew_copy": mark("Copy the text"),
    "crew_no_copy": mark("Your browser does not copy here. Press long on the text above."),
    "crew_as_note": mark("Send as a note"),
    "crew_was_meant": mark("Pressed at the spot at {time}, but not possible any more: {action}"),
    "crew_save_photo": mark("Photo; press to save it"),
    "crew_no_line": mark("No signal. What you do is kept on this phone and sent later."),
    "crew_later": mark("The server is busy. What waits is sent again by itself."),
    "crew_signed_out": mark("You are signed out. What waits is kept and sent after you sign in."),
    "crew_sent": mark("Sent: {count}"),
    "crew_written": mark("Noted: {action}"),
    "crew_no_picture": mark("Not taken, because it is no photo this phone or we can read: {count}"),
    "crew_needed": mark("Write a few words first."),
    "crew_lacks_before": mark("A photo from before the work is missing. Add one."),
    "crew_lacks_after": mark("A photo of the finished work is missing. Add one."),
    "crew_number": mark("Enter a number such as 2 or 1.5."),
    "crew_half": mark("Choose the material and write how much of it."),
    "crew_retry": mark("Send it again"),
    "crew_full": mark("This phone could not keep it. Free some space, or send it with signal."),
    "crew_clock": mark("This phone's clock is {minutes} minutes off. Our time counts."),
    "crew_metres": mark("{n} m"),
    "crew_kilometres": mark("{n} km"),
}


@cache
def crew_words(locale: Locale) -> Markup:
    """The sentences in one language, as JSON that is safe inside a page."""
    say = catalogue(locale).gettext
    return htmlsafe_json_dumps({name: say(msgid) for name, msgid in WORDS.items()})
