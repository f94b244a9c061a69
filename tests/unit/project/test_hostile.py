"""Hostile projects are refused on loading, with the JSON path to the fault."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from timelines import three_clips

from timeline_nb.core.bounded_json import memory_needed
from timeline_nb.errors import ProjectError
from timeline_nb.notebook.edit import Edit
from timeline_nb.project.document import load, save
from timeline_nb.project.relink import relink
from timeline_nb.settings import Settings
from timeline_nb.studio import open_studio

_INF, _NAN = float("inf"), float("nan")
_LONG = "m" * 300


def _changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Return a project whose first clip was changed as a dict."""
    path = folder / "p.tlp"
    save(three_clips(), path, overwrite=True)
    document = json.loads(path.read_text())
    change(document["timeline"]["tracks"][0]["items"][0])
    path.write_text(json.dumps(document))
    return path


def _keyed(name: str, value: Any) -> Callable[[dict[str, Any]], object]:
    keys = {name: [{"time": "0", "value": value}]}
    return lambda clip: clip.update(keyframes=keys)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(transform={"opacity": "x"}), r"\$.timeline.*opacity"),
        (_keyed("opacity", "x"), r"tracks\[0\].items\[0\]: .*'opacity' that is text"),
        (_keyed("position", [1]), r"items\[0\]: .*'position' .* two numbers"),
        (_keyed("scale", -1), r"items\[0\]: .*'scale' that is not between 0"),
        (
            lambda c: c.update(gain_db=float("inf")),
            r"items\[0\]\.gain_db is not finite",
        ),
        (
            lambda c: c.update(metadata={"a": [_NAN]}),
            r"metadata\.a\[0\] is not",
        ),
        (lambda c: c.update(name="\ud800"), r"items\[0\]\.name has half a letter"),
        (lambda c: c.update(metadata={"\ud800": 1}), r"metadata has a key with half"),
        (lambda c: c.update(name="n" * 1001), r"length <= 1000 .* `\$.timeline.tracks"),
        (
            lambda c: c["media"].update(path="m" * 300),
            r"items\[0\].media.path .* too long",
        ),
        (lambda c: c["media"].update(path="a\0b"), r"items\[0\].media.path .* no path"),
        (
            lambda c: c.update(metadata={"a": 10**41}),
            r"metadata.a .* than 40 digits",
        ),
        (lambda c: c.update(fade_in="1/10000000000001"), "denominator beyond"),
        (
            lambda c: c["media"].update(
                generator={"kind": "title", "parameters": {"opacity": "x"}}
            ),
            r"items\[0\].media.generator.parameters.opacity is text: .* a number",
        ),
        (
            lambda c: c.update(
                effects=[{"kind": "brightness", "parameters": {"amount": []}}]
            ),
            r"items\[0\].effects\[0\].parameters.amount is a list: .* a number",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_on_loading(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    with pytest.raises(ProjectError, match=message):
        load(_changed(tmp_path, change))


def test_a_number_beyond_all_floats_has_its_path(tmp_path: Path) -> None:
    path = _changed(tmp_path, lambda clip: clip.update(gain_db=0.25))
    path.write_text(path.read_text().replace("0.25", "1e999999"))
    with pytest.raises(ProjectError, match=r"items\[0\]\.gain_db is not finite"):
        load(path)


def test_a_loop_of_links_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").symlink_to(tmp_path / "b.mp4")
    (tmp_path / "b.mp4").symlink_to(tmp_path / "a.mp4")
    path = _changed(tmp_path, lambda clip: clip["media"].update(path="a.mp4"))
    with pytest.raises(ProjectError, match=r"items\[0\]\.media\.path .* symbolic link"):
        load(path)


def test_a_file_name_that_is_not_utf_8_survives(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xe9.mp4")
    path = _changed(tmp_path, lambda clip: clip["media"].update(path=name))
    project = load(path)
    save(project.timeline, path, overwrite=True)
    assert load(path).timeline == project.timeline


def test_empty_objects_are_refused_before_they_are_built(tmp_path: Path) -> None:
    path = tmp_path / "p.tlp"
    path.write_bytes(b'{"a": [' + b"{}," * 10_000_000 + b"{}]}")
    with pytest.raises(ProjectError, match=r"MB of memory, .*\(project_bytes"):
        load(path)
    assert memory_needed(path.read_bytes()) > 3e9


def test_the_setting_raises_the_limit(tmp_path: Path) -> None:
    path = _changed(tmp_path, dict.copy)
    small = Settings(cache_dir=tmp_path / "cache", project_bytes=1000)
    with (
        open_studio(small) as studio,
        pytest.raises(ProjectError, match="Settings\\(project_bytes"),
    ):
        Edit.load(path, studio=studio)
    assert Edit.load(path).timeline.name == three_clips().name


def test_a_pipe_is_no_project(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.tlp")
    with pytest.raises(ProjectError, match="is a pipe, not a file"):
        load(tmp_path / "p.tlp")


def test_a_million_keys_of_which_the_last_repeats_end_soon(tmp_path: Path) -> None:
    keys = ",".join(f'"{n}":0' for n in range(200_000))
    path = tmp_path / "p.tlp"
    path.write_text('{"a": {' + keys + ',"199999":0}}')
    with pytest.raises(ProjectError, match="a key stands twice"):
        load(path)


def test_what_is_no_path_is_told(tmp_path: Path) -> None:
    anything: Any = 3
    with pytest.raises(ProjectError, match="path=3 is an int"):
        Edit.load(anything)
    for name in ("f" * 300 + ".tlp", "f\0.tlp", "\ud800.tlp"):
        with pytest.raises(ProjectError):
            load(tmp_path / name)
    with pytest.raises(ProjectError, match="cannot be searched"):
        relink(three_clips(), tmp_path / ("f" * 300))
