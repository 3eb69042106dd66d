"""`python -m tools.readings write|check`: the small table of readings, made from pypinyin.

One line a reading, with every character read so first; what names are read by stands by hand
in `app/citizens/rules/reading.py`.
"""

import sys
from pathlib import Path
from typing import Final

from pypinyin import Style
from pypinyin.pinyin_dict import pinyin_dict
from pypinyin.style import convert

TABLE: Final = Path(__file__).resolve().parent.parent / "app" / "kernel" / "readings.txt"
_HEAD: Final = "# Readings of Chinese characters without tones, from pypinyin (MIT licence).\n"


def text() -> str:
    """The whole table."""
    found: dict[str, list[str]] = {}
    for code, readings in sorted(pinyin_dict.items()):
        first = convert(readings.split(",")[0], Style.NORMAL, strict=False)
        found.setdefault(first, []).append(chr(code))
    lines = (f"{reading}\t{''.join(signs)}\n" for reading, signs in sorted(found.items()))
    return _HEAD + "".join(lines)


def main() -> None:
    """Write the table, or say whether it is as it would be written."""
    if sys.argv[1:] == ["write"]:
        TABLE.write_text(text(), encoding="utf-8")
    elif TABLE.read_text(encoding="utf-8") != text():
        sys.exit("app/kernel/readings.txt is stale: run `python -m tools.readings write`")


if __name__ == "__main__":
    main()
