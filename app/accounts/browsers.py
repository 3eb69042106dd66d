"""Names a browser so that its owner recognises it in a list of sessions.

A guess from what the browser says of itself; nothing is decided by it.
"""

import re
from typing import Final

# The first that fits: most browsers also claim to be Chrome or Safari.
_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ Browser"),
    ("Firefox", "Firefox"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"),
    ("Version", "Safari"),
)
_SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
_LONGEST: Final = 60


def describe(user_agent: str) -> str:
    """Such as `Chrome 126 · Windows`; the beginning of what it said when it is unknown."""
    browser = next(
        (
            f"{name} {version[1]}"
            for sign, name in _BROWSERS
            if (version := re.search(rf"\b{sign}/(\d+)", user_agent))
        ),
        "",
    )
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return " · ".join(filter(None, (browser, system))) or user_agent[:_LONGEST]
