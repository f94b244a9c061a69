from pathlib import Path

import pytest
from media_factory import Clips

from timeline_nb.core.jobs import Reporter
from timeline_nb.core.progress import Progress
from timeline_nb.errors import JobCancelledError, MediaError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.scan import scan


@pytest.fixture
def folder(clips: Clips, tmp_path: Path) -> Path:
    root = tmp_path / "footage"
    (root / "day 1").mkdir(parents=True)
    for number in range(5):
        copy = root / "day 1" / f"{number}.mp4"
        copy.write_bytes(clips["cfr"].read_bytes())
    (root / "b.mkv").write_bytes(clips["matroska"].read_bytes())
    (root / "notes.txt").write_text("not media")
    return root


def test_a_scan_finds_every_media_file_in_order(
    folder: Path, library: MediaLibrary
) -> None:
    report = scan(folder, library=library)
    names = [Path(info.path).name for info in report.media]
    assert names == ["b.mkv", "0.mp4", "1.mp4", "2.mp4", "3.mp4", "4.mp4"]
    assert report.problems == ()


def test_a_loop_of_links_ends(folder: Path, library: MediaLibrary) -> None:
    (folder / "day 1" / "again").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    assert len(scan(folder, library=library).media) == 6


def test_each_problem_is_reported_with_its_file(
    folder: Path, library: MediaLibrary
) -> None:
    (folder / "broken.mp4").write_bytes(b"broken" * 100)
    (folder / "empty.wav").touch()
    (folder / "gone.mov").symlink_to(folder / "nowhere.mov")
    report = scan(folder, library=library)
    assert len(report.media) == 6
    named = [Path(problem.path).name for problem in report.problems]
    assert named == ["broken.mp4", "empty.wav", "gone.mov"]
    assert all(problem.message for problem in report.problems)


def test_progress_counts_files_and_a_cancelled_scan_stops(
    folder: Path, library: MediaLibrary
) -> None:
    heard: list[Progress] = []
    scan(folder, library=library, reporter=Reporter(heard.append))
    assert (heard[-1].stage, heard[-1].done, heard[-1].total) == ("scan", 6, 6)
    reporter = Reporter()
    reporter.cancel()
    with pytest.raises(JobCancelledError):
        scan(folder, library=library, reporter=reporter)


def test_what_is_no_folder_is_named(library: MediaLibrary, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="nowhere is not a folder"):
        scan(tmp_path / "nowhere", library=library)
