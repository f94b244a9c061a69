import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from timelines import clip, drawn_timelines, media, three_clips

from timeline_nb.core.structs import to_canonical
from timeline_nb.errors import ProjectError, TimelineNbError
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.project.document import load, save
from timeline_nb.project.relink import relink
from timeline_nb.project.schema import SCHEMA_PATH, schema
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Effect, Keyframe, Timeline, Transform
from timeline_nb.timeline.queries import clip_of
from timeline_nb.timeline.queries import media as media_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "walk.tlp"


def _here(timeline: Timeline, folder: Path) -> Timeline:
    """The timeline with its media in a folder."""
    tracks = tuple(
        replace(
            track,
            items=tuple(
                replace(
                    item, media=replace(item.media, path=str(folder / item.media.path))
                )
                if hasattr(item, "media")
                else item
                for item in track.items
            ),
        )
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tracks)


def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    return document


@settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))
@given(drawn_timelines())
def test_what_was_saved_is_opened_again(
    tmp_path_factory: pytest.TempPathFactory, timeline: Timeline
) -> None:
    folder = tmp_path_factory.mktemp("project")
    timeline = _here(timeline, folder)
    save(timeline, folder / "walk.tlp")
    assert load(folder / "walk.tlp").timeline == timeline
    jsonschema.validate(_document(folder / "walk.tlp"), schema())


def test_the_published_schema_is_the_one_of_the_structs() -> None:
    assert json.loads(SCHEMA_PATH.read_text()) == json.loads(json.dumps(schema()))
    jsonschema.Draft202012Validator.check_schema(schema())


def test_one_clip_changed_is_one_line_changed(path: Path) -> None:
    cut = _here(three_clips(has_audio=True), path.parent)
    save(cut, path)
    before = path.read_text().splitlines()
    save(edits.set_clip(cut, "c3", gain_db=-3.0), path)
    after = path.read_text().splitlines()
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1
    assert '"gain_db": -3.0' in changed[0][1]


def test_equal_timelines_are_equal_text(path: Path) -> None:
    cut = _here(three_clips(), path.parent)
    save(cut, path)
    text = path.read_bytes()
    loud = edits.set_clip(cut, "c1", gain_db=5.0, fade_in=Fraction(1))
    same = edits.set_clip(loud, "c1", gain_db=0.0, fade_in=Fraction(0))
    save(same, path)
    assert path.read_bytes() == text


def test_media_beside_the_project_move_with_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "footage").mkdir(parents=True)
    (first / "footage" / "street.mp4").write_bytes(b"x")
    cut = edits.append(three_clips(), [clip(of=media("/far/away.mp4"), name="away")])
    cut = _here(cut, first / "footage")
    save(cut, first / "walk.tlp")
    paths = {
        item["media"]["path"]
        for item in _document(first / "walk.tlp")["timeline"]["tracks"][0]["items"]
    }
    assert paths == {"footage/street.mp4", "/far/away.mp4"}
    first.rename(second)
    project = load(second / "walk.tlp")
    assert set(media_of(project.timeline)) == {
        str(second / "footage" / "street.mp4"),
        "/far/away.mp4",
    }
    assert [m.path for m in project.offline] == ["/far/away.mp4"]


def test_a_link_to_a_project_stays_a_link(path: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "walk.tlp"
    save(three_clips(), real)
    path.symlink_to(real)
    save(edits.lift(three_clips(), "c3"), path)
    assert path.is_symlink()
    assert "c3" not in real.read_text()


def test_a_change_by_another_program_is_not_overwritten(path: Path) -> None:
    digest = save(three_clips(), path)
    theirs = edits.lift(three_clips(), "c1")
    save(theirs, path)
    with pytest.raises(
        ProjectError, match=r"changed by another program.*overwrite=True"
    ):
        save(three_clips(), path, expect=digest)
    assert '"c1"' not in path.read_text()
    save(three_clips(), path, expect=digest, overwrite=True)
    assert '"c1"' in path.read_text()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"walk\.tlp cannot be written"):
        save(three_clips(), tmp_path / "nowhere" / "walk.tlp")
    with pytest.raises(ProjectError, match=r"walk\.tlp cannot be opened"):
        load(tmp_path / "walk.tlp")


def test_nothing_lies_beside_a_saved_project(path: Path) -> None:
    save(three_clips(), path)
    assert list(path.parent.iterdir()) == [path]


def _hold(path: str, ready: Any) -> None:
    from timeline_nb.project.document import locked

    with locked(Path(path)):
        ready.set()
        time.sleep(600)


def test_a_project_being_written_elsewhere_is_not_waited_for_long(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline_nb.project.document._LOCK_WAIT_S", 0.3)
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    other = context.Process(target=_hold, args=(str(path.resolve()), ready))
    other.start()
    try:
        assert ready.wait(120)
        with pytest.raises(ProjectError, match="being written by another program"):
            save(three_clips(), path)
    finally:
        other.kill()
        other.join()
    save(three_clips(), path)


def test_a_kernel_killed_while_saving_leaves_a_whole_project(path: Path) -> None:
    save(three_clips(), path)
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from timelines import three_clips\n"
        "from timeline_nb.project.document import save\n"
        "print('go', flush=True)\n"
        "while True:\n    save(three_clips(has_audio=True), Path(sys.argv[1]))\n"
    )
    for pause in (0.0, 0.013, 0.029, 0.041):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(pause)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert len(load(path).timeline.tracks) in {1, 2}


def test_opening_a_project_removes_what_a_killed_save_left(path: Path) -> None:
    save(three_clips(), path)
    script = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from timeline_nb.core.partials import partial_file\n"
        "with partial_file(Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(path)],
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert len(list(path.parent.iterdir())) == 2
    load(path)
    assert list(path.parent.iterdir()) == [path]


def _write(path: Path, change: Any) -> None:
    document = _document(path)
    change(document)
    path.write_text(json.dumps(document))


def _set(*keys: Any) -> Any:
    *way, last, value = keys

    def change(document: Any) -> None:
        for key in way:
            document = document[key]
        document[last] = value

    return change


ITEM = ("timeline", "tracks", 0, "items", 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("format", "other"), r"\$\.format"),
        (_set("version", 2), r"version 2, newer .* upgrade timeline_nb"),
        (_set("version", "1"), r"\$\.version"),
        (_set("timeline", "rate", 25), None),
        (_set("timeline", "rate", "fast"), r"\$\.timeline\.rate"),
        (_set("timeline", "rate", "1/0"), r"\$\.timeline\.rate"),
        (_set("timeline", "rate", "9" * 50), r"\$\.timeline"),
        (_set("timeline", "size", [1280]), r"\$\.timeline\.size"),
        (_set("timeline", "tracks", [{}] * 2_000), r"tracks: 2000 tracks are more"),
        (
            _set(*ITEM, "source_range", {"start": "0", "duration": "-1"}),
            r"\$\.timeline\.tracks\[0\]\.items\[1\]\.source_range",
        ),
        (_set(*ITEM, "type", "song"), r"\.items\[1\]"),
        (_set(*ITEM, "media", None), r"items\[1\]\.media"),
        (_set(*ITEM, "color", "red"), r"a field that is not known.*items\[1\]"),
        (_set(*ITEM, "gain_db", 1e308), r"items\[1\]: .*gain_db 1e\+308"),
        (_set(*ITEM, "gain_db", "loud"), r"items\[1\]\.gain_db"),
        (_set(*ITEM, "id", "c1"), r"'c1' is empty or stands 2 times"),
    ],
)
def test_a_broken_project_is_refused_with_the_place(
    path: Path, change: Any, message: str | None
) -> None:
    save(three_clips(), path)
    _write(path, change)
    before = path.read_bytes()
    if message is None:
        load(path)
    else:
        with pytest.raises(ProjectError, match=message) as caught:
            load(path)
        assert "walk.tlp" in str(caught.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"format": "timeline_nb.project", "version": ' + b"9" * 5000 + b"}",
        b"\xff\xfe\x00",
        b'{"format": "timeline_nb.project", "version": 1}',
        b'{"format": "timeline_nb.project", "version": 1, "timeline": {"tracks": 5}}',
        b'{"format": "timeline_nb.project", "version": 1, "timeline": '
        + b'{"name":' * 70
        + b"1"
        + b"}" * 70
        + b"}",
    ],
)
def test_hostile_text_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(ProjectError, match=r"walk\.tlp"):
        load(path)


def test_a_project_cut_short_is_refused(path: Path) -> None:
    save(three_clips(), path)
    data = path.read_bytes()
    for length in range(0, len(data) - 2, 97):
        path.write_bytes(data[:length])
        with pytest.raises(ProjectError):
            load(path)


def test_a_million_tracks_are_refused_before_they_are_built(path: Path) -> None:
    tracks = b",".join([b"{}"] * 1_000_000)
    path.write_bytes(
        b'{"format": "timeline_nb.project", "version": 1, "timeline": {"tracks": ['
        + tracks
        + b"]}}"
    )
    with pytest.raises(ProjectError, match="1000000 tracks are more than 1000"):
        load(path)


def test_a_project_of_version_0_is_brought_up(path: Path) -> None:
    save(three_clips(), path)
    document = _document(path)
    document["version"] = 0
    document["timeline"]["rate"] = 25
    for item in document["timeline"]["tracks"][0]["items"]:
        span = item["source_range"]
        item["source_range"] = {key: float(Fraction(t)) for key, t in span.items()}
    document["timeline"]["tracks"][0]["items"][0]["source_range"]["duration"] = 0.1
    path.write_text(json.dumps(document))
    timeline = load(path).timeline
    assert clip_of(timeline, "c1").duration == Fraction(1, 10)
    document["timeline"]["tracks"][0]["items"][0]["source_range"]["duration"] = "x"
    path.write_text(json.dumps(document))
    place = r"\$\.timeline\.tracks\[0\]\.items\[0\]\.source_range\.duration"
    with pytest.raises(ProjectError, match=place):
        load(path)


def test_media_that_moved_are_found_by_content(tmp_path: Path) -> None:
    old, new = tmp_path / "old.mp4", tmp_path / "shelf" / "deep" / "renamed.mp4"
    new.parent.mkdir(parents=True)
    new.write_bytes(b"these very frames")
    (tmp_path / "shelf" / "old.mp4").write_bytes(b"others of the same name")
    (tmp_path / "shelf" / "loop").symlink_to(tmp_path / "shelf")
    reference = replace(media(str(old)), fingerprint=fingerprint(new))
    lost = replace(media(str(tmp_path / "lost.mp4")), fingerprint="0" * 32)
    cut = edits.append(three_clips(), [clip(of=reference), clip(of=lost)])
    result = relink(cut, tmp_path / "shelf")
    assert result.found == {str(old): str(new.resolve())}
    assert clip_of(result.timeline, "c4").media.path == str(new.resolve())
    assert {m.path for m in result.missing} >= {lost.path}
    words = "<Relinked: 1 found (old.mp4), 2 missing ("
    assert repr(result).startswith(words), repr(result)
    only_name = relink(
        edits.append(
            three_clips(), [clip(of=replace(reference, fingerprint="1" * 32))]
        ),
        tmp_path / "shelf",
    )
    assert only_name.found == {}
    assert only_name.doubtful == {str(old): str(tmp_path / "shelf" / "old.mp4")}
    with pytest.raises(ProjectError, match="nowhere is not a folder"):
        relink(cut, tmp_path / "nowhere")


def test_a_file_that_is_no_project_is_not_replaced(path: Path) -> None:
    footage = b"\x00\x00\x00\x20ftypisom" + bytes(100)
    film = path.with_name("orig.mp4")
    film.write_bytes(footage)
    with pytest.raises(ProjectError, match=r"orig\.mp4 does not end in \.tlp.*'orig\."):
        save(three_clips(), film, overwrite=True)
    assert film.read_bytes() == footage
    path.write_bytes(footage)
    with pytest.raises(ProjectError, match=r"is not a project but an MP4 .*overwrite"):
        save(three_clips(), path)
    assert path.read_bytes() == footage
    save(three_clips(), path, overwrite=True)
    assert load(path).timeline.name == "walk"


def test_another_project_or_a_newer_one_is_not_replaced(path: Path) -> None:
    save(three_clips(), path)
    save(edits.lift(three_clips(), "c1"), path)
    kept = path.read_bytes()
    with pytest.raises(ProjectError, match="is the project 'walk', and this one is 'b"):
        save(replace(three_clips(), name="b"), path)
    _write(path, _set("version", 99))
    newer = path.read_bytes()
    with pytest.raises(ProjectError, match=r"of version 99, newer .* overwrite=True"):
        save(three_clips(), path)
    assert path.read_bytes() == newer != kept


def test_a_name_without_suffix_gets_it(tmp_path: Path) -> None:
    save(three_clips(), tmp_path / "walk")
    assert [p.name for p in tmp_path.iterdir()] == ["walk.tlp"]
    with pytest.raises(ProjectError, match="is a folder"):
        save(three_clips(), tmp_path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x00\x00\x00\x20ftypisom", r"an MP4 or QuickTime file: open it with"),
        (b'{"nbformat": 4, "cells": []}', "a Jupyter notebook"),
        (b'{"OTIO_SCHEMA": "Timeline.1"}', "an OpenTimelineIO file"),
        (b"PAR1....", "a Parquet table"),
        (b"", "an empty file"),
    ],
)
def test_what_is_opened_by_mistake_is_named(
    path: Path, data: bytes, message: str
) -> None:
    path.write_bytes(data)
    with pytest.raises(
        ProjectError, match=rf"walk\.tlp is not a project but {message}"
    ):
        load(path)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_an_edit_accepts_is_saved_and_opened(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Values of every kind: refused when the step is made, or given back equal."""
    values = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**6), 10**6),
        st.floats(),
        st.text(max_size=6),
        st.sampled_from(["ease-in", "fill", "cover", "#ff0000", "screen", Path("x")]),
        st.fractions(max_denominator=1000),
        st.tuples(st.floats(0, 1), st.floats(0, 1)),
        st.lists(st.integers(0, 9), max_size=3),
        st.sets(st.integers(0, 9), max_size=2),
    )
    value: Any = data.draw(values)
    shape = data.draw(
        st.sampled_from(["fit", "position", "scale", "opacity", "crop", "blend"])
    )
    key = data.draw(st.sampled_from(["interpolation", "value", "time", "handles"]))
    keyframe = replace(Keyframe(time=Fraction(0), value=0.5), **{key: value})
    name = data.draw(st.sampled_from(["name", "gain_db", "pan", "fade_in", "audio"]))
    track = data.draw(st.sampled_from(["name", "gain_db", "enabled", "style", "pan"]))
    steps = [
        lambda t: edits.set_clip(t, "c1", **{name: value}),
        lambda t: edits.set_clip(
            t, "c1", transform=replace(Transform(), **{shape: value})
        ),
        lambda t: edits.set_clip(t, "c1", keyframes={"opacity": (keyframe,)}),
        lambda t: edits.set_clip(t, "c1", metadata={"x": value}),
        lambda t: edits.set_track(t, "V1", **{track: value}),
        lambda t: edits.add_effect(t, "c1", Effect(kind="a", parameters={"x": value})),
        lambda t: edits.add_effect(t, "", Effect(kind=value)),
        lambda t: edits.add_marker(
            t, name=value, marked_range=TimeRange(Fraction(1), Fraction(0))
        ),
        lambda t: edits.transition(t, after="c1", duration=Fraction(1), kind=value),
        lambda t: edits.add_subtitle(
            t, "hi", at=TimeRange(Fraction(1), Fraction(1)), style={"x": value}
        ),
    ]
    try:
        timeline = data.draw(st.sampled_from(steps))(three_clips())
    except TimelineNbError:
        return
    folder = tmp_path_factory.mktemp("project")
    timeline = _here(timeline, folder)
    save(timeline, folder / "walk.tlp")
    # Tuples and fractions of free values come back as lists and texts.
    assert to_canonical(load(folder / "walk.tlp").timeline) == to_canonical(timeline)
