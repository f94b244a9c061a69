"""Hints of errors and reports in the words of the terminal.

Errors and reports say what to do as a cell would: `bake='effects'`. On the command line
that is an option, or a command of its own.
"""

import json
import re
from collections.abc import Callable
from typing import Final

from timeline_nb.cli.words import t

__all__ = ["in_terminal"]

_QUOTED: Final = r"(?P<quote>['\"])(?P<value>[^'\"]*)(?P=quote)"


def _option(name: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"--{name} {_word(match['value'])}"


def _reading(match: re.Match[str]) -> str:
    given = json.dumps({match["name"]: match["value"]}, ensure_ascii=False)
    return f"--from-args '{given}'"


def _word(value: str) -> str:
    return value if re.fullmatch(r"[\w./-]+", value) else f'"{value}"'


# What a cell would say, and what the terminal has in its place. The first one that fits
# a place is taken.
_WORDS: Final[tuple[tuple[str, Callable[[re.Match[str]], str]], ...]] = (
    (
        rf"name its format, as format={_QUOTED}",
        lambda match: f"name its format, as --from {match['value']}",
    ),
    (
        rf"format={_QUOTED}(?=: no such format is read)",
        lambda match: f"--from {match['value']}",
    ),
    (rf"export\(\.\.\., subtitles={_QUOTED}\)", _option("subtitles")),
    (rf"\bformat={_QUOTED}", _option("format")),
    (rf"\bsubtitles={_QUOTED}", _option("subtitles")),
    (rf"\bbake={_QUOTED}", _option("bake")),
    (
        rf"\b(?P<name>sequence|project|timeline|extract)={_QUOTED}",
        _reading,
    ),
    (r"strict=False goes on without", lambda _: "without --strict it goes on"),
    (r"\block=True", lambda _: "--lock"),
    (r"\boverwrite=True(?: \(--overwrite\))?", lambda _: "--overwrite"),
    (
        r"\bsave\((?P<file>'[^']*'|\"[^\"]*\")\) writes it",
        lambda match: f"timeline-nb convert FILE {match['file']} writes it",
    ),
    (
        r"\brender\((?P<file>'[^']*'|\"[^\"]*\")\) writes it",
        lambda match: f"timeline-nb render PROJECT -o {match['file']} writes it",
    ),
    (
        r"(?:cut\.)?\bresize\(rate=(?:25|\.\.\.)\)",
        lambda _: "timeline-nb edit PROJECT resize --json '{\"rate\": 25}'",
    ),
    (
        r"\bcut\.relink\(FOLDER\)",
        lambda _: "timeline-nb relink PROJECT FOLDER",
    ),
    (r"; relink it\b", lambda _: "; timeline-nb relink PROJECT FOLDER finds it"),
    (r" \(cut\.offline lists all\)", lambda _: ""),
    (r"; cut\.missing_effects lists them", lambda _: ""),
)
_ALLOW: Final = "tl.allow("


def in_terminal(message: str) -> str:
    """Return a message of an error or a report with the hints of the terminal.

    Example:
        >>> in_terminal("bake='effects' renders it")
        '--bake effects renders it'
    """
    for pattern, words in _WORDS:
        message = re.sub(pattern, words, message)
    if _ALLOW in message:
        return t("{message}; in the terminal: --allow FOLDER", message=message)
    return message
