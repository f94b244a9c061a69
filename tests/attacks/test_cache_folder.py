"""A cache folder that is a file, read-only, full, or gone in the middle."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest
from attacks.storage import SCENES, litter
from media_factory import Clips, read_number
from references import cut_from

from timeline_nb.core import app_dirs
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.progress import Progress
from timeline_nb.errors import RecognitionError, RenderError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.notebook.opening import open as open_media
from timeline_nb.preview.proxies import ProxyStore
from timeline_nb.preview.timeline_source import TimelinePlayerSource
from timeline_nb.project import document
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult
from timeline_nb.segments.store import SegmentStore
from timeline_nb.settings import Settings
from timeline_nb.studio import open_studio
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline

# Runs in a mount namespace of its own, with a tmpfs as the cache folder.
SCRIPT = """
import sys, warnings
from pathlib import Path
sys.path.insert(0, "tests")
from attacks.storage import SCENES, litter
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import TimelineNbError
folder = Path(sys.argv[1])
with warnings.catch_warnings(record=True) as found:
    warnings.simplefilter("always")
    for name in sys.argv[2:]:
        try:
            SCENES[name].write(folder, 1)
        except TimelineNbError as error:
            print(name, type(error).__name__, error)
        else:
            print(name, "content", SCENES[name].read(folder))
for one in found:
    print("warning", one.category.__name__, one.message)
print("litter", litter(folder))
"""


def _mounted(folder: Path, options: str, *scenes: str) -> str:
    """Run the script with a tmpfs of these options as the cache folder."""
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    mount = f"mount -t tmpfs -o {options} tmpfs {cache}"
    names = " ".join(scenes)
    python = f"TIMELINE_NB_CACHE_DIR={cache} {sys.executable} -c '{SCRIPT}'"
    run = subprocess.run(
        ["unshare", "-rm", "sh", "-c", f"{mount} && {python} {folder} {names}"],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    return run.stdout


@pytest.fixture
def namespaces(tmp_path: Path) -> None:
    """Skip where this user may not mount a file system."""
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)]
    if not shutil.which("unshare") or subprocess.run(command, check=False).returncode:
        pytest.skip("this user may not mount a file system here")


@pytest.mark.usefixtures("namespaces")
def test_a_read_only_cache_costs_a_warning_and_time(tmp_path: Path) -> None:
    out = _mounted(tmp_path, "ro", "save", "journal", "render").splitlines()
    assert out[0] == "save content 1"
    assert out[1] == "journal content -1"
    assert out[2] == "render content 1"
    # One for all that is not kept.
    (warning,) = out[3:-1]
    assert f"the cache folder {tmp_path / 'cache'} cannot be written" in warning
    assert "Read-only file system" in warning
    assert "TIMELINE_NB_CACHE_DIR" in warning
    assert out[-1] == "litter []"


@pytest.mark.usefixtures("namespaces")
def test_a_full_cache_is_named(tmp_path: Path) -> None:
    # Two pages, for the folders; the segment takes 250 kB.
    out = _mounted(tmp_path, "size=8k", "save", "segment").splitlines()
    assert out[0] == "save content 1"
    assert out[1].startswith(
        f"segment RenderError the cache folder {tmp_path / 'cache'} cannot be written "
        "(the disk is full): free space there"
    )
    assert "TIMELINE_NB_CACHE_DIR" in out[1]
    assert out[-1] == "litter []"


@pytest.fixture
def in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file where the cache folder should be."""
    cache = tmp_path / "cache"
    cache.write_text("a file")
    monkeypatch.setenv("TIMELINE_NB_CACHE_DIR", str(cache))
    monkeypatch.setattr(app_dirs, "_warned", set())
    return cache


def test_with_a_file_in_the_way_projects_are_saved(
    in_the_way: Path, tmp_path: Path
) -> None:
    with pytest.warns(RuntimeWarning, match="cache folder .* cannot be written"):
        SCENES["save"].write(tmp_path, 0)
    # Once.
    SCENES["save"].write(tmp_path, 1)
    assert SCENES["save"].read(tmp_path) == 1
    assert in_the_way.read_text() == "a file"
    assert litter(tmp_path) == []


def test_with_a_file_in_the_way_films_are_rendered_beside_it(
    in_the_way: Path, tmp_path: Path, clips: Clips
) -> None:
    library = MediaLibrary(in_the_way)
    with pytest.warns(RuntimeWarning, match="cache folder .* cannot be written"):
        timeline = _timeline(clips, library)
    made = _render(timeline, library, in_the_way, tmp_path)
    (warning,) = made.warnings
    assert f"the cache folder {in_the_way} cannot be written" in warning
    assert "TIMELINE_NB_CACHE_DIR" in warning
    assert _numbers(tmp_path) == list(range(25))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cache", "film.mp4"]


def test_nothing_is_rendered_where_neither_can_be_written(
    in_the_way: Path, tmp_path: Path, clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = MediaLibrary(tmp_path / "other cache")
    timeline = _timeline(clips, library)
    monkeypatch.setattr(
        "timeline_nb.render.writable_cache.partial_folder", _refuse_folder
    )
    with pytest.raises(RenderError, match=r"film\.mp4 cannot be written: Read-only"):
        _render(timeline, library, in_the_way, tmp_path)


def _refuse_folder(*_: object) -> None:
    raise OSError(30, "Read-only file system")


def test_a_cache_that_vanishes_is_made_again(tmp_path: Path, clips: Clips) -> None:
    cache = tmp_path / "cache"
    library = MediaLibrary(tmp_path / "other cache")
    timeline = _timeline(clips, library)
    removed: list[str] = []

    def remove(progress: Progress) -> None:
        if len(removed) < 1 and progress.stage == "encode":
            removed.append(progress.stage)
            shutil.rmtree(cache, ignore_errors=True)

    _render(timeline, library, cache, tmp_path, Reporter(remove))
    assert removed
    assert _numbers(tmp_path) == list(range(25))


@pytest.mark.parametrize("stage", ["encode", "join", "check"])
def test_a_cache_that_keeps_vanishing_is_named_or_not_needed(
    tmp_path: Path, clips: Clips, stage: str
) -> None:
    cache = tmp_path / "cache"
    library = MediaLibrary(tmp_path / "other cache")
    timeline = _timeline(clips, library)
    (tmp_path / "film.mp4").write_bytes(b"old")

    def remove(progress: Progress) -> None:
        if progress.stage == stage:
            shutil.rmtree(cache, ignore_errors=True)

    try:
        _render(timeline, library, cache, tmp_path, Reporter(remove))
    except RenderError as error:
        assert str(cache) in str(error)  # noqa: PT017 - it may go well, too
        assert (tmp_path / "film.mp4").read_bytes() == b"old"
    else:
        assert _numbers(tmp_path) == list(range(25))
    assert litter(tmp_path) == []


def test_with_a_file_in_the_way_edits_are_played(
    in_the_way: Path, tmp_path: Path, clips: Clips
) -> None:
    library = MediaLibrary(tmp_path / "other cache")
    timeline = _timeline(clips, library)
    proxies = ProxyStore(in_the_way / "proxies", library)
    segments = SegmentStore(in_the_way / "segments")
    source = TimelinePlayerSource(timeline, library, proxies, segments)
    with pytest.warns(RuntimeWarning, match="cache folder .* cannot be written"):
        assert len(list(source.encoded_packets(0))) == 25
    source.close()


@pytest.mark.filterwarnings("ignore:the cache folder")
def test_with_a_file_in_the_way_no_more_proxies_are_made_for_a_while(
    in_the_way: Path, tmp_path: Path, clips: Clips
) -> None:
    library = MediaLibrary(tmp_path / "other cache")
    proxies = ProxyStore(in_the_way / "proxies", library)
    info = library.probe(clips["cfr"])
    proxies.request(info, 0)
    assert proxies.wait()
    assert app_dirs._warned == {in_the_way}
    proxies.request(info, 0)
    assert proxies._maker is None
    assert proxies.frame(info, 0) is None
    proxies.close()


@pytest.mark.filterwarnings("ignore:the cache folder")
def test_with_a_file_in_the_way_frames_are_measured(
    in_the_way: Path, clips: Clips
) -> None:
    with open_studio(Settings(cache_dir=in_the_way)) as studio:
        media = open_media(clips["cfr"], studio=studio)
        assert len(media.signals.motion()) == 60
    assert app_dirs._warned == {in_the_way}


@pytest.mark.filterwarnings("ignore:the cache folder")
def test_with_a_file_in_the_way_detection_is_refused_elsewhere_and_done_here(
    in_the_way: Path, clips: Clips
) -> None:
    with (
        open_studio(Settings(cache_dir=in_the_way)) as studio,
        ThreadPoolExecutor(1) as pool,
    ):
        media = open_media(clips["cfr"], studio=studio)
        assert media.detect(every=30).detections.examined_frame.tolist() == [0, 30]
        with pytest.raises(RecognitionError, match="TIMELINE_NB_CACHE_DIR"):
            media.detect(every=30, executor=pool)
    assert app_dirs._warned == {in_the_way}


def test_a_project_is_saved_while_another_save_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process killed in fsync holds no lock while the disk takes its time."""
    saved: list[str] = []
    flush = "timeline_nb.core.files._flush_to_disk"

    def slow(_: Path) -> None:
        monkeypatch.setattr(flush, lambda _: None)
        monkeypatch.setattr(document, "_LOCK_WAIT_S", 0.1)
        SCENES["save"].write(tmp_path, 1)
        saved.append("the other")

    monkeypatch.setattr(flush, slow)
    SCENES["save"].write(tmp_path, 0)
    assert saved == ["the other"]
    assert SCENES["save"].read(tmp_path) == 0


def _timeline(clips: Clips, library: MediaLibrary) -> Timeline:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(1))
    empty = Timeline(name="film", rate=Fraction(25), size=(192, 112))
    return edits.append(empty, [clip])


def _render(
    timeline: Timeline,
    library: MediaLibrary,
    cache: Path,
    folder: Path,
    reporter: Reporter | None = None,
) -> RenderResult:
    renderer = Renderer(library, cache)
    profile = Profile(crf=6, preset="veryfast")
    return renderer.render(
        timeline,
        folder / "film.mp4",
        profile,
        reporter or Reporter(),
        overwrite=True,
    )


def _numbers(folder: Path) -> list[int]:
    library = MediaLibrary(folder.parent / f"{folder.name} checked")
    with library.video(folder / "film.mp4") as decoder:
        count = len(decoder.index)
        return [read_number(f.to_rgb()) for f in decoder.frames(range(count))]
