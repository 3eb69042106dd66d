"""Cuts text into search words: overlapping pairs for Chinese, whole runs for the rest.

No dictionary: a segmenter cuts 路灯不亮 so that 路灯 is not found (stack.md §3).
"""

import re
import unicodedata

MAX_TOKEN = 64
MAX_TOKENS = 20_000

# Han with extensions and compatibility, 〇, kana, hangul: written without blanks.
_CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"([{_CJK}]+)|((?:(?![{_CJK}_])\\w)+)")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The form in which words are compared: NFKC, without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def tokens(text: str) -> list[str]:
    """What to index of a text, each once, in order of first appearance.

    At most 20,000 tokens, so that one absurdly long text cannot break the index.
    """
    found: dict[str, None] = {}
    for run in _RUN.finditer(fold(text)):
        if run[1]:
            found.update(dict.fromkeys(bigrams(run[1])))
        else:
            found[run[2][:MAX_TOKEN]] = None
        if len(found) >= MAX_TOKENS:
            break
    return list(found)[:MAX_TOKENS]


def bigrams(run: str) -> list[str]:
    """The overlapping pairs of a run; a run of one character as it is."""
    if len(run) == 1:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def words(query: str) -> list[str]:
    """The words of a search: what stands between blanks and punctuation, each once."""
    return list(dict.fromkeys(_WORD.findall(fold(query))))
