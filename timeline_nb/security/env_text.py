"""Read the text of a `.env` file: which variables it sets, and on which lines.

The grammar is that of python-dotenv 1.2, without its replacing of `${NAME}`, which
would mix variables of this process into keys. It is read here and not by python-dotenv
because a line must be found again to be commented out, and because a line of n spaces
costs python-dotenv n² steps. `tests/attacks/env_texts.py` compares the two.
"""

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from timeline_nb.security.secret import Secret

__all__ = ["Assignment", "assignments", "commented_out"]

# Possessive (`*+`): none gives letters back, so that each reads in one pass.
_BLANK: Final = re.compile(r"\s*+")
_SPACES: Final = re.compile(r"[^\S\r\n]*+")
_EXPORT: Final = re.compile(r"export[^\S\r\n]++")
_QUOTED_NAME: Final = re.compile(r"'([^']++)'")
_NAME: Final = re.compile(r"[^=#\s]++")
_SINGLE_QUOTED: Final = re.compile(r"'((?:\\.|[^'\\])*+)'", re.DOTALL)
_DOUBLE_QUOTED: Final = re.compile(r'"((?:\\.|[^"\\])*+)"', re.DOTALL)
_LINE: Final = re.compile(r"[^\r\n]*+")
_COMMENT: Final = re.compile(r"(?:[^\S\r\n]*+#[^\r\n]*+)?")
_END: Final = re.compile(r"[^\S\r\n]*+(?:\r\n|\n|\r|$)")
_SINGLE_ESCAPES: Final = re.compile(r"\\[\\']")
_DOUBLE_ESCAPES: Final = re.compile(r"\\[\\'\"abfnrtv]")
_LINE_BREAK: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Assignment:
    """A variable that a text sets.

    Args:
        name: The variable's name.
        value: What it is set to, without quotes and escapes.
        start: Where its first line begins, in letters from the start of the text.
        end: Where its last line ends, after the line break.
    """

    name: str
    value: Secret
    start: int
    end: int


def assignments(text: str) -> list[Assignment]:
    r"""Return what a text sets, in its order; lines that set nothing are passed over.

    Args:
        text: Of the file, without its byte order mark, with its line breaks as they
            are.

    Example:
        >>> from timeline_nb.security.env_text import assignments
        >>> [found.name for found in assignments("export A=1 # one\nB='x y'\n# C=3")]
        ['A', 'B']
    """
    found, at = [], 0
    while at < len(text):
        at, assignment = _read_statement(text, at)
        if assignment is not None:
            found.append(assignment)
    return found


def commented_out(text: str, chosen: list[Assignment]) -> str:
    """Return a text with `# ` before each line of some assignments.

    Args:
        text: As it was read.
        chosen: Assignments of this text.
    """
    lines = sorted(
        {
            line
            for assignment in chosen
            for line in _line_starts(text, assignment.start, assignment.end)
        }
    )
    bounds = [0, *lines, len(text)]
    return "# ".join(text[a:b] for a, b in pairwise(bounds))


def _line_starts(text: str, start: int, end: int) -> list[int]:
    """Return where the lines of a part of the text begin."""
    breaks = (found.end() for found in _LINE_BREAK.finditer(text, start, end))
    return [start, *(at for at in breaks if at < end)]


def _read_statement(text: str, mark: int) -> tuple[int, Assignment | None]:
    """Read from one place to the next line that may set something."""
    at = _after(_BLANK, text, mark)
    if at == len(text):
        return at, None
    start = 1 + max(text.rfind("\n", mark, at), text.rfind("\r", mark, at), mark - 1)
    at = _after(_EXPORT, text, at)
    name = None
    if text[at : at + 1] != "#":
        quoted = text[at : at + 1] == "'"
        found = (_QUOTED_NAME if quoted else _NAME).match(text, at)
        if found is None:
            return _next_line(text, at), None
        name, at = found[1 if quoted else 0], found.end()
    at = _after(_SPACES, text, at)
    value = None
    if text[at : at + 1] == "=":
        after = _after(_SPACES, text, at + 1)
        has_space, at = after > at + 1, after
        at, value = _read_value(text, at, has_space=has_space)
        if value is None:
            return _next_line(text, at), None
    at = _after(_COMMENT, text, at)
    end = _END.match(text, at)
    if end is None:
        return _next_line(text, at), None
    if name is None or value is None:
        return end.end(), None
    return end.end(), Assignment(name, value, start, end.end())


def _read_value(text: str, at: int, *, has_space: bool) -> tuple[int, Secret | None]:
    """Return where a value ends, and the value; None if its quote does not close."""
    first = text[at : at + 1]
    if first in {"", "\n", "\r"} or (has_space and first == "#"):
        return at, Secret("")
    if first in {"'", '"'}:
        pattern = _SINGLE_QUOTED if first == "'" else _DOUBLE_QUOTED
        escapes = _SINGLE_ESCAPES if first == "'" else _DOUBLE_ESCAPES
        found = pattern.match(text, at)
        if found is None:
            return at, None
        return found.end(), Secret(escapes.sub(_unescaped, found[1]))
    end = _after(_LINE, text, at)
    return end, Secret(_without_comment(text[at:end]))


def _without_comment(line: str) -> str:
    """Return what stands before the first `#` that follows a space."""
    at = line.find("#", 1)
    while at > 0 and not line[at - 1].isspace():
        at = line.find("#", at + 1)
    return (line[:at] if at > 0 else line).rstrip()


def _unescaped(found: re.Match[str]) -> str:
    return codecs.decode(found[0], "unicode-escape")


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Return where a pattern ends that begins at a place; the place if it does not."""
    found = pattern.match(text, at)
    return at if found is None else found.end()


def _next_line(text: str, at: int) -> int:
    at = _after(_LINE, text, at)
    return min(at + 1, len(text))
