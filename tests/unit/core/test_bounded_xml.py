"""XML of strangers is read within limits, and what is written is read again."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_time import at_once

from timeline_nb.core.bounded_xml import XmlElement, dump_xml, parse_xml
from timeline_nb.errors import ProjectError, TimelineError

LAUGHS = b"<!DOCTYPE a [" + b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha")
    for n in range(10)
)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "no element"),
    "binary": (lambda: bytes(range(256)) * 100, "not XML"),
    "NUL": (lambda: b"<a>\0</a>", "not XML"),
    "cut off": (lambda: b"<a><b>x</b><c", "line 1"),
    "two roots": (lambda: b"<a/>\n<b/>", "line 2"),
    "twice an attribute": (lambda: b'<a b="1" b="2"/>', "duplicate attribute"),
    "not UTF-8": (lambda: b"<a>\xff\xfe</a>", "invalid token"),
    "half a letter": (lambda: b"<a>&#xD800;</a>", "character"),
    "billion laughs": (lambda: LAUGHS + b"]><a>&l9;</a>", "DOCTYPE"),
    "file": (
        lambda: b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>',
        "DOCTYPE",
    ),
    "outer rules": (lambda: b'<!DOCTYPE a SYSTEM "x.dtd"><a>&f;</a>', "entity 'f'"),
    "undeclared": (lambda: b"<a>&nbsp;</a>", "undefined entity"),
    "defaults": (
        lambda: b'<!DOCTYPE a [<!ATTLIST b c CDATA "x">]><a><b/></a>',
        "DOCTYPE",
    ),
    "unknown encoding": (
        lambda: b'<?xml version="1.0" encoding="rot13"?><a/>',
        "save it as UTF-8",
    ),
    "wrong encoding": (lambda: b'<?xml version="1.0" encoding="utf-16"?><a/>', "XML"),
    "deep": (lambda: b"<a>" * 100_000, "nests more than 200 deep"),
    "many": (lambda: b"<a>" + b"<b/>" * 3_000_000, "TIMELINE_NB_MAX_XML_NODES"),
    "attributes": (
        lambda: b"<a %s/>" % b" ".join(b'b%d="1"' % n for n in range(1_000_001)),
        "TIMELINE_NB_MAX_XML_NODES",
    ),
    "large": (lambda: b" " * 100_000_001, "TIMELINE_NB_MAX_XML_BYTES"),
    "spaced attributes": (
        lambda: b"<a>" + b"<b c = '1'/>" * 600_000,
        "TIMELINE_NB_MAX_XML_NODES",
    ),
    "open quote": (lambda: b'<a b="' + b"x" * 10_000_000, "line 1"),
    "open comment": (lambda: b"<a><!--" + b"- " * 5_000_000, "line 1"),
    "ampersands": (lambda: b"<a>" + b"&" * 1_000_000, "line 1"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_by_its_name(name: str) -> None:
    make, why = HOSTILE[name]
    data = make()
    with at_once(), pytest.raises(ProjectError, match=why) as caught:
        parse_xml(data, "strange.mlt")
    assert "strange.mlt" in str(caught.value)


def test_the_error_is_of_the_kind_that_was_asked_for() -> None:
    with pytest.raises(TimelineError, match="strange"):
        parse_xml(b"<", "strange", kind=TimelineError)


def test_text_attributes_and_lines_are_those_of_the_file() -> None:
    root = parse_xml(
        b'<?xml version="1.0"?>\n<!DOCTYPE fcpxml>\n<a b="1 &lt; 2">x<!-- no -->\n'
        b"<c>&#228;&amp;<![CDATA[<d>]]></c>y<c/></a>",
        "film.xml",
    )
    first, second = root.all("c")
    assert root.get("b") == "1 < 2"
    assert root.text == "x\ny"
    assert (first.text, first.line, second.text) == ("ä&<d>", 4, "")
    assert root.first("c") is first
    assert root.first("d") is None
    assert root.get("none", "7") == "7"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_of_old_programs_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>für</a>'
    assert parse_xml(text.encode(encoding), "old.xml").text == "für"


texts = st.text(max_size=8)


@given(st.lists(st.tuples(texts, texts), max_size=4))
def test_what_is_written_is_what_two_readers_read(pairs: list[tuple[str, str]]) -> None:
    root = XmlElement("a")
    for value, text in pairs:
        root.add("b", text, in_=value, left_out=None)
    written = dump_xml(root, doctype="a").encode()
    ours, theirs = parse_xml(written, "a.xml"), ET.fromstring(written)  # noqa: S314 - ours
    assert [(b.get("in"), b.text) for b in ours.all("b")] == [
        (b.get("in"), b.text or "") for b in theirs
    ]
    if all(text.isprintable() for pair in pairs for text in pair):
        assert [(b.get("in"), b.text) for b in ours.all("b")] == pairs


def test_a_deep_tree_is_written_without_recursion() -> None:
    root = inner = XmlElement("a")
    for _ in range(5000):
        inner = inner.add("a")
    assert dump_xml(root).count("<a") == 5001
