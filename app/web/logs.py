"""Structured logs, one JSON line each, without personal data.

A line names the route's template, never the address itself: tokens and search
words travel in addresses. Messages of exceptions are left out for the same reason.
"""

import logging
import traceback
from typing import Final

import structlog

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(level: str) -> None:
    """Write JSON lines to standard output from this level on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )


def silence_server() -> None:
    """Stop uvicorn's own lines, which hold whole addresses; call it after uvicorn began."""
    logging.getLogger("uvicorn.access").disabled = True


def where(error: BaseException) -> list[str]:
    """The trace of an error as file:line:function, without its message and without values."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in frames]
