"""The settings of the editor over the wire of its widgets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from widgets.wire import Wire

import timeline_nb as tl


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    folders = tl.Settings(
        cache_dir=tmp_path / "cache",
        data_dir=tmp_path / "data",
        editor=tl.EditorSettings(keymap="resolve"),
    )
    with tl.open_studio(folders) as studio:
        yield studio


def cut(studio: tl.Studio) -> tl.Edit:
    return tl.Edit("cut", rate=25, size=(64, 48), studio=studio)


def test_a_choice_reaches_every_widget_of_the_studio(
    studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = cut(studio)
    editor, player = tl.Editor(edit), tl.Player(edit)
    wires = [Wire(editor, monkeypatch), Wire(player, monkeypatch)]
    for wire in wires:
        wire.hello()
        assert wire.last("settings")[0]["keymap"] == "resolve"
    answer = wires[0].ask("changeSettings", keymap="premiere", transition="12f")
    assert answer["kind"] == "settings"
    for wire in wires:
        said = wire.last("settings")[0]
        assert (said["keymap"], said["transition"], said["snaps"]) == (
            "premiere",
            "12f",
            True,
        )
    wires[0].ask("resetSettings")
    assert wires[1].last("settings")[0]["keymap"] == "resolve"


def test_a_change_by_another_kernel_is_sent_when_asked_for(
    studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(tl.TimelineWidget(cut(studio)), monkeypatch)
    wire.hello()
    with tl.open_studio(studio.settings) as other:
        other.editor_settings.change(keys={"timeline.split": ("X",)})
    assert wire.ask("askSettings")["keys"] == {"timeline.split": ("X",)}


def test_a_setting_that_there_is_not_is_refused(
    studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(tl.TimelineWidget(cut(studio)), monkeypatch)
    wire.hello()
    assert wire.ask("changeSettings", keymap="avid")["kind"] == "refused"
    assert wire.ask("askSettings")["keymap"] == "resolve"


def test_a_reviewer_changes_no_settings(
    studio: tl.Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(tl.Review(cut(studio)), monkeypatch)
    wire.hello()
    assert wire.ask("changeSettings", keymap="premiere")["kind"] == "refused"
    assert wire.ask("askSettings")["keymap"] == "resolve"


def test_the_chosen_language_comes_before_that_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = tl.Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", language="fr"
    )
    with tl.open_studio(folders) as studio:
        editor = tl.Editor(cut(studio))
        wire = Wire(editor, monkeypatch)
        wire.hello()
        assert editor._language == "fr"
        wire.ask("changeSettings", language="ja")
        assert (editor._language, tl.Player(cut(studio))._language) == ("ja", "ja")
        wire.ask("changeSettings", language="")
        assert editor._language == "fr"
