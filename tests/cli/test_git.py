"""Projects under the real git: differences in words, and merges by clips."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from timelines import clip, row, three_clips

from timeline_nb.project.document import load, save
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import clip_of

NAME = "film with 'quotes'.tlp"


class Repository:
    """A repository in a folder, with settings of its own alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.folder.mkdir()
        home = folder / "home"
        home.mkdir()
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("GIT_")},
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PAGER": "cat",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        self.git("init", "-q", "-b", "main")
        self.git("config", "user.name", "Ada")
        self.git("config", "user.email", "ada@example.org")

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def git(self, *words: str, code: int = 0) -> str:
        return self.run("git", *words, code=code)

    def cli(self, *words: str, code: int = 0) -> str:
        return self.run(
            sys.executable, "-m", "timeline_nb.cli", "git", *words, code=code
        )

    def commit(self, timeline: Timeline, message: str) -> None:
        save(timeline, self.folder / NAME, overwrite=True)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    @property
    def timeline(self) -> Timeline:
        return load(self.folder / NAME).timeline


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.cli("install")
    made.commit(three_clips(), "first")
    return made


def test_git_diff_says_what_changed(repository: Repository) -> None:
    old = three_clips()
    new = edits.ripple(old, "c3", tail=-clip(0, 1).duration)
    save(new, repository.folder / NAME, overwrite=True)
    line = 'V1, clip "street" at 00:00:07:00: tail trimmed by 25 frames'
    assert repository.git("diff") == f"diff --timeline-nb {NAME}\n{line}\n"
    repository.git("commit", "-q", "-am", "trim")
    shown = repository.git("show", "-U0")
    kept = [text for text in shown.splitlines() if text[:3] in {"-  ", "+  "}]
    assert kept == [
        '-  00:00:07:00 clip "street": 30 to 32 s of "street.mp4"',
        '+  00:00:07:00 clip "street": 30 to 31 s of "street.mp4"',
    ]
    (repository.folder / NAME).write_text("no project")
    assert "is not a project" in repository.git("diff")


def test_git_merge_joins_two_branches(repository: Repository) -> None:
    base = three_clips()
    repository.git("checkout", "-q", "-b", "theirs")
    repository.commit(edits.append(base, [clip(50, 1, name="yours")]), "append")
    repository.git("checkout", "-q", "main")
    ours = edits.ripple(base, "c1", tail=-clip(0, 1).duration)
    repository.commit(edits.set_clip(ours, "c2", gain_db=-3.0), "trim")
    repository.git("merge", "-q", "--no-edit", "theirs")
    made = repository.timeline
    assert row(made) == ["c1@0+3", "c2@3+3", "c3@6+2", "c4@8+1"]
    assert clip_of(made, "c2").gain_db == -3.0
    assert repository.git("status", "--short") == ""


def test_a_conflict_leaves_a_valid_file_and_a_list(repository: Repository) -> None:
    base = three_clips()
    repository.git("checkout", "-q", "-b", "theirs")
    theirs = edits.set_clip(base, "c1", gain_db=-6.0)
    repository.commit(edits.append(theirs, [clip(name="yours")]), "quieter")
    repository.git("checkout", "-q", "main")
    repository.commit(edits.set_clip(base, "c1", gain_db=-3.0), "quiet")
    done = repository.git("merge", "theirs", code=1)
    line = '0. V1, clip "street" at 00:00:00:00: gain_db: ours -3, theirs -6 (was 0)'
    assert line in done
    assert clip_of(repository.timeline, "c1").gain_db == -3.0
    assert clip_of(repository.timeline, "c4").name == "yours"
    assert line in repository.cli("conflicts", NAME, code=1)
    settled = repository.cli("conflicts", NAME, "--settle", "0=theirs")
    assert "[theirs]" in settled
    assert settled.endswith(f"git add {shlex.quote(NAME)}\n")
    assert clip_of(repository.timeline, "c1").gain_db == -6.0
    assert clip_of(repository.timeline, "c4").name == "yours"
    repository.git("add", "-A")
    repository.git("commit", "-q", "--no-edit")
    assert "is in no conflict" in repository.cli("conflicts", NAME, code=1)


def _merge_with_two_conflicts(repository: Repository) -> None:
    base = three_clips()
    repository.git("checkout", "-q", "-b", "theirs")
    theirs = edits.set_clip(base, "c1", gain_db=-6.0)
    repository.commit(edits.set_clip(theirs, "c2", gain_db=-9.0), "quieter")
    repository.git("checkout", "-q", "main")
    ours = edits.set_clip(base, "c1", gain_db=-3.0)
    repository.commit(edits.set_clip(ours, "c2", gain_db=-1.0), "quiet")
    done = repository.git("merge", "theirs", code=1)
    assert f"timeline-nb git conflicts {shlex.quote(NAME)} --settle 0=theirs" in done


def _gains(repository: Repository) -> list[float]:
    return [clip_of(repository.timeline, name).gain_db for name in ("c1", "c2")]


def test_conflicts_are_settled_one_after_another(repository: Repository) -> None:
    _merge_with_two_conflicts(repository)
    told = repository.cli("conflicts", NAME, "--settle", "0=theirs", code=1)
    assert told.count("[theirs]") == 1
    assert _gains(repository) == [-6.0, -1.0]
    assert repository.cli("conflicts", NAME, code=1) == told
    told = repository.cli("conflicts", NAME, "--settle", "1=theirs")
    assert told.count("[theirs]") == 2
    assert _gains(repository) == [-6.0, -9.0]
    repository.cli("conflicts", NAME, "--settle", "0=ours")
    assert _gains(repository) == [-3.0, -9.0]
    assert repository.cli("conflicts", NAME).count("[") == 2
    # Another merge begins with nothing settled.
    repository.git("merge", "--abort")
    repository.commit(edits.set_clip(repository.timeline, "c1", gain_db=-2.0), "again")
    repository.git("merge", "theirs", code=1)
    assert "[theirs]" not in repository.cli("conflicts", NAME, code=1)


def test_settling_does_not_write_over_what_was_edited_since(
    repository: Repository,
) -> None:
    _merge_with_two_conflicts(repository)
    path = repository.folder / NAME
    save(edits.set_clip(repository.timeline, "c3", pan=1.0), path, overwrite=True)
    edited = path.read_bytes()
    told = repository.cli("conflicts", NAME, "--settle", "0=theirs", code=1)
    assert "was changed since git merged it" in told
    assert path.read_bytes() == edited
    path.write_text("words")
    told = repository.cli("conflicts", NAME, "--settle", "0=theirs", code=1)
    assert "was changed since git merged it" in told
    settle = ("--settle", "0=theirs", "--settle", "1=theirs")
    repository.cli("conflicts", NAME, *settle, "--overwrite")
    assert _gains(repository) == [-6.0, -9.0]


def test_marks_of_git_are_no_changes(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.commit(three_clips(), "first")
    made.git("checkout", "-q", "-b", "theirs")
    made.commit(edits.set_clip(three_clips(), "c1", gain_db=-6.0), "quieter")
    made.git("checkout", "-q", "main")
    made.commit(edits.set_clip(three_clips(), "c1", gain_db=-3.0), "quiet")
    made.git("merge", "theirs", code=1)
    assert "<<<<<<< " in (made.folder / NAME).read_text()
    made.cli("conflicts", NAME, "--settle", "0=theirs")
    assert clip_of(made.timeline, "c1").gain_db == -6.0


def test_renamed_and_deleted_projects_merge(repository: Repository) -> None:
    base = three_clips()
    repository.git("checkout", "-q", "-b", "theirs")
    repository.git("mv", NAME, "other.tlp")
    repository.git("commit", "-q", "-m", "rename")
    repository.git("checkout", "-q", "main")
    repository.commit(edits.set_clip(base, "c1", gain_db=-3.0), "quiet")
    repository.git("merge", "-q", "--no-edit", "theirs")
    assert not (repository.folder / NAME).exists()
    made = load(repository.folder / "other.tlp").timeline
    assert clip_of(made, "c1").gain_db == -3.0
    shown = repository.git("diff", "-M", "HEAD^", "HEAD")
    assert shown.startswith(f"diff --timeline-nb {NAME} → other.tlp\n")
    # Deleted on one side, changed on the other: git asks, and the file is whole.
    repository.git("checkout", "-q", "-b", "gone")
    repository.git("rm", "-q", "other.tlp")
    repository.git("commit", "-q", "-m", "delete")
    repository.git("checkout", "-q", "main")
    save(edits.set_clip(made, "c1", pan=1.0), repository.folder / "other.tlp")
    repository.git("commit", "-q", "-am", "pan")
    assert "deleted in gone" in repository.git("merge", "gone", code=1)
    made = load(repository.folder / "other.tlp").timeline
    assert clip_of(made, "c1").pan == 1.0
    told = repository.cli("conflicts", "other.tlp", code=1)
    assert "one side deleted it" in told


def test_what_is_no_project_stays_as_it_was(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "theirs")
    (repository.folder / NAME).write_text("broken")
    repository.git("commit", "-q", "-am", "broken")
    repository.git("checkout", "-q", "main")
    repository.commit(edits.set_clip(three_clips(), "c1", gain_db=-3.0), "quiet")
    done = repository.git("merge", "theirs", code=1)
    assert "is not a project" in done
    assert clip_of(repository.timeline, "c1").gain_db == -3.0


def test_install_says_what_it_did_and_uninstall_undoes_it(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    attributes = made.folder / ".gitattributes"
    attributes.write_text("*.bin binary\n")
    before = made.git("config", "--local", "--list")
    done = made.cli("install")
    assert f"{attributes.resolve()} has a new line" in done
    assert "git config --local merge.timeline-nb.driver" in done
    line = "*.tlp diff=timeline-nb merge=timeline-nb"
    assert attributes.read_text() == f"*.bin binary\n{line}\n"
    assert "had the line already" in made.cli("install")
    assert attributes.read_text() == f"*.bin binary\n{line}\n"
    made.cli("uninstall")
    assert attributes.read_text() == "*.bin binary\n"
    assert made.git("config", "--local", "--list") == before
    assert made.cli("uninstall") == "git was not set up here\n"
    made.cli("install", "--global")
    home = Path(made.environment["HOME"])
    assert (home / ".config" / "git" / "attributes").read_text() == f"{line}\n"
    assert "timeline-nb" in (home / ".gitconfig").read_text()
    made.cli("uninstall", "--global")
    assert not (home / ".config" / "git" / "attributes").exists()
    outside = subprocess.run(
        [sys.executable, "-m", "timeline_nb.cli", "git", "install"],
        cwd=tmp_path,
        env=made.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert outside.returncode == 1
    assert "is in no git repository" in outside.stderr


def test_outside_a_repository_each_command_says_what_helps(tmp_path: Path) -> None:
    own = Repository(tmp_path)
    own.folder = tmp_path
    # The folder of the tests may lie within a repository.
    own.environment["GIT_CEILING_DIRECTORIES"] = str(tmp_path.parent)
    listed = own.cli("conflicts", "cut.tlp", code=1)
    assert "is in no git repository: give a project in the repository" in listed
    assert "--global" not in listed
    assert "or give --global" in own.cli("install", code=1)


def test_lines_of_others_keep_every_byte(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    attributes = made.folder / ".gitattributes"
    line = b"*.tlp diff=timeline-nb merge=timeline-nb"
    others = b"*.bin binary\r\n# a\x0cb\x85\xc2\x85\xe2\x80\xa8c\rd\n\n*.sh text\r\n"
    attributes.write_bytes(others)
    made.cli("install")
    assert attributes.read_bytes() == others + line + b"\n"
    made.cli("uninstall")
    assert attributes.read_bytes() == others
    attributes.write_bytes(others + line + b"\r\n")
    assert "had the line already" in made.cli("install")
    made.cli("uninstall")
    assert attributes.read_bytes() == others
    attributes.write_bytes(b"*.bin binary")
    made.cli("install")
    assert attributes.read_bytes() == b"*.bin binary\n" + line + b"\n"
