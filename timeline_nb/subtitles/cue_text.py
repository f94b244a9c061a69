"""The text of WebVTT cues: tags, entities, voices, time stamps (section 6.4)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from timeline_nb.subtitles.cue_style import Node, StyleSheet
from timeline_nb.subtitles.entities import unescaped
from timeline_nb.subtitles.styled_text import StyledText
from timeline_nb.subtitles.webvtt import parse_stamp

__all__ = ["ParsedText", "escaped", "parse_text", "tokens"]

_NAMES: Final = {"c", "i", "b", "u", "ruby", "rt", "v", "lang"}
_SPACE: Final = re.compile(r"[ \t\n\f]")
# A tag has a few.
_MOST_CLASSES: Final = 32
# Deeper nesting is not intended; its text gets the style of the deepest tag.
_MOST_DEPTH: Final = 32


@dataclass(frozen=True)
class ParsedText:
    """The parsed text of a cue.

    Args:
        text: Plain text.
        style: Its style, with `spans` where the style changes within it.
        voice: The first voice; empty if there is none.
        stamps: Time stamps: numbers of letters of `text`, and the seconds at which the
            text from there on appears.
    """

    text: str
    style: dict[str, Any]
    voice: str
    stamps: tuple[tuple[int, Fraction], ...]


def tokens(text: str) -> Iterator[tuple[str, Node | Fraction | str]]:
    """Yield the tokens of a cue's text: `text`, `start` with a node, `end`, `stamp`."""
    at = 0
    while at < len(text):
        begin = text.find("<", at)
        if begin != at:
            piece = text[at : begin if begin >= 0 else len(text)]
            yield "text", unescaped(piece)
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
    head, *rest = _SPACE.split(body, maxsplit=1)
    name, *classes = head.split(".")
    if name in _NAMES:
        annotation = " ".join(unescaped("".join(rest)).split())
        named = tuple(filter(None, classes))[:_MOST_CLASSES]
        yield "start", Node(name, named, annotation)


def parse_text(
    text: str, *, sheet: StyleSheet | None = None, name: str = ""
) -> ParsedText:
    """Return a cue's text without markup, and what the markup says.

    Args:
        text: The text as it is in the file.
        sheet: The file's style sheets.
        name: Id of the cue, which rules may select.
    """
    sheet = sheet or StyleSheet()
    rich = StyledText(sheet.style(None, name))
    stack: list[tuple[Node, Mapping[str, Any]]] = []
    voice = ""
    stamps: list[tuple[int, Fraction]] = []
    too_deep = 0
    for kind, token in tokens(text):
        if isinstance(token, Fraction):
            stamps.append((len(rich), token))
        elif isinstance(token, Node):
            if token.name == "rt" and (not stack or stack[-1][0].name != "ruby"):
                continue
            if len(stack) >= _MOST_DEPTH:
                too_deep += 1
                continue
            voice = voice or (token.annotation if token.name == "v" else "")
            before = stack[-1][1] if stack else {}
            stack.append((token, {**before, **sheet.style(token, name)}))
        elif kind == "text":
            rich.add(token, stack[-1][1] if stack else {})
        elif too_deep:
            too_deep -= 1
        else:
            _close(stack, token)
    plain, style, lead = rich.finish()
    placed = tuple((min(max(at - lead, 0), len(plain)), own) for at, own in stamps)
    return ParsedText(plain, style, voice, placed)


def _close(stack: list[tuple[Node, Mapping[str, Any]]], name: str) -> None:
    """Close a tag if it is the innermost one; closing `ruby` closes `rt` as well."""
    if stack and name == "ruby" and stack[-1][0].name == "rt":
        stack.pop()
    if stack and stack[-1][0].name == name:
        stack.pop()


def escaped(text: str) -> str:
    """Return plain text with `&`, `<` and `>` escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
