"""Every command by method, by JSON and by script makes equal timelines."""

import inspect
import json
import typing
from fractions import Fraction
from operator import attrgetter
from pathlib import Path

import jsonschema
import pytest
import timelines
from hypothesis import given, settings
from hypothesis import strategies as st
from timelines import drawn_command, drawn_timelines, three_clips

import timeline_nb as tl
from timeline_nb.commands.arranging import Split
from timeline_nb.commands.command import Command
from timeline_nb.commands.registry import COMMANDS, command_from, schema, to_document
from timeline_nb.commands.script import call_of
from timeline_nb.errors import TimelineNbError


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_command_by_method_json_and_script_makes_equal_timelines(
    data: st.DataObject,
) -> None:
    begin = data.draw(drawn_timelines(most_edits=3))
    command = data.draw(drawn_command(begin))
    document = json.loads(json.dumps(to_document(command)))
    jsonschema.validate(document, schema(command.command_name()))
    name = document.pop("command")
    again = command_from(name, document, rate=begin.rate)
    assert again == command
    call = call_of(command, begin.rate)
    cut = tl.Edit(timeline=begin)
    try:
        expected = command.apply(begin)
    except TimelineNbError as refused:
        with pytest.raises(type(refused)):
            exec(f"cut.{call}", {"cut": cut, "tl": tl, "Fraction": Fraction})  # noqa: S102 - it is what is tested
        return
    if expected == begin:
        # A person is told that nothing would be done; a command does nothing.
        return
    exec(f"cut.{call}", {"cut": cut, "tl": tl, "Fraction": Fraction})  # noqa: S102 - it is what is tested
    assert cut.timeline == expected
    if expected != begin:
        assert cut.session.undo_label == command.label


# What a person may write in more ways than a command holds it.
_WRITTEN_AS = {
    "nest": {"timeline": "other"},
    "animate": {"keyframes": "values"},
    "move_effect": {"number": "effect"},
    "remove_effect": {"number": "effect"},
    "set_effect": {"number": "effect"},
}
# Their fields are keyword arguments that the signature does not list.
_OPEN = {"set_clip", "set_track", "set_effect"}


@pytest.mark.parametrize("kind", COMMANDS.values(), ids=COMMANDS)
def test_a_command_is_a_method_with_its_fields(kind: type[Command]) -> None:
    method = attrgetter(kind.method)(tl.Edit("x"))
    variable = {"VAR_KEYWORD", "VAR_POSITIONAL"}
    taken = {
        name
        for name, own in inspect.signature(method).parameters.items()
        if own.kind.name not in variable
    }
    written = _WRITTEN_AS.get(kind.command_name(), {})
    fields = {written.get(name, name) for name in kind.__struct_fields__}
    fields -= {kind.unpacked}
    assert (taken - {"interpolation", "fps"} == fields) or (
        kind.command_name() in _OPEN and taken <= fields
    )
    assert (kind.__doc__ or "").endswith(".")
    assert method.__doc__


def test_every_command_is_tried_by_chance() -> None:
    """`drawn_command` lists them all, so that the property above covers them."""
    source = Path(timelines.__file__).read_text()
    missing = [
        kind.__name__
        for kind in COMMANDS.values()
        if f".{kind.__name__}(" not in source
    ]
    assert missing == []


def test_what_json_says_wrong_is_named() -> None:
    rate = Fraction(25)
    with pytest.raises(tl.TimelineNbError, match="did you mean 'split'"):
        command_from("splitt", {}, rate=rate)
    with pytest.raises(tl.TimelineNbError, match=r"unknown field `when`.*at, clip"):
        command_from("split", {"when": 2}, rate=rate)
    with pytest.raises(tl.TimelineNbError, match="missing required field `at`"):
        command_from("split", {}, rate=rate)
    with pytest.raises(tl.TimelineNbError, match=r"gain_db"):
        command_from("set_clip", {"clip": "c1", "gain_db": "3"}, rate=rate)
    with pytest.raises(tl.TimelineNbError, match=r"at"):
        command_from("split", {"at": "soon"}, rate=rate)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (2, Fraction(2)),
        (0.1, Fraction(1, 10)),
        ("12f", Fraction(12, 25)),
        ("1/3", Fraction(1, 3)),
        ("00:00:01:05", Fraction(6, 5)),
        ("500ms", Fraction(1, 2)),
    ],
)
def test_json_reads_times_as_people_write_them(
    written: object, seconds: Fraction
) -> None:
    found = command_from("split", {"at": written}, rate=Fraction(25))
    assert found == Split(at=seconds)


def test_the_schema_of_all_has_each_command_once() -> None:
    whole = schema()
    jsonschema.Draft202012Validator.check_schema(whole)
    document = to_document(Split(at=Fraction(2), clip="c1"))
    jsonschema.validate(document, whole)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**document, "late": 1}, whole)
    assert len(whole["oneOf"]) == len(COMMANDS)


def test_hints_of_all_commands_resolve() -> None:
    for kind in COMMANDS.values():
        assert typing.get_type_hints(kind, include_extras=True)


def test_a_command_leaves_the_timeline_it_is_applied_to_alone() -> None:
    begin = three_clips()
    after = Split(at=Fraction(2)).apply(begin)
    assert begin == three_clips()
    assert after != begin
