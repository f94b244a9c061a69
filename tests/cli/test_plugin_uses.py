"""Plugins measure, import and export in a terminal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from media_factory import Clips, picture
from typer.testing import CliRunner

from timeline_nb.cli.app import app
from timeline_nb.errors import PluginError, TimelineNbError
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.loading import load
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.studio import open_studio

SOURCES = Path(__file__).parents[1] / "plugins_src" / "meter"
METER = "timeline-nb.test.meter"


@pytest.fixture(scope="module", autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("data")
        patch.setenv("TIMELINE_NB_DATA_DIR", str(folder))
        run("plugins", "add", SOURCES / "meter.wasm")
        yield


def run(*words: object) -> str:
    done = CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_what_is_installed_is_listed() -> None:
    (facts,) = json.loads(run("plugins", "list", "--json"))
    assert facts["analyzers"] == ["brightness", "motion", "loudness"]
    assert facts["importers"] == facts["exporters"] == {"cuts": [".cuts"]}


def test_a_file_is_measured(clips: Clips, tmp_path: Path) -> None:
    table = tmp_path / "light.csv"
    words = ["analyze", clips["cfr"], f"{METER}/brightness", "--every", "20"]
    run(*words, "-o", table)
    found = pd.read_csv(table)
    assert found["frame"].tolist() == [0, 20, 40]
    known = [picture(number).mean() for number in (0, 20, 40)]
    assert found["mean"].tolist() == pytest.approx(known, abs=1.5)
    printed = run(*words, "--start", "1s").splitlines()
    assert printed[0] == "frame,pts,end_pts,time_s,mean,label"
    assert [line.split(",")[0] for line in printed[1:]] == ["25", "45"]
    loud = [clips["quick"], f"{METER}/loudness", "--every", "0.5s", "--json"]
    rows: list[dict[str, Any]] = json.loads(run("analyze", *loud))
    assert [row["time_s"] for row in rows] == [0, 0.5, 1, 1.5, 2]
    args = ["--args", '{"least": 255}']
    assert len(run(*words, *args).splitlines()) == 1
    for wrong, message in (
        ("{", "no JSON"),
        ("[]", "give an object"),
        ('{"every": 3}', "no plugin has an argument 'every'"),
        ('{"least": "x"}', "not of the type integer"),
    ):
        with pytest.raises(PluginError, match=message):
            run(*words, "--args", wrong)


def test_an_edit_is_imported_and_exported(clips: Clips, tmp_path: Path) -> None:
    with open_studio() as studio:
        src = open_media(clips["cfr"], studio=studio)
        cut = Edit("street", size=(192, 112), studio=studio)
        cut.append(src.clip("0.4s", "1s"))
        cut.save(tmp_path / "a.tlp")
    film, path = tmp_path / "a.mp4", tmp_path / "a.cuts"
    run("export", tmp_path / "a.tlp", "-o", path, "--whole-paths")
    assert path.read_text("utf-8").endswith(f"{clips['cfr']}\t2/5\t3/5\n")
    run("convert", path, tmp_path / "b.tlp", "--allow", clips["cfr"])
    with open_studio() as studio:
        back = load(tmp_path / "b.tlp", studio=studio)
        assert (back.duration, back.offline) == (cut.duration, [])
    # Any command that takes a project takes it.
    run("render", path, "-o", film, "--allow", clips["cfr"])
    assert film.exists()
    with pytest.raises(TimelineNbError, match="no exporter 'a/b'"):
        run("export", path, "-o", tmp_path / "c.cuts", "--format", "a/b")
