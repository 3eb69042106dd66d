"""Awaiting in a test; in a thread of its own, since a browser driven here keeps this one's loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def awaited(what: Coroutine[Any, Any, Answer]) -> Answer:
    """What it returns, or raises."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, what).result()
