"""What a plugin's panel may show: bounds, and what it cannot make a person do."""

from typing import Any

import pytest
from plugins_factory import ANYTHING, BODY, ECHO, read, wasm_of

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.panels import (
    Panel,
    PanelButton,
    arguments_of,
    read_panel,
)

FILM = {"type": "string", "format": "file"}
SCHEMA = {"properties": {"film": FILM, "title": {"type": "string"}, "n": {}}}
MANIFEST = read(
    wasm_of(BODY + ECHO),
    commands=[
        {"name": "panel"},
        {"name": "upload", "args": SCHEMA},
        {"name": "run", "args": ANYTHING},
    ],
    panel="panel",
)


def panel(*items: Any, **fields: Any) -> Panel:
    return read_panel(MANIFEST, {"items": list(items), **fields})


def field(name: str, type: str, value: Any = "", **more: Any) -> dict[str, Any]:  # noqa: A002 - the field's name
    return {"kind": "field", "name": name, "type": type, "value": value, **more}


def text_of(one: Panel) -> str:
    return str(one.items)


def test_a_panel_is_read() -> None:
    found = panel(
        {"kind": "text", "text": "one\ntwo"},
        {"kind": "value", "label": "Uploads", "value": 3},
        {"kind": "progress", "label": "film.mp4", "fraction": 0.5},
        {"kind": "table", "columns": ["a", "b"], "rows": [[1, None], [True, "x"]]},
        field("title", "text", "Bikes"),
        field("privacy", "choice", "public", choices=["public", "private"]),
        {"kind": "button", "label": "Upload", "command": "upload"},
        title="Uploader",
    )
    assert (found.title, found.left_out, len(found.items)) == ("Uploader", 0, 7)
    text, value, _, table, named, *_ = found.items
    assert text.text == "one\ntwo"  # type: ignore[union-attr]
    assert value.value == "3"  # type: ignore[union-attr]
    assert table.rows == [["1", ""], ["yes", "x"]]  # type: ignore[union-attr]
    assert named.label == "title"  # type: ignore[union-attr]


def test_what_is_too_long_is_cut() -> None:
    text = {"kind": "text", "text": "x" * 1_000_000}
    found = panel(*[text] * 10_000)
    assert len(found.items) <= 100
    assert found.left_out == 10_000 - len(found.items)
    assert len(text_of(found)) < 100_000
    assert found.items[0].text.endswith("…")  # type: ignore[union-attr]
    lines = panel({"kind": "text", "text": "\n" * 5_000})
    assert lines.items[0].text.count("\n") < 50  # type: ignore[union-attr]
    rows = [["y" * 5_000] * 500] * 5_000
    table = panel({"kind": "table", "columns": ["c" * 5_000] * 500, "rows": rows})
    assert len(text_of(table)) < 200_000
    labels = panel(
        {"kind": "button", "label": "b" * 9_999, "command": "run"}, title="t" * 9_999
    )
    assert len(labels.title) < 200
    assert len(labels.items[0].label) < 200  # type: ignore[union-attr]


# A right-to-left override, a zero-width space, an escape, a null, a line separator.
@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\x1b", "\x00", "\u2028"])
def test_what_cannot_be_seen_is_shown(letter: str) -> None:
    evil = f"Cancel{letter}lanigiro"
    found = panel(
        {"kind": "text", "text": evil},
        {"kind": "value", "label": evil, "value": evil},
        {"kind": "table", "columns": [evil], "rows": [[evil]]},
        {"kind": "progress", "label": evil, "fraction": 1},
        {"kind": "button", "label": evil, "command": "run"},
        field("x", "choice", evil, choices=[evil], label=evil),
        title=evil,
    )
    assert letter not in found.title
    assert repr(letter)[1:-1] not in repr(found)
    assert repr(found).count("Cancel·") == 11


def test_markup_is_text() -> None:
    found = panel({"kind": "text", "text": "<script>alert(1)</script>"})
    assert found.items[0].text == "<script>alert(1)</script>"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ({"kind": "html", "html": "<b>"}, "Invalid value 'html'"),
        ({"kind": "text"}, "missing required field `text`"),
        ({"kind": "text", "text": "a", "url": "http://x"}, "unknown field `url`"),
        ({"kind": "text", "text": 5}, "Expected `str`, got `int`"),
        ({"kind": "progress", "fraction": 1.5}, "<= 1"),
        ({"kind": "value", "label": "a", "value": 10**400}, "items"),
        ({"kind": "table", "columns": ["a"], "rows": [[1, 2]]}, "each row has 1"),
        ({"kind": "button", "label": "x", "command": "rm"}, "no command 'rm'"),
        (field("film", "file", "/etc/passwd"), "a person names the file"),
        (field("x", "choice", "c", choices=["a", "b"]), "none of its choices"),
        (field("x", "number", "five"), "no number"),
        (field("x", "checkbox", 1), "neither true nor false"),
        (field("__proto__", "text"), "items"),
        ("text", "Expected `object`"),
    ],
)
def test_what_is_no_panel_names_the_plugin_and_the_place(item: Any, fault: str) -> None:
    with pytest.raises(PluginError) as caught:
        panel({"kind": "text", "text": "a"}, item)
    message = str(caught.value)
    assert message.startswith("the panel of the plugin org.example.test: ")
    assert "items[1]" in message or "items" in message
    assert fault in message
    assert len(message) < 500


def test_two_fields_of_a_name_are_refused() -> None:
    with pytest.raises(PluginError, match="two fields 'x'"):
        panel(field("x", "text"), field("x", "number", 1))


def arguments(found: Panel, values: dict[str, Any]) -> dict[str, Any]:
    button = found.items[-1]
    assert isinstance(button, PanelButton)
    command = next(one for one in MANIFEST.commands if one.name == button.command)
    return arguments_of(found, button, command, values)


def button(command: str = "upload", **args: Any) -> dict[str, Any]:
    return {"kind": "button", "label": "go", "command": command, "args": args}


def test_a_button_gives_its_command_the_fields_that_it_takes() -> None:
    found = panel(
        field("title", "text"),
        field("other", "text"),
        field("n", "number", 1),
        button(title="old"),
    )
    values = {"title": "Bikes", "other": "x", "n": 3.0, "forged": "y"}
    assert arguments(found, values) == {"title": "Bikes", "n": 3}
    assert isinstance(arguments(found, values)["n"], int)
    assert arguments(found, {"n": 2.5})["n"] == 2.5
    any_taken = panel(field("title", "text"), button("run", more=1))
    assert arguments(any_taken, values) == {"title": "Bikes", "more": 1}


def test_no_button_names_a_file_but_the_person() -> None:
    """A path in a file's argument opens that file, whatever the plugin may read."""
    assert arguments(panel(button(film="/etc/passwd")), {}) == {}
    assert arguments(panel(button(film="/etc/passwd")), {"film": "/etc/passwd"}) == {}
    # A text may be filled in by the plugin, and sent by a press of "OK".
    prefilled = panel(field("film", "text", "/etc/passwd"), button())
    assert arguments(prefilled, {"film": "/etc/passwd"}) == {}
    named = panel(field("film", "file"), button(film="/etc/passwd"))
    assert arguments(named, {"film": "/home/ada/a.mp4"}) == {"film": "/home/ada/a.mp4"}
    assert arguments(named, {}) == {}
