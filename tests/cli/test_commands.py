"""The command line, run as a script would run it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from media_factory import Clips
from models_factory import embedded_as, network, saved
from msgspec.structs import replace
from references import cut_from

from timeline_nb.media.library import MediaLibrary
from timeline_nb.project.document import load, save
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, Timeline


def run(*words: object, code: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run a command, and insist on its exit code."""
    command = [sys.executable, "-m", "timeline_nb.cli", *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done


def told(*words: object, code: int = 0) -> Any:
    """What a command prints as JSON."""
    return json.loads(run(*words, "--json", code=code).stdout)


def test_probe_tells_people_and_scripts(clips: Clips) -> None:
    text = run("probe", clips["phone"]).stdout
    assert "h264 112x192" in text
    assert "turned 90 degrees" in text
    info = told("probe", clips["ntsc"])
    assert info["video"][0]["rate"] == "30000/1001"
    assert info["audio"][0]["sample_rate_hz"] == 48_000


def test_what_cannot_be_done_says_why_in_a_line(tmp_path: Path) -> None:
    done = run("probe", tmp_path / "gone.mp4", code=1)
    assert done.stdout == ""
    assert done.stderr.startswith("timeline-nb: ")
    assert "gone.mp4 cannot be opened" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "no such option" in run("probe", "--sparkle", code=2).stderr.lower()


def test_scan_tells_of_broken_files_by_its_exit_code(
    clips: Clips, tmp_path: Path
) -> None:
    (tmp_path / "good.mp4").write_bytes(clips["cfr"].read_bytes())
    assert len(told("scan", tmp_path)["media"]) == 1
    (tmp_path / "bad.mp4").write_bytes(b"bad")
    report = told("scan", tmp_path, code=3)
    assert len(report["media"]) == 1
    assert report["problems"][0]["path"].endswith("bad.mp4")


def test_models_are_listed_added_used_and_removed(bikes: Path, tmp_path: Path) -> None:
    names = {model["name"]: model for model in told("models", "list")}
    assert names["nanodet-g-416"]["here"]
    assert not names["yolox-nano"]["here"]
    model = saved(tmp_path, embedded_as("end2end"), "mine.onnx")
    assert "end2end" in run("models", "add", model, "--name", "mine").stdout
    run("models", "remove", "mine")
    table = np.zeros((1, 6, 100), np.float32)
    facts = {"names": "['cat', 'dog']"}
    model = saved(tmp_path, network({"out": table}, metadata=facts), "pets.onnx")
    assert "yolov8" in run("models", "add", model).stdout
    asked = ("detect", bikes, "-o", tmp_path / "t.csv", "--every", 50, "--track")
    assert told(*asked, "--model", "pets")["detections"] == 0
    run("models", "remove", "pets")
    refused = run(*asked, "--model", "pets", code=1)
    assert "there is no model 'pets'" in refused.stderr
    # Without a yes nothing is fetched.
    shown = run("models", "pull", "yolox-nano", code=1)
    assert "Apache-2.0" in shown.stdout


def test_detect_writes_tables(bikes: Path, tmp_path: Path) -> None:
    summary = told("detect", bikes, "-o", tmp_path / "found.csv", "--every", 50)
    assert summary["frames"] == 5
    table = pd.read_csv(tmp_path / "found.csv")
    assert len(table) == summary["detections"] > 0
    run("detect", bikes, "-o", tmp_path / "found.parquet", "--every", 50)
    again = pd.read_parquet(tmp_path / "found.parquet")
    assert again["label"].tolist() == table["label"].tolist()
    refused = run("detect", bikes, "-o", tmp_path / "found.xls", code=1)
    assert "name the table .csv or .parquet" in refused.stderr


def test_render_makes_a_film_of_a_project(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(1))
    timeline = Timeline(name="walk", rate=Fraction(25), size=(192, 112))
    save(edits.append(timeline, [clip]), tmp_path / "walk.tlp")
    result = told("render", tmp_path / "walk.tlp", "-o", tmp_path / "walk.mp4")
    assert result["frames"] == 25
    assert result["path"].endswith("walk.mp4")
    assert (tmp_path / "walk.mp4").stat().st_size > 1000
    due = run("render", tmp_path / "walk.tlp", "-o", tmp_path / "walk.webm", "--plan")
    assert due.stdout.split()[:4] == ["0", "25", "encode", "cfr"]
    assert not (tmp_path / "walk.webm").exists()
    web = told(
        "render", tmp_path / "walk.tlp", "-o", tmp_path / "w.mp4", "--profile", "web"
    )
    assert web["info"]["video"][0]["codec"] == "h264"
    refused = run(
        "render",
        tmp_path / "walk.tlp",
        "-o",
        tmp_path / "w.mp4",
        "--profile",
        "no",
        code=1,
    )
    assert "there is no profile 'no'" in refused.stderr
    assert told("cache")["segments"] >= 1
    assert told("cache", "--clear")["freed_bytes"] > 0
    assert told("cache")["segments"] == 0
    broken = tmp_path / "broken.tlp"
    broken.write_text("{")
    done = run("render", broken, "-o", tmp_path / "no.mp4", code=1)
    assert "broken.tlp is not a project" in done.stderr
    assert not (tmp_path / "no.mp4").exists()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let commands be interrupted, as from a terminal.

    A shell makes what it starts in the background ignore SIGINT, and children inherit
    that; a handler of our own becomes the default action in them.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_render_leaves_nothing(
    bunny: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    # Each looks different: nothing is encoded once for several, and it takes a while.
    clips = [
        replace(
            cut_from(bunny, library, Fraction(0), Fraction(4)),
            effects=(Effect(kind="brightness", parameters={"amount": n / 50}),),
        )
        for n in range(25)
    ]
    timeline = Timeline(name="walk", rate=Fraction(25), size=(1280, 720))
    save(edits.append(timeline, clips), tmp_path / "walk.tlp")
    folder = tmp_path / "out"
    folder.mkdir()
    command = [sys.executable, "-m", "timeline_nb.cli", "render"]
    command += [str(tmp_path / "walk.tlp"), "-o", str(folder / "walk.mp4")]
    begun = tmp_path / "segments"
    env = {**os.environ, "TIMELINE_NB_CACHE_DIR": str(tmp_path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=env) as process:
        deadline = time.monotonic() + 200
        while not any(begun.glob("??/*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert any(begun.glob("??/*"))
        process.send_signal(signal.SIGINT)
        assert process.wait(200) == 130
    assert list(folder.iterdir()) == []


def test_edit_performs_commands_of_the_registry(
    clips: Clips, tmp_path: Path, library: MediaLibrary
) -> None:
    project = tmp_path / "cut.tlp"
    first = cut_from(clips["cfr"], library, Fraction(2, 5), Fraction(4, 5))
    empty = Timeline(name="cut", rate=Fraction(25), size=(192, 112))
    save(edits.append(empty, [first]), project)
    done = json.loads(run("edit", project, "split", "--json", '{"at": "5f"}').stdout)
    assert done["script"] == ['cut.split("5f")']
    several = [
        {"command": "delete", "clip": "c1"},
        {"command": "add_title", "text": "So", "start": 0, "end": "4f"},
        {"command": "append", "clips": [{"file": str(clips["ntsc"]), "end": "1s"}]},
    ]
    other = tmp_path / "other.tlp"
    run("edit", project, "--json", json.dumps(several), "-o", other)
    assert len(load(project).timeline.tracks[0].items) == 2
    tracks = load(other).timeline.tracks
    assert [track.name for track in tracks][:2] == ["V1", "V2"]
    placed = [item for item in tracks[0].items if isinstance(item, Clip)]
    assert [clip.duration for clip in placed] == [Fraction(3, 5), Fraction(1)]
    # Nothing is saved when one of several fails, and it says which.
    several.append({"command": "lift", "clip": "c99"})
    before = other.read_bytes()
    failed = run("edit", other, "--json", json.dumps(several), code=1)
    assert "command 1 of 4" in failed.stderr
    assert other.read_bytes() == before


def test_edit_lists_its_commands_and_their_schemas(tmp_path: Path) -> None:
    listed = run("edit", "--list").stdout
    assert "split" in listed
    assert "Split all unlocked tracks at a time" in listed
    schema = json.loads(run("edit", "split", "--schema").stdout)
    fields = set(schema["$defs"]["Split"]["properties"])
    assert fields == {"command", "at", "clip", "alone"}
    assert (
        "did you mean 'split'" in run("edit", _empty(tmp_path), "splitt", code=1).stderr
    )
    wrong = run("edit", _empty(tmp_path), "split", "--json", "{at: 1}", code=1)
    assert "JSON" in wrong.stderr


def _empty(folder: Path) -> Path:
    path = folder / "empty.tlp"
    if not path.exists():
        run("new", path, "--size", "192x112", "--rate", "29.97")
        made = load(path).timeline
        assert (made.size, made.rate) == ((192, 112), Fraction(30000, 1001))
    return path


def test_doctor_tells_what_works_and_prints_nothing_else() -> None:
    done = run("doctor", "--json")
    facts = json.loads(done.stdout)
    assert facts["encoders"]["libx264"] == "works"
    assert facts["recognition"]["CPUExecutionProvider"] == "works"
    assert "timeline_nb" in facts["versions"]
    assert facts["health"]["checks"]["decoder"]["state"] == "ok"
    assert done.stderr == ""


def _strange(folder: Path, clips: Clips) -> tuple[Path, Path]:
    """A project that names a film of a folder that nobody allowed, and that film."""
    (folder / "home").mkdir()
    (folder / "far").mkdir()
    film = folder / "far" / "street.mp4"
    film.write_bytes(clips["cfr"].read_bytes())
    span = {"start": "0", "duration": "1/5"}
    media = {"path": str(film), "available_range": span, "rate": "25"}
    clip = {"type": "clip", "id": "c1", "name": "far", "source_range": span}
    track = {"kind": "video", "name": "V1", "items": [{**clip, "media": media}]}
    timeline = {"name": "n", "rate": "25", "size": [192, 112], "tracks": [track]}
    document = {"format": "timeline_nb.project", "version": 1, "timeline": timeline}
    project = folder / "home" / "theirs.tlp"
    project.write_text(json.dumps(document))
    return project, film


def test_a_strangers_project_reads_what_the_option_allows(
    clips: Clips, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, film = _strange(tmp_path, clips)
    monkeypatch.setenv("TIMELINE_NB_ROOTS", str(project.parent))
    made = project.with_name("film.mp4")
    refused = run("render", project, "-o", made, code=1).stderr
    assert "names 1 file that nobody allowed it to read" in refused
    assert "clip 'far' (c1) is offline" in refused
    assert "in the terminal: --allow FOLDER" in refused
    assert not made.exists()
    told("render", project, "-o", made, "--allow", film.parent)
    told("render", project, "-o", made, "--allow", film)
    made.write_bytes(b"changed by another program")
    taken = run("render", project, "-o", made, "--allow", film, code=1).stderr
    assert "replace it with --overwrite" in taken
    told("render", project, "-o", made, "--allow", film, "--overwrite")
    run("render", project, "-o", made, "--allow", tmp_path / "gone", code=1)


def test_a_refusal_speaks_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "gone.mp4"
    english = run("probe", path, code=1).stderr
    why = english.removeprefix(f"timeline-nb: {path} cannot be opened: ")
    monkeypatch.setenv("TIMELINE_NB_LANGUAGE", "de")
    german = run("probe", path, code=1).stderr
    assert german == f"timeline-nb: {path} kann nicht geöffnet werden: {why}"
