"""What a way out noted is never shown as it stands, but as a sentence."""

import pytest

from app.notifications.rules.trouble import plainly


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        ("worker vanished", "The program stopped while the message was going out."),
        ("TimeoutError", "No answer came in time."),
        ("ConnectionRefusedError", "No connection to the sending service."),
        ("RemoteDisconnected", "The line broke before the answer came."),
        ("HTTP 422", "The sending service did not take it (code 422)."),
        ("HTTP 503", "The sending service was out of order (code 503)."),
        ("SMTP 550", "The sending service did not take it (code 550)."),
        ("SMTP 451", "The sending service was out of order (code 451)."),
        ("address", "The number or address cannot be written to."),
        ("no address any more", "There is no number or address any more."),
        ("receipt no_such_number", "The number does not exist any more."),
        ("receipt", "The sending service reports that it did not arrive."),
        ("something new", "No reason is known."),
    ],
)
def test_what_was_noted_is_said_in_a_sentence(noted: str, said: str) -> None:
    plain = plainly(noted)

    assert plain is not None
    assert plain.msgid % plain.params == said


def test_of_what_went_well_nothing_is_said() -> None:
    assert plainly("") is None
