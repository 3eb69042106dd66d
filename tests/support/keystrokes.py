"""Counts the keys somebody presses from anywhere to a person's page, on the real ranking."""

from collections.abc import Callable, Sequence

Find = Callable[[str], Sequence[int]]  # what was typed → the people shown, best first
_F2 = _ENTER = 1


def keys_for(typed: str, place: int, *, is_alone: bool) -> int:
    """F2, what is typed, Enter; whoever is found alone by a tail stands open then.

    Otherwise the first line has the focus: ↓ for each further one, and Enter.
    """
    return _F2 + len(typed) + _ENTER + (0 if is_alone else place + _ENTER)


def fewest_keys(find: Find, wanted: int, ways: Sequence[str]) -> int | None:
    """The fewest keys to this person by any of these ways; None if none of them shows them."""
    needed = [
        keys_for(typed, people.index(wanted), is_alone=len(people) == 1)
        for typed in ways
        if wanted in (people := list(find(typed)))
    ]
    return min(needed, default=None)


def ways_by_tail(phone: str, initials: str) -> list[str]:
    """The tail with one, two … initials of the name, or more of the telephone instead."""
    tails = [phone[-4:] + initials[:length].lower() for length in range(1, len(initials) + 1)]
    return tails + [phone[-length:] for length in (6, 7, 8)]
