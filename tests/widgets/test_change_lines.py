"""What somebody changed is told in messages, each of which can be translated."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import msgspec
import pytest
from messages import messages
from widgets.wire import in_words

import timeline_nb as tl
from timeline_nb.widgets.change_lines import line_of

# Numbers, times, names in quotes and those of tracks are no words.
_NO_WORDS: Final = re.compile(r'[\d.,:%\-\[\] ()s]*|".*"|[VAS]\d(, [VAS]\d)*')


@pytest.fixture
def cut() -> tl.Edit:
    """An edit of titles, with an effect, a transition, a marker and a subtitle."""
    cut = tl.Edit("cut", rate=25, size=(160, 90))
    for number in range(5):
        cut.titles.add(f"title {number}", start=number * 2, end=number * 2 + 2)
    cut.dissolve(after="c1", duration=Fraction(2, 5))
    cut.effects.add("c3", "gaussian_blur", sigma=0.02)
    cut.markers.add(1, name="here")
    cut.subtitles.add("hello", start=0, end=1)
    return cut


def _parts(line: Any) -> Iterator[tuple[str, str]]:
    """Each text of a line, by whether it is a template or is shown as it is."""
    if isinstance(line, str):
        yield "plain", line
        return
    yield "template", line["text"]
    for value in line["values"].values():
        yield from _parts(value)


def test_each_change_is_told_in_messages(cut: tl.Edit) -> None:
    before = cut.timeline
    cut.set("c2", name="bridge", transform=tl.Transform(opacity=0.5), fade_in="10f")
    cut.titles.set("c1", text="other")
    cut.effects.animate("c2", "opacity", {0: 0, 1: 1})
    cut.effects.set("c3", "gaussian_blur", sigma=0.03)
    cut.effects.add("c3", "vignette")
    cut.speed("c4", 2)
    cut.dissolve(after="c1", duration=Fraction(4, 5))
    cut.markers.set(0, at=2)
    cut.markers.add(3, name="there")
    cut.comments.add(1, "cut here")
    cut.subtitles.set("s6", text="good bye")
    cut.add_track("audio", name="A7")
    cut.titles.add("new", start=20, end=21)
    cut.delete("c5")
    changes = tl.diff(before, cut)
    assert len(changes) > 15
    lines = [msgspec.to_builtins(line_of(change)) for change in changes]
    known = {one.text for one in messages()}
    parts = [part for line in lines for part in _parts(line)]
    assert {text for kind, text in parts if kind == "template"} <= known
    plain = {text for kind, text in parts if kind == "plain"}
    assert {text for text in plain if not _NO_WORDS.fullmatch(text)} == set()


def test_a_line_says_what_the_change_says(cut: tl.Edit) -> None:
    before = cut.timeline
    cut.move("c4", to="9s")
    cut.delete("c3")
    for change in tl.diff(before, cut):
        assert in_words(msgspec.to_builtins(line_of(change))) == str(change)
