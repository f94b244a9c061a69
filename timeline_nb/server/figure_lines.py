"""Read figures in Prometheus' text format line by line, and leave out what is none.

Prometheus refuses a text as a whole for one line that it cannot read: a kernel, whose
code anyone may have written, must not take the others' figures away.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

__all__ = ["FamilyLine", "FigureLine", "read_figure_lines"]

# Version 0.0.4 of the format: what its own parser in Go takes.
_HELP: Final = re.compile(
    r"# HELP (?P<family>[a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\\n]|\\[\\n])*"
)
_TYPE: Final = re.compile(
    r"# TYPE (?P<family>[a-zA-Z_:][a-zA-Z0-9_:]*) "
    r"(?P<type>counter|gauge|histogram|summary|untyped)"
)
_NUMBER: Final = (
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,9})?"
    r"|NaN|[+-]?Inf"
)
_LABEL: Final = re.compile(
    r'(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?P<text>(?:[^"\\\n]|\\[\\n"])*)"(?:,|$)'
)
_SAMPLE: Final = re.compile(
    r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?P<labels>[^\n]*)\})? "
    rf"(?P<value>{_NUMBER})"
)
_FLOAT: Final = re.compile(_NUMBER)
# A metric of a type has samples of these names, and a label that is a number.
_PARTS: Final = {
    "histogram": {"_bucket": "le", "_sum": "", "_count": "", "_created": ""},
    "summary": {"": "quantile", "_sum": "", "_count": "", "_created": ""},
}
_PLAIN: Final = {"": ""}
# Given by the server that shows it, or by Prometheus.
_RESERVED: Final = frozenset({"kernel", "__name__"})
# A kernel has some hundred; each series costs Prometheus memory for ever.
_MOST_SAMPLES: Final = 5_000
_MOST_LABELS: Final = 30


@dataclass(frozen=True)
class FamilyLine:
    """What a text says of a family; `type` is empty for its help."""

    family: str
    line: str
    type: str = ""


@dataclass(frozen=True)
class FigureLine:
    """One figure; its labels and value as they are written."""

    family: str
    name: str
    labels: str
    value: str


_Line: TypeAlias = FamilyLine | FigureLine


def read_figure_lines(text: str) -> Iterator[_Line]:
    """Yield the lines of a text that Prometheus can read, each series once.

    It ends after 5,000 series. A sample belongs to the family that the last `# TYPE`
    names, if it has a name of such a one, else to a family of its own name.
    """
    family, kind = "", ""
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    for line in text.split("\n"):
        if len(seen) >= _MOST_SAMPLES:
            return
        if head := _TYPE.fullmatch(line):
            family, kind = head["family"], head["type"]
            yield FamilyLine(family, line, kind)
        elif about := _HELP.fullmatch(line):
            yield FamilyLine(about["family"], line)
        elif found := _SAMPLE.fullmatch(line):
            labels = _labels(found["labels"] or "")
            if labels is None:
                continue
            name = found["name"]
            key = (name, frozenset(labels.items()))
            own = _family_of(name, labels, family, kind)
            if own is None or key in seen:
                continue
            seen.add(key)
            yield FigureLine(
                own, name, (found["labels"] or "").rstrip(","), found["value"]
            )


def _family_of(name: str, labels: dict[str, str], family: str, kind: str) -> str | None:
    """Return the family of a sample; None for one that its type cannot have."""
    is_of_family = bool(family) and name.startswith(family)
    parts = _PARTS.get(kind, _PLAIN)
    part = name.removeprefix(family) if is_of_family else None
    if part is None or (part not in parts and part):
        return name
    label = parts.get(part)
    if label is None:
        # Such as a histogram's own name, which no sample of it has.
        return None
    if label and not _FLOAT.fullmatch(labels.get(label, "")):
        return None
    return family


def _labels(text: str) -> dict[str, str] | None:
    """Return labels by their names; None for what are none, or may not be given."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        label = _LABEL.match(text, at)
        if label is None or label["name"] in found or len(found) >= _MOST_LABELS:
            return None
        found[label["name"]] = label["text"]
        at = label.end()
    return None if _RESERVED & found.keys() else found
