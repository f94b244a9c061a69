"""XML of strangers: read within limits, no entity is expanded and no file fetched.

The whole document becomes a tree of `XmlElement`. Expat reads it in one pass; what
would take more than the limits, or declares entities, is refused at the place where it
begins, so that a hostile file costs no more than an honest one of its size.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from timeline_nb.core.file_limits import FileLimit
from timeline_nb.errors import ProjectError

__all__ = [
    "MAX_XML_BYTES",
    "MAX_XML_NODES",
    "XmlElement",
    "can_hold",
    "dump_xml",
    "parse_xml",
]

# An hour of cuts each second, with effects, takes 10 MB in Kdenlive's form.
MAX_XML_BYTES: Final = FileLimit("TIMELINE_NB_MAX_XML_BYTES", 100_000_000)
# Of elements and attributes; each takes about half a kilobyte of memory.
MAX_XML_NODES: Final = FileLimit("TIMELINE_NB_MAX_XML_NODES", 1_000_000)
# Nested compound clips of Final Cut Pro are ten levels each.
_MAX_DEPTH: Final = 200
_ENCODINGS: Final = {"utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"}
# What XML 1.0 can hold (section 2.2); lone surrogates stand for bytes of file names.
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True, eq=False)
class XmlElement:
    """An element with its attributes, its children and the text right in it.

    Args:
        tag: Its name, with a prefix if the file has one.
        attributes: By name, in the order of the file.
        text: What stands in it outside of its children.
        line: Of the file, from 1; 0 of an element that was made here.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    line: int = 0
    children: list["XmlElement"] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute's value, or the default."""
        return self.attributes.get(name, default)

    def all(self, *tags: str) -> Iterator["XmlElement"]:
        """Yield the children of these tags, in order."""
        return (child for child in self.children if child.tag in tags)

    def first(self, tag: str) -> "XmlElement | None":
        """Return the first child of a tag; None if there is none."""
        return next(self.all(tag), None)

    def add(self, tag: str, text: str = "", /, **attributes: object) -> "XmlElement":
        """Append a child and return it; `in_` becomes the attribute `in`."""
        named = {
            name.rstrip("_"): str(value)
            for name, value in attributes.items()
            if value is not None
        }
        child = XmlElement(tag, named, text)
        self.children.append(child)
        return child


def parse_xml(
    data: bytes, name: str, *, kind: type[Exception] = ProjectError
) -> XmlElement:
    """Return the root of a document that may be broken or hostile.

    Args:
        data: The document in UTF-8, UTF-16, ASCII, Latin-1 or Windows-1252.
        name: Of the file, for messages.
        kind: Of the error.

    Raises:
        ProjectError: Or the kind that was given: it is not XML, is too large, nests
            too deeply, or declares entities; the message has the line.
    """
    if len(data) > MAX_XML_BYTES.value:
        raise kind(f"{name} has {len(data):,} bytes, {MAX_XML_BYTES.excess}")
    reading = _Reading()
    try:
        root = reading.parse(data)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        raise kind(f"{name} is not XML: {words}, line {error.lineno}") from error
    except _RefusedError as error:
        raise kind(f"{name} {error}, line {reading.line}") from None
    except (ValueError, LookupError) as error:
        raise kind(f"{name} is not XML: its encoding cannot be read") from error
    if root is None:
        raise kind(f"{name} is not XML: it has no element")
    return root


class _RefusedError(Exception):
    """The document is beyond a limit, or has what is not read."""


class _Reading:
    """The tree as far as it is read."""

    def __init__(self) -> None:
        self._parser: Final = expat.ParserCreate()
        self._left = self._most = MAX_XML_NODES.value
        self._root: XmlElement | None = None
        # Open elements, with the texts right in each.
        self._open: list[tuple[XmlElement, list[str]]] = []

    @property
    def line(self) -> int:
        return self._parser.CurrentLineNumber

    @property
    def _too_many(self) -> "_RefusedError":
        return _RefusedError(f"has elements and attributes, {MAX_XML_NODES.excess}")

    def parse(self, data: bytes) -> XmlElement | None:
        # At about a million a second, elements are counted before they are made.
        seen = data.count(b"<") - data.count(b"</") + data.count(b'="')
        if seen > self._most:
            raise self._too_many
        parser = self._parser
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.SkippedEntityHandler = self._skipped
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        # All at once: expat looks at a long token again with each part it is given.
        parser.Parse(data, True)
        return self._root

    def _declared(self, _version: str, encoding: str | None, _alone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise _RefusedError(
                f"is in the encoding {encoding[:40]!r}: save it as UTF-8"
            )

    def _doctype(
        self, _name: str, _system: str | None, _public: str | None, inside: int
    ) -> None:
        if inside:
            raise _RefusedError(
                "declares entities or rules of its own in its DOCTYPE, which are not "
                "read from files of others: remove them"
            )

    def _skipped(self, name: str, _parameter: int) -> None:
        raise _RefusedError(f"uses the entity {name[:40]!r}, which it does not declare")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._left -= 1 + len(attributes)
        if self._left < 0:
            raise self._too_many
        if len(self._open) >= _MAX_DEPTH:
            raise _RefusedError(f"nests more than {_MAX_DEPTH} deep")
        element = XmlElement(tag, attributes, line=self.line)
        if self._open:
            self._open[-1][0].children.append(element)
        else:
            self._root = element
        self._open.append((element, []))

    def _end(self, _tag: str) -> None:
        element, texts = self._open.pop()
        element.text = "".join(texts)

    def _text(self, text: str) -> None:
        self._open[-1][1].append(text)


def can_hold(text: str) -> bool:
    """Return whether XML can hold all letters of a text."""
    return _ILLEGAL.search(text) is None


def dump_xml(root: XmlElement, *, doctype: str = "") -> str:
    """Return a document as text, one element a line, in UTF-8.

    Letters that XML cannot hold become U+FFFD, the sign for such.

    Args:
        root: The root; its nesting is limited by memory alone.
        doctype: The name in the document's DOCTYPE; none if empty.
    """
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    if doctype:
        parts.append(f"<!DOCTYPE {doctype}>\n")
    open_: list[tuple[XmlElement, bool]] = [(root, True)]
    depth = 0
    while open_:
        element, begins = open_.pop()
        if not begins:
            depth -= 1
            parts.append(f"{'  ' * depth}</{element.tag}>\n")
            continue
        head = "".join(
            f' {name}="{_escaped(value, quoted=True)}"'
            for name, value in element.attributes.items()
        )
        parts.append(f"{'  ' * depth}<{element.tag}{head}")
        if element.children:
            parts.append(f">{_escaped(element.text)}\n")
            open_.append((element, False))
            open_ += [(child, True) for child in reversed(element.children)]
            depth += 1
        elif element.text:
            parts.append(f">{_escaped(element.text)}</{element.tag}>\n")
        else:
            parts.append("/>\n")
    return "".join(parts)


def _escaped(text: str, *, quoted: bool = False) -> str:
    text = _ILLEGAL.sub("\ufffd", text).replace("&", "&amp;")
    text = text.replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    if quoted:
        text = text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return text
