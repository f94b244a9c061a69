"""Style sheets of WebVTT: color, slant, weight and lines of `::cue`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from timeline_nb.subtitles.colors import css_color

if TYPE_CHECKING:
    from timeline_nb.subtitles.cue_text import Node

__all__ = ["Rule", "rules_of", "styles_of"]

# Section 5.1: classes that have a color where no style sheet says otherwise.
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
    r"""\s*::cue(?:\(\s*
    (?P<tag>[a-z]+)?
    (?:\#(?P<id>[^\s.:\[\]()]+))?
    (?P<classes>(?:\.[\w-]+)*)
    (?:\[\s*(?P<key>voice|lang)\s*=\s*["']?(?P<value>[^"'\]]*)["']?\s*\])?
    \s*\))?\s*""",
    re.VERBOSE,
)
# Sheets of more rules style no subtitles, and each is tried on each tag.
_MOST_RULES: Final = 200
_MOST_LETTERS: Final = 50_000


@dataclass(frozen=True)
class Rule:
    """What a selector asks for, and what it gives.

    Args:
        tag: The tag's name, empty for any.
        id: The cue's id, empty for any.
        classes: All of which the tag has.
        annotation: Whose voice, or which language; None for any.
        is_root: Whether it is for cues as a whole.
        looks: Parameters of `title`.
    """

    tag: str
    id: str
    classes: frozenset[str]
    annotation: str | None
    is_root: bool
    looks: dict[str, Any]


def rules_of(sheets: Iterable[str]) -> list[Rule]:
    """The rules of style sheets that can be shown, in order."""
    found: list[Rule] = []
    for sheet in sheets:
        for part in _without_comments(sheet[:_MOST_LETTERS]).split("}"):
            selectors, _, body = part.partition("{")
            looks = dict(_looks(body))
            found += [
                rule
                for selector in selectors.split(",")
                if looks and (rule := _rule(selector, looks))
            ]
    return found[:_MOST_RULES]


def _without_comments(sheet: str) -> str:
    first, *rest = sheet.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _rule(selector: str, looks: dict[str, Any]) -> Rule | None:
    found = _SELECTOR.fullmatch(selector)
    if found is None:
        return None
    name = re.sub(r"\\(.)", r"\1", found["id"] or "")
    classes = frozenset(filter(None, (found["classes"] or "").split(".")))
    root = not (found["tag"] or classes or found["key"])
    value = found["value"] if found["key"] else None
    return Rule(found["tag"] or "", name, classes, value, root, looks)


def _looks(body: str) -> Iterator[tuple[str, Any]]:
    for part in body.split(";"):
        name, _, value = part.partition(":")
        told = value.replace("!important", "").strip().lower()
        match name.strip().lower():
            case "color":
                color = css_color(told)
                if color:
                    yield "color", color
            case "font-style":
                yield "italic", told in {"italic", "oblique"}
            case "font-weight":
                heavy = told.isdecimal() and int(told[:4]) >= 600
                yield "bold", told in {"bold", "bolder"} or heavy
            case "text-decoration" | "text-decoration-line":
                yield "underline", "underline" in told
                yield "strikeout", "line-through" in told


def styles_of(rules: Iterable[Rule], node: "Node | None", name: str) -> dict[str, Any]:
    """What a tag, or a cue as a whole, looks like by itself.

    Args:
        rules: Of the file's style sheets; later ones win.
        node: The tag; None for the cue.
        name: The cue's id.
    """
    looks: dict[str, Any] = {}
    if node is not None:
        if node.name in _TAGS:
            looks[_TAGS[node.name]] = True
        for own in node.classes:
            if own in _CLASSES:
                looks["color"] = _CLASSES[own]
    for rule in rules:
        if rule.id and rule.id != name:
            continue
        if rule.is_root == (node is None) and (node is None or _fits(rule, node)):
            looks |= rule.looks
    return looks


def _fits(rule: Rule, node: "Node") -> bool:
    if rule.tag and rule.tag != node.name:
        return False
    if rule.annotation is not None and rule.annotation != node.annotation:
        return False
    return rule.classes <= set(node.classes)
