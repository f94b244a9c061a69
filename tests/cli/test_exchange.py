"""`timeline-nb convert` and `timeline-nb export`."""

import io
import json
import re
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import typer
from media_factory import Clips
from typer.testing import CliRunner

from timeline_nb.cli.app import app, main
from timeline_nb.cli.hints import in_terminal
from timeline_nb.errors import PluginError, ProjectError
from timeline_nb.notebook.edit import Edit
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.studio import open_studio


def command(*words: object) -> tuple[int, str]:
    """Run the program in this process: its exit code, and all that it prints."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["timeline-nb", *map(str, words)])
        with (
            redirect_stdout(printed),
            redirect_stderr(printed),
            pytest.raises(SystemExit) as ended,
        ):
            main()
    return int(ended.value.code or 0), printed.getvalue()


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
    printed = run(
        "convert", path, tmp_path / "b.mlt", "--subtitles", "vtt", "--bake", "look"
    )
    assert str(tmp_path / "b.vtt") in printed
    with pytest.raises(ProjectError, match=r"d.tlp is a project, .* no --bake"):
        run("convert", path, tmp_path / "d.tlp", "--bake", "look")
    with pytest.raises(ProjectError, match="no timeline 9"):
        run("convert", path, tmp_path / "d.tlp", "--from-args", '{"timeline": 9}')


def test_formats_take_arguments_that_plugins_cannot_have(
    project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.edl"
    run("export", project, "-o", path, "--args", '{"start": "10:00:00:00"}')
    assert "10:00:00:00" in path.read_text("utf-8")
    for words in ('{"strict": true}', "[]", "{"):
        with pytest.raises(PluginError, match="--from-args: "):
            run("convert", path, tmp_path / "b.otio", "--from-args", words)


def test_a_failure_is_printed_once(tmp_path: Path) -> None:
    bad = tmp_path / "a.fcpxml"
    bad.write_text("no XML")
    for _ in range(3):
        code, printed = command("convert", bad, tmp_path / "b.otio")
        assert code == 1
        assert printed.count("is not XML") == 1


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("convert", "a.csv", "c.xml"), "name one of them, as --format mlt"),
        (("convert", "a.csv", "b.tlp", "--from", "edll"), "--from edll: no such"),
        (("convert", "a.csv", "b.otio", "--format", "ed"), "--format ed: no such"),
        (("convert", "a.xml", "b.otio"), "name its format, as --from mlt"),
        (("export", "a.tlp", "-o", "b.mp4"), "timeline-nb render PROJECT -o 'b.mp4'"),
        (("export", "a.tlp", "-o", "b.tlp"), "timeline-nb convert FILE 'b.tlp'"),
        (("export", "a.tlp", "-o", "a.mlt", "--report"), "--subtitles srt writes them"),
    ],
)
def test_hints_name_what_the_terminal_has(
    words: tuple[str, ...],
    hint: str,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("file,start,end\nx.mp4,0,1\n")
    (tmp_path / "a.xml").write_text("<x/>")
    assert project.name == "a.tlp"
    assert hint in command(*words)[1]


def test_options_of_hints_exist_in_the_commands() -> None:
    cell = (
        "name its format, as format='mlt'; format='x': no such format is written; "
        "subtitles='srt'; bake='effects'; sequence='B'; "
        "strict=False goes on without; overwrite=True (--overwrite)"
    )
    given = set(re.findall(r"--[a-z-]+", in_terminal(cell)))
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    has = {word for one in commands["convert"].params for word in one.opts}
    assert given == {
        *("--from", "--format", "--subtitles", "--bake", "--from-args", "--strict"),
        "--overwrite",
    }
    assert given <= has


def test_media_that_moved_are_found_from_the_terminal(
    project: Path, tmp_path: Path, clips: Clips
) -> None:
    document = json.loads(project.read_text("utf-8"))
    shutil.copy(clips["cfr"], tmp_path / "moved.mp4")
    (tmp_path / "lost").mkdir()
    text = json.dumps(document).replace(str(clips["cfr"]), "gone.mp4")
    project.write_text(text)
    code, printed = command("relink", project, tmp_path / "lost")
    assert code == 3
    assert "missing" in printed
    printed = run("relink", project, tmp_path, "--overwrite")
    assert str(tmp_path / "moved.mp4") in printed
    assert "nothing is offline" in run("relink", project, tmp_path)
