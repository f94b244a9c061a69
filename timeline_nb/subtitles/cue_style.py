"""Style sheets of WebVTT: the properties of `::cue` that can be shown."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from timeline_nb.subtitles.colors import css_color

__all__ = ["Node", "StyleSheet", "style_sheet"]

# Section 5.1: default classes of text color.
_CLASSES: Final = {
    "white": "#ffffff",
    "lime": "#00ff00",
    "cyan": "#00ffff",
    "red": "#ff0000",
    "yellow": "#ffff00",
    "magenta": "#ff00ff",
    "blue": "#0000ff",
    "black": "#000000",
}
_TAGS: Final = {"i": "italic", "b": "bold", "u": "underline"}
_SELECTOR: Final = re.compile(
    r"""\s*+::cue(?:\(\s*+
    (?P<tag>[a-z]++)?
    (?:\#(?P<id>[^\s.:\[\]()]++))?
    (?P<classes>(?:\.[\w-]++)*+)
    (?:\[\s*+(?P<key>voice|lang)\s*+=\s*+["']?(?P<value>[^"'\]]*+)["']?\s*+\])?
    \s*+\))?\s*+""",
    re.VERBOSE,
)
# Every rule is tried on every kind of tag, so the numbers of both are limited.
_MOST_RULES: Final = 200
_MOST_KINDS: Final = 2_000
_MOST_LETTERS: Final = 50_000


@dataclass(frozen=True)
class Node:
    """An open tag.

    Args:
        name: `c`, `i`, `b`, `u`, `ruby`, `rt`, `v` or `lang`.
        classes: Its classes in order.
        annotation: Voice of `v`, or language of `lang`.
    """

    name: str
    classes: tuple[str, ...] = ()
    annotation: str = ""


@dataclass(frozen=True)
class Rule:
    """A selector and the style that it gives.

    Args:
        tag: Name of the tag; empty for any.
        id: Id of the cue; empty for any.
        classes: Classes that the tag must have.
        annotation: Voice or language of the tag; None for any.
        is_root: Whether it selects whole cues.
        style: Parameters of `title`.
    """

    tag: str
    id: str
    classes: frozenset[str]
    annotation: str | None
    is_root: bool
    style: dict[str, Any]


class StyleSheet:
    """The style that rules give to cues and tags.

    Args:
        rules: In order; later ones win.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules = list(rules)
        self._ids = {rule.id for rule in self._rules if rule.id}
        self._known: dict[tuple[Node | None, str], dict[str, Any]] = {}

    def style(self, node: Node | None, name: str) -> dict[str, Any]:
        """Return the style of a tag, or of a whole cue, without its parents.

        Args:
            node: The tag; None for the cue.
            name: Id of the cue.
        """
        key = node, name if name in self._ids else ""
        if key in self._known:
            return self._known[key]
        if len(self._known) >= _MOST_KINDS:
            return _styles_of((), node, name)
        style = self._known[key] = _styles_of(self._rules, node, name)
        return style


def style_sheet(sheets: Iterable[str]) -> StyleSheet:
    """Return the style sheets of a file as one, with the rules that can be shown."""
    return StyleSheet(islice(_rules(sheets), _MOST_RULES))


def _rules(sheets: Iterable[str]) -> Iterator[Rule]:
    for sheet in sheets:
        for part in _without_comments(sheet[:_MOST_LETTERS]).split("}"):
            selectors, _, body = part.partition("{")
            style = dict(_properties(body))
            for selector in selectors.split(",") if style else ():
                rule = _rule(selector, style)
                if rule is not None:
                    yield rule


def _without_comments(sheet: str) -> str:
    first, *rest = sheet.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _rule(selector: str, style: dict[str, Any]) -> Rule | None:
    found = _SELECTOR.fullmatch(selector)
    if found is None:
        return None
    name = re.sub(r"\\(.)", r"\1", found["id"] or "")
    classes = frozenset(filter(None, (found["classes"] or "").split(".")))
    root = not (found["tag"] or classes or found["key"])
    value = found["value"] if found["key"] else None
    return Rule(found["tag"] or "", name, classes, value, root, style)


def _properties(body: str) -> Iterator[tuple[str, Any]]:
    for part in body.split(";"):
        name, _, value = part.partition(":")
        text = value.replace("!important", "").strip().lower()
        match name.strip().lower():
            case "color":
                color = css_color(text)
                if color:
                    yield "color", color
            case "font-style":
                yield "italic", text in {"italic", "oblique"}
            case "font-weight":
                heavy = text.isdecimal() and int(text[:4]) >= 600
                yield "bold", text in {"bold", "bolder"} or heavy
            case "text-decoration" | "text-decoration-line":
                yield "underline", "underline" in text
                yield "strikeout", "line-through" in text


def _styles_of(rules: Iterable[Rule], node: Node | None, name: str) -> dict[str, Any]:
    """Return the style of a tag, or of a whole cue, without its parents.

    Args:
        rules: Rules of the file's style sheets; later ones win.
        node: The tag; None for the cue.
        name: Id of the cue.
    """
    style: dict[str, Any] = {}
    if node is not None:
        if node.name in _TAGS:
            style[_TAGS[node.name]] = True
        for own in node.classes:
            if own in _CLASSES:
                style["color"] = _CLASSES[own]
    for rule in rules:
        if rule.id and rule.id != name:
            continue
        if rule.is_root == (node is None) and (node is None or _fits(rule, node)):
            style |= rule.style
    return style


def _fits(rule: Rule, node: Node) -> bool:
    if rule.tag and rule.tag != node.name:
        return False
    if rule.annotation is not None and rule.annotation != node.annotation:
        return False
    return rule.classes <= set(node.classes)
