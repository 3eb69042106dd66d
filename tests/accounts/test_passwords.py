"""Which passwords are accepted and how long guessing must wait."""

from datetime import timedelta

import pytest

from app.accounts import passwords
from app.accounts.service import hashing


@pytest.mark.parametrize(
    "password",
    ["short1A!", "alllowercase", "lower-only-signs", "Clerk-2026-x", "Password123!", "P" * 129, ""],
)
def test_a_weak_password_is_refused_with_a_sentence(password: str) -> None:
    assert passwords.problem_with(password, username="clerk")


@pytest.mark.parametrize("password", ["Kq7-brücke-9", "三个字的密码Aa123", "tram-Line-58-north"])
def test_a_good_password_is_accepted(password: str) -> None:
    assert passwords.problem_with(password, username="clerk") is None


def test_the_password_of_the_demonstration_can_never_be_chosen() -> None:
    assert passwords.problem_with(passwords.DEMO_PASSWORD, username="x")


def test_full_width_typing_gives_the_same_password() -> None:
    stored = hashing.hash_password("Ａbc-123456-x")

    assert hashing.is_right(stored, "Abc-123456-x")
    assert not hashing.is_right(stored, "abc-123456-x")


def test_a_broken_hash_matches_nothing() -> None:
    assert not hashing.is_right("not a hash", "anything")


def test_hashes_are_argon2id() -> None:
    assert hashing.hash_password("whatever").startswith("$argon2id$")


def test_a_one_time_password_meets_the_policy() -> None:
    made = {hashing.one_time_password() for _ in range(50)}

    assert len(made) == 50
    assert all(passwords.problem_with(password, username="") is None for password in made)


def test_waiting_grows_to_half_an_hour_and_no_further() -> None:
    waits = [passwords.delay_after(n) for n in range(40)]

    assert waits[:5] == [timedelta()] * 5
    assert waits[5:8] == [timedelta(seconds=s) for s in (30, 60, 120)]
    assert max(waits) == waits[-1] == timedelta(minutes=30)
    assert passwords.delay_after(19, everywhere=True) == timedelta()
    assert passwords.delay_after(20, everywhere=True) == timedelta(seconds=30)
