"""What a person sets in the editor: its checks, and the file notebooks share."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import timeline_nb as tl
from timeline_nb.editor_settings import EditorSettings, EditorSettingsStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "editor.json"


@pytest.mark.parametrize(
    ("field", "value", "advice"),
    [
        ("keymap", "avid", "give one of 'default', 'premiere', 'resolve', 'finalcut'"),
        ("transition", "0s", "such as '12f', or in seconds, such as '1s'"),
        ("transition", "0f", "such as '12f'"),
        ("transition", "soon", "such as '12f'"),
        ("well", "blue", "give one of 'dark', 'page'"),
        ("snaps", "yes", "Expected `bool`"),
        ("language", "tlh", "en, ru, es"),
        ("keys", {"edit.undo": ("Mod+Z",) * 9}, "length <= 8"),
    ],
)
def test_what_is_no_setting_is_refused_with_what_may_be(
    field: str, value: object, advice: str
) -> None:
    with pytest.raises(tl.TimelineError) as caught:
        EditorSettings(**{field: value})  # type: ignore[arg-type]
    assert str(caught.value).startswith(f"{field}=")
    assert advice in str(caught.value)


@pytest.mark.parametrize("length", ["12f", "1s", "0.5s", "120f"])
def test_a_transition_has_a_length_in_frames_or_seconds(length: str) -> None:
    assert EditorSettings(transition=length).transition == length


def test_choices_come_before_the_defaults_and_end_with_a_reset(path: Path) -> None:
    defaults = EditorSettings(snaps=False, keymap="resolve")
    store = EditorSettingsStore(path, defaults)
    assert store.now == defaults
    store.change(keymap="premiere")
    again = EditorSettingsStore(path, defaults)
    assert again.now == EditorSettings(snaps=False, keymap="premiere")
    # Only what was chosen is kept: other defaults may change later.
    assert json.loads(path.read_text()) == {"keymap": "premiere"}
    assert again.reset() == defaults


def test_a_second_process_and_this_one_keep_both_changes(path: Path) -> None:
    store = EditorSettingsStore(path, EditorSettings())
    seen: list[EditorSettings] = []
    store.changed.connect(seen.append)
    script = (
        "import sys; from pathlib import Path\n"
        "from timeline_nb.editor_settings import *\n"
        "store = EditorSettingsStore(Path(sys.argv[1]), EditorSettings())\n"
        "store.change(keys={'timeline.split': ('Mod+K',)})\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    store.change(well="page")
    both = EditorSettings(keys={"timeline.split": ("Mod+K",)}, well="page")
    assert store.now == both
    assert seen == [both]


def test_a_change_of_another_process_is_seen_at_a_refresh(path: Path) -> None:
    one, other = (EditorSettingsStore(path, EditorSettings()) for _ in range(2))
    seen: list[EditorSettings] = []
    other.changed.connect(seen.append)
    one.change(follow="smooth")
    other.refresh()
    other.refresh()
    assert seen == [EditorSettings(follow="smooth")]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{", EditorSettings()),
        ("[]", EditorSettings()),
        ('{"keymap": "avid", "snaps": false}', EditorSettings(snaps=False)),
        ('{"language": "tlh"}', EditorSettings()),
        ('{"from_a_later_release": 1, "well": "page"}', EditorSettings(well="page")),
    ],
)
def test_what_the_file_has_wrong_is_left_aside(
    path: Path, text: str, left: EditorSettings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    path.parent.mkdir()
    path.write_text(text)
    assert EditorSettingsStore(path, EditorSettings()).now == left


def test_a_wrong_change_changes_nothing(path: Path) -> None:
    store = EditorSettingsStore(path, EditorSettings())
    wrong: dict[str, Any] = {"thumbnails": "some"}
    with pytest.raises(tl.TimelineError, match="'all', 'ends', 'off'"):
        store.change(**wrong)
    assert not path.exists()


def test_a_studio_keeps_them_in_its_data_folder(tmp_path: Path) -> None:
    given = tl.EditorSettings(transition="12f")
    folders = tl.Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", editor=given
    )
    with tl.open_studio(folders) as studio:
        assert studio.editor_settings.now.transition == "12f"
        studio.editor_settings.change(transition="10f")
    with tl.open_studio(folders) as studio:
        assert studio.editor_settings.now.transition == "10f"
