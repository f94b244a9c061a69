"""Analyzers in memory: what they are sent, and what is made of their answers."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attacks.plugins import HOSTILE_ANALYZERS, SHORT
from plugins_factory import BODY, OnePlugin, answering, picturing

from timeline_nb.core.offers import Offers
from timeline_nb.errors import JobCancelledError, PluginError
from timeline_nb.recognition.analyzers import Analyzer, MediaPart, Stream
from timeline_nb.recognition.measures import measured_of
from timeline_nb.wasm_plugins.analyzers import analyzers_of

COLUMNS = [{"name": "mean"}]
METER = {"name": "meter", "columns": COLUMNS}


def parts(count: int = 3) -> Iterator[MediaPart]:
    for number in range(count):
        yield MediaPart(
            np.full((2, 4, 3), number, np.uint8), number, Fraction(number, 25)
        )


def measured(analyzer: Analyzer, count: int = 3, **args: Any) -> Any:
    stream = Stream(of="picture", parts=count, size=(4, 2))
    checked = analyzer.checked(args)
    return measured_of(
        analyzer,
        parts(count),
        lambda given: analyzer.measure(stream, given, checked, lambda: None),
    )


def one(text: str, limits: Any = None, **fields: Any) -> Analyzer:
    offer = {**METER, **fields}
    plugins: Any = OnePlugin(BODY + text, limits, commands=[], analyzers=[offer])
    (found,) = analyzers_of(plugins, "")
    return found


# A picture's first byte as a digit, at the place of the digit in the answer.
FIRST_BYTE = """
(i32.store8 (i32.const 8210) (i32.add (i32.const 48) (i32.load8_u (local.get 1))))
"""


def test_each_picture_lies_in_the_memory_of_the_plugin() -> None:
    found = measured(one(picturing('{"rows": [{"mean":0}]}', FIRST_BYTE)))
    assert found == ([0, 1, 2], [0, 1, 2], {"mean": [0.0, 1.0, 2.0]})


def test_an_empty_answer_is_no_row() -> None:
    text = (
        answering("{}") + '(func (export "tnb_picture") '
        "(param i32 i32 i32 i32 i64 i64 i64) (result i64) i64.const 0)"
    )
    assert measured(one(text)) == ([0, 1, 2], [], {"mean": []})


def test_rows_after_the_last_picture_name_theirs() -> None:
    # Messages get rows: begin has no picture to be of, and names none.
    early = answering('{"rows": [{"mean": 1}]}')
    picture = picturing("{}").partition("(data (i32.const 8192)")
    with pytest.raises(PluginError, match="before the first part"):
        measured(one(early + "".join(picture[1:])))
    late = answering('{"rows": [{"mean": 1, "frame": 7}]}')
    with pytest.raises(PluginError, match="frame: 7 is none that it was given"):
        measured(one(late + "".join(picture[1:])))


def test_the_plugin_says_why_it_cannot() -> None:
    with pytest.raises(PluginError, match=r"meter of the plugin .*: no"):
        measured(one(picturing('{"error": "no"}')))


@pytest.mark.parametrize("name", HOSTILE_ANALYZERS)
def test_hostile_analyzers_are_named(name: str) -> None:
    own = HOSTILE_ANALYZERS[name]
    columns = [{"name": "mean"}, {"name": "word", "type": "text"}]
    with pytest.raises(PluginError, match=own.message) as caught:
        measured(one(own.text, own.limits, columns=columns))
    assert "org.example.test" in str(caught.value)


def test_the_memory_is_that_of_the_level_and_of_four_pictures() -> None:
    # 16 MiB are 256 pages; 2 MB more would not fit, and the small picture adds none.
    grow = "(drop (memory.grow (i32.const 300))) (i32.store8 (i32.const 19000000) "
    text = picturing('{"rows": []}', grow + "(i32.const 1))")
    with pytest.raises(PluginError, match="outside its memory"):
        measured(one(text))


def test_what_checks_meanwhile_ends_it() -> None:
    stuck = one(picturing("{}", "(loop $l (br $l))"))
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) > 3:
            raise JobCancelledError("enough")

    stream = Stream(of="picture", parts=3, size=(4, 2))
    with pytest.raises(JobCancelledError, match="enough"):
        list(stuck.measure(stream, parts(), {}, check))


def test_an_endless_picture_is_stopped_within_the_limit() -> None:
    with pytest.raises(PluginError, match=r"longer than 0\.3 s"):
        measured(one(picturing("{}", "(loop $l (br $l))"), SHORT))


def test_arguments_are_checked_and_sent() -> None:
    args = {"properties": {"least": {"type": "integer", "default": 3}}}
    found = one(picturing("{}"), args=args)
    assert found.checked({}) == {"least": 3}
    with pytest.raises(PluginError, match="least: 'x' is not of the type integer"):
        found.checked({"least": "x"})


def test_another_module_or_analyzer_has_another_identity() -> None:
    same = {one(picturing("{}")).identity, one(picturing("{}")).identity}
    other = one(picturing('{"rows": []}')).identity
    named = one(picturing("{}"), columns=[{"name": "other"}]).identity
    assert len(same | {other, named}) == 3


def test_an_offer_is_found_by_its_name() -> None:
    asked = []

    def source(plugin: str) -> list[Analyzer]:
        asked.append(plugin)
        return [one(picturing("{}"))]

    offers = Offers[Analyzer]("analyzer", source)
    assert offers.named("org.example.test/meter").of == "picture"
    assert asked == ["org.example.test"]
    for wrong in ("org.example.test/metre", "meter", "/", ""):
        with pytest.raises(PluginError, match="there is no analyzer"):
            offers.named(wrong)
