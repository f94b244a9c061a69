"""The text of WebVTT cues: tags, entities, voices, word times (section 6.4)."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from timeline_nb.subtitles.cue_style import Rule, styles_of
from timeline_nb.subtitles.styled_text import StyledText
from timeline_nb.subtitles.webvtt import parse_stamp

__all__ = ["Node", "ParsedText", "escaped", "parse_text", "tokens"]

_NAMES: Final = {"c", "i", "b", "u", "ruby", "rt", "v", "lang"}
_NAME: Final = re.compile(
    r"([^ \t\n\f.]*)((?:\.[^ \t\n\f.]*)*)(?:[ \t\n\f](.*))?", re.DOTALL
)
# No cue nests so deeply by intent; what goes deeper is text within the deepest.
_MOST_DEPTH: Final = 32


@dataclass(frozen=True)
class Node:
    """An open tag.

    Args:
        name: `c`, `i`, `b`, `u`, `ruby`, `rt`, `v` or `lang`.
        classes: In order.
        annotation: Whose voice, or which language.
    """

    name: str
    classes: tuple[str, ...] = ()
    annotation: str = ""


@dataclass(frozen=True)
class ParsedText:
    """A cue's text, understood.

    Args:
        text: Plain.
        style: Its looks; `spans` where they change within it.
        voice: Who speaks first, if it says so.
        stamps: Letters of `text` and the seconds at which those behind them come.
    """

    text: str
    style: dict[str, Any]
    voice: str
    stamps: tuple[tuple[int, Fraction], ...]


def tokens(text: str) -> Iterator[tuple[str, Node | Fraction | str]]:
    """Pieces of a cue's text: `text`, `start` with a node, `end`, `stamp`."""
    at = 0
    while at < len(text):
        begin = text.find("<", at)
        if begin != at:
            piece = text[at : begin if begin >= 0 else len(text)]
            yield "text", html.unescape(piece)
        if begin < 0:
            return
        stop = text.find(">", begin)
        stop = len(text) if stop < 0 else stop
        yield from _tag(text[begin + 1 : stop])
        at = stop + 1


def _tag(body: str) -> Iterator[tuple[str, Node | Fraction | str]]:
    if body[:1] == "/":
        yield "end", body[1:]
        return
    if body[:1].isdigit():
        stamp = parse_stamp(body)
        if stamp is not None:
            yield "stamp", stamp
        return
    found = _NAME.fullmatch(body)
    if found and found[1] in _NAMES:
        classes = tuple(filter(None, found[2].split(".")))
        told = " ".join(html.unescape(found[3] or "").split())
        yield "start", Node(found[1], classes, told)


def parse_text(text: str, *, rules: Sequence[Rule] = (), name: str = "") -> ParsedText:
    """A cue's text without its markup, and what the markup says.

    Args:
        text: As it stands in the file.
        rules: Of the file's style sheets.
        name: The cue's id, which rules may name.
    """
    rich = StyledText(styles_of(rules, None, name))
    stack: list[tuple[Node, Mapping[str, Any]]] = []
    known: dict[Node, Mapping[str, Any]] = {}
    voice = ""
    stamps: list[tuple[int, Fraction]] = []
    too_deep = 0
    for kind, told in tokens(text):
        if isinstance(told, Fraction):
            stamps.append((len(rich), told))
        elif isinstance(told, Node):
            if told.name == "rt" and (not stack or stack[-1][0].name != "ruby"):
                continue
            if len(stack) >= _MOST_DEPTH:
                too_deep += 1
                continue
            voice = voice or (told.annotation if told.name == "v" else "")
            if told not in known:
                known[told] = styles_of(rules, told, name)
            before = stack[-1][1] if stack else {}
            stack.append((told, {**before, **known[told]}))
        elif kind == "text":
            rich.add(told, stack[-1][1] if stack else {})
        elif too_deep:
            too_deep -= 1
        else:
            _close(stack, told)
    plain, style, lead = rich.finish()
    placed = tuple((min(max(at - lead, 0), len(plain)), own) for at, own in stamps)
    return ParsedText(plain, style, voice, placed)


def _close(stack: list[tuple[Node, Mapping[str, Any]]], name: str) -> None:
    """Close the tag that is open, if it is the one; a ruby closes its reading too."""
    if stack and name == "ruby" and stack[-1][0].name == "rt":
        stack.pop()
    if stack and stack[-1][0].name == name:
        stack.pop()


def escaped(text: str) -> str:
    """Plain text as a cue has it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
