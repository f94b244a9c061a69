"""`timeline-nb convert` and `timeline-nb export`."""

import json
from pathlib import Path

import pytest
from media_factory import Clips
from typer.testing import CliRunner

from timeline_nb.cli.app import app
from timeline_nb.errors import ProjectError
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.studio import open_studio

pytestmark = pytest.mark.timeout(60)


def run(*words: object) -> str:
    done = CliRunner().invoke(app, [*map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def project(clips: Clips, tmp_path: Path) -> Path:
    with open_studio() as studio:
        src = open_media(clips["cfr"], studio=studio)
        cut = Edit("street", size=(192, 112), studio=studio)
        cut.append(src.clip("0.4s", "1s"))
        cut.effects.add(0, "sepia")
        cut.subtitles.add("Hello", start=0, end="0.2s")
        return cut.save(tmp_path / "a.tlp")


def test_a_project_is_exported_with_a_report(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.otio"
    printed = run("export", project, "-o", path, "--dry-run")
    assert "the effect 'sepia' kept" in printed
    assert not path.exists()
    assert run("export", project, "-o", path).splitlines() == [str(path)]
    printed = run("export", project, "-o", path, "--report", "--subtitles", "srt")
    assert str(tmp_path / "a.srt") in printed
    (made,) = json.loads(run("export", project, "-o", path, "--strict", "--json"))
    assert made["files"] == [str(path)]
    assert made["findings"][0]["outcome"] == "kept"
    with pytest.raises(ProjectError, match="did you mean 'otio'"):
        run("export", project, "-o", tmp_path / "b.xyz", "--format", "otoi")


def test_an_edit_is_converted_and_back(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.otio"
    run("convert", project, path)
    again = tmp_path / "b.otio"
    assert run("convert", path, again).strip() == str(again)
    assert again.read_bytes() == path.read_bytes()
    back = tmp_path / "b.tlp"
    assert run("convert", again, back).strip() == str(back)
    made = json.loads(back.read_text("utf-8"))["timeline"]
    assert made == json.loads(project.read_text("utf-8"))["timeline"]
    copy = tmp_path / "c.data"
    copy.write_bytes(path.read_bytes())
    run("convert", copy, tmp_path / "c.tlp", "--from", "otio")
    with pytest.raises(ProjectError, match="no timeline 9"):
        run("convert", path, tmp_path / "d.tlp", "--from-args", '{"timeline": 9}')
