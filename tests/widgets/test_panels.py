"""Panels of plugins in an editor, over its wire, and what plugins say."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plugins_factory import ASK, BODY, PANEL_COMMANDS, panelled, wasm_of, written
from states import until
from widgets.wire import Wire, in_words

import timeline_nb as tl
from timeline_nb.settings import Settings
from timeline_nb.studio import Studio, open_studio
from timeline_nb.widgets.editor import Editor

ID = "org.example.test"
FIELDS = (
    {"kind": "field", "name": "title", "type": "text", "value": "Bikes"},
    {"kind": "button", "label": "Run", "command": "run", "args": {"n": 1}},
    {"kind": "button", "label": "Say", "command": "say"},
    {"kind": "button", "label": "Ask", "command": "ask"},
    {"kind": "button", "label": "Fail", "command": "fail"},
    {"kind": "button", "label": "Loop", "command": "loop"},
)
RUN, SAY, ASKS, FAIL, LOOP = range(1, 6)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    settings = Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", roots=[tmp_path]
    )
    with open_studio(settings) as made:
        yield made


@pytest.fixture
def editor(studio: Studio) -> Iterator[Editor]:
    cut = tl.Edit("cut", rate=25, size=(64, 48), studio=studio)
    made = Editor(cut)
    yield made
    made.close()


@pytest.fixture
def wire(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> Wire:
    return Wire(editor, monkeypatch)


def install(
    studio: Studio, folder: Path, text: str, *grant: str, **fields: Any
) -> None:
    asked = {"permissions": ["ui:panel", "ui:message"], "panel": "panel", **fields}
    path = written(folder, wasm_of(text), commands=PANEL_COMMANDS, **asked)
    studio.plugins.install(path, grant)


def panels(wire: Wire) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = wire.last("pluginPanels")[0]["panels"]
    return found


def panel(wire: Wire) -> dict[str, Any]:
    found = panels(wire)
    return found[0] if found else {"items": [], "problem": "", "version": 0}


def last_text(wire: Wire) -> str:
    items = panel(wire)["items"]
    return str(items[-1]["text"]) if items else ""


def press(wire: Wire, button: int, **values: Any) -> dict[str, Any]:
    version = panel(wire)["version"]
    return wire.ask(
        "pressPanel", plugin=ID, version=version, button=button, values=values
    )


def test_an_editor_without_plugins_loads_none(wire: Wire, studio: Studio) -> None:
    wire.hello()
    assert panels(wire) == []
    assert "plugins" not in vars(studio)


def test_a_panel_is_shown_when_it_is_allowed_and_gone_when_it_is_taken_back(
    wire: Wire, studio: Studio, tmp_path: Path
) -> None:
    wire.hello()
    install(studio, tmp_path / "p", panelled(*FIELDS, title="Test"))
    assert panels(wire) == []
    studio.plugins.grant(ID, "ui:panel")
    until(lambda: len(panel(wire)["items"]) == len(FIELDS) + 1)
    shown = panel(wire)
    assert (shown["plugin"], shown["name"], shown["title"]) == (ID, ID, "Test")
    assert shown["items"][0]["value"] == "Bikes"
    studio.plugins.revoke(ID, "ui:panel")
    until(lambda: panels(wire) == [])
    refused = wire.ask("refreshPanel", plugin=ID)
    assert "shows no panel" in refused["message"]


def test_a_button_runs_its_command_with_the_fields(
    wire: Wire, studio: Studio, tmp_path: Path
) -> None:
    install(studio, tmp_path / "p", panelled(*FIELDS), "ui:panel")
    wire.hello()
    until(lambda: panel(wire)["items"])
    assert press(wire, RUN, title="Trees")["kind"] == "done"
    expected = "{'command':'run','args':{'n':1,'title':'Trees'}}"
    until(lambda: last_text(wire) == expected)
    assert panel(wire)["running"] == ""


def test_an_old_panel_keeps_what_its_buttons_meant(
    wire: Wire, studio: Studio, tmp_path: Path
) -> None:
    install(studio, tmp_path / "p", panelled(*FIELDS), "ui:panel")
    wire.hello()
    until(lambda: panel(wire)["items"])
    for wrong in ({"version": 99}, {"button": 0}, {"button": 99}):
        request = {"version": panel(wire)["version"], "button": RUN, **wrong}
        refused = wire.ask("pressPanel", plugin=ID, values={}, **request)
        assert "has changed" in refused["message"]
    first = panel(wire)["version"]
    press(wire, RUN, title="a")
    until(lambda: panel(wire)["version"] > first)
    wire.ask("pressPanel", plugin=ID, version=first, button=RUN, values={"title": "b"})
    until(lambda: "'title':'b'" in last_text(wire))


def test_what_a_button_does_wrong_is_said_in_the_panel(
    wire: Wire, studio: Studio, tmp_path: Path
) -> None:
    install(studio, tmp_path / "p", panelled(*FIELDS), "ui:panel")
    wire.hello()
    until(lambda: panel(wire)["items"])
    press(wire, FAIL)
    until(lambda: panel(wire)["problem"])
    assert in_words(panel(wire)["problem"]) == f"fail of the plugin {ID}: no way"
    press(wire, ASKS)
    until(lambda: panel(wire)["refused"])
    refused = panel(wire)["refused"]
    assert list(map(in_words, refused)) == ["system: system:info is not granted"]


def test_a_message_is_shown_in_the_editor_with_the_name_of_the_plugin(
    wire: Wire,
    studio: Studio,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    editor: Editor,
) -> None:
    text = panelled(*FIELDS)
    install(studio, tmp_path / "p", text, "ui:panel", "ui:message")
    wire.hello()
    until(lambda: panel(wire)["items"])
    press(wire, SAY)
    until(lambda: any(one["kind"] == "pluginMessage" for one, _ in wire.told))
    said, _ = wire.last("pluginMessage")
    assert (said["plugin"], said["text"]) == (ID, "hello")
    assert "hello" not in capsys.readouterr().err
    # Without an editor, it is written once.
    editor.close()
    for _ in range(3):
        studio.plugins.call(ID, "say")
        time.sleep(0.6)
    assert capsys.readouterr().err == f"the plugin {ID} says: hello\n"


def test_a_command_that_hangs_is_cancelled_and_the_panel_lives_on(
    wire: Wire, studio: Studio, tmp_path: Path
) -> None:
    install(studio, tmp_path / "p", panelled(*FIELDS), "ui:panel")
    wire.hello()
    until(lambda: panel(wire)["items"])
    press(wire, LOOP)
    until(lambda: panel(wire)["running"] == "loop")
    assert "runs: wait for it" in press(wire, RUN)["message"]
    # The edit is not held.
    studio_edit = wire.ask("addTrack", type="video")
    assert studio_edit["kind"] in {"done", "refused"}
    wire.ask("cancelPanel", plugin=ID)
    until(lambda: panel(wire)["running"] == "")
    press(wire, RUN, title="x")
    until(lambda: "'title':'x'" in last_text(wire))


def test_an_event_has_the_panel_asked_for_again(
    wire: Wire, studio: Studio, tmp_path: Path
) -> None:
    text = panelled(*FIELDS)
    install(studio, tmp_path / "p", text, "ui:panel", events=["settings_changed"])
    wire.hello()
    until(lambda: panel(wire)["items"])
    tl.allow(tmp_path, studio=studio)
    until(lambda: "'setting':'allowed'" in last_text(wire))


def test_a_panel_that_fails_names_its_plugin(
    wire: Wire, studio: Studio, tmp_path: Path
) -> None:
    crash = BODY + '(func (export "tnb_call") (param i32 i32) (result i64) unreachable)'
    install(studio, tmp_path / "p", crash, "ui:panel")
    wire.hello()
    until(lambda: panel(wire)["problem"])
    assert ID in in_words(panel(wire)["problem"])
    for _ in range(4):
        wire.ask("refreshPanel", plugin=ID)
        time.sleep(0.3)
    # It was started again by each press, so that it is not given up for good.
    assert "not called any more" not in in_words(panel(wire)["problem"])


def test_a_file_is_opened_only_if_a_person_names_it(
    wire: Wire, studio: Studio, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    film = {"type": "string", "format": "file"}
    schema = {"properties": {"film": film}}
    items = (
        {"kind": "field", "name": "film", "type": "file"},
        {
            "kind": "button",
            "label": "Run",
            "command": "run",
            "args": {"film": str(secret)},
        },
    )
    commands = [{"name": "panel"}, {"name": "run", "args": schema}, ASK]
    asked = {"permissions": ["ui:panel"], "panel": "panel", "commands": commands}
    path = written(tmp_path / "p", wasm_of(panelled(*items)), **asked)
    studio.plugins.install(path, ["ui:panel"])
    wire.hello()
    until(lambda: panel(wire)["items"])
    press(wire, 1)
    until(lambda: "run" in last_text(wire))
    assert "handle" not in last_text(wire)
    press(wire, 1, film=str(secret))
    until(lambda: "'size':6" in last_text(wire))
    # What is typed in a view allows no folder.
    outside = Path(__file__)
    press(wire, 1, film=str(outside))
    until(lambda: panel(wire)["problem"])
    assert "test_panels.py" in in_words(panel(wire)["problem"])
