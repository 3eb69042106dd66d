"""The process that turns one template into one PDF, and nothing else.

Started for each sheet in an empty folder, with limits of its own; it reads an order on its
standard input and answers on its standard output. A template that never ends dies with it.
"""

import json
import resource
import sys
from typing import Final

import typst

_CPU_SECONDS = 5
_MEMORY = 2 << 30
_FILE = 1 << 26
# A standard for files that are kept: everything needed is inside, text stays text (ISO 19005-2).
ARCHIVAL: Final = "a-2a"


def main() -> None:
    """Answer one order: which of these fonts are there, or a PDF of these files."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE, _FILE))
    order = json.load(sys.stdin)
    if "fonts" in order:
        there = set(typst.Fonts().families())
        _say({"families": [name for name in order["fonts"] if name in there]})
        return
    folder: str = order["root"]
    try:
        pdf = typst.compile(
            order["main"],
            root=folder,
            package_path=folder,
            package_cache_path=folder,
            format="pdf",
            sys_inputs=order["inputs"],
            timestamp=order["timestamp"],
            pdf_standards=[ARCHIVAL] if order["archival"] else [],
        )
    except typst.TypstError as error:
        _say({"fault": error.diagnostic or str(error), "message": error.message})
    else:
        sys.stdout.buffer.write(pdf)


def _say(answer: "dict[str, object]") -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
