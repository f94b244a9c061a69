"""Rendered films, looked at frame by frame and sample by sample."""

import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_factory import FIVE_SOURCES, NTSC, RECIPES, Clips, click_track, read_number
from msgspec.structs import replace
from numpy.typing import NDArray
from references import cut_from, ffmpeg_frames, ffmpeg_sound, psnr

from timeline_nb.core import worker_channel
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.progress import Progress
from timeline_nb.errors import (
    CompositionError,
    JobCancelledError,
    MediaError,
    RenderError,
)
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer as FilmRenderer
from timeline_nb.render.result import RenderResult
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, Timeline

SHARP = Profile(preset="veryfast", crf=6)
Renderer = Callable[[Timeline], RenderResult]


@pytest.fixture
def film(tmp_path: Path, library: MediaLibrary) -> Renderer:
    """Renders a timeline to film.mp4."""

    def run(timeline: Timeline) -> RenderResult:
        path = tmp_path / "film.mp4"
        return _rendered(timeline, path, library)

    return run


def _rendered(
    timeline: Timeline,
    path: Path,
    library: MediaLibrary,
    profile: Profile = SHARP,
    reporter: Reporter | None = None,
) -> RenderResult:
    renderer = FilmRenderer(library, path.parent / ".cache")
    return renderer.render(timeline, path, profile, reporter or Reporter())


def _timeline(
    clips: list[Clip],
    *,
    rate: Fraction = Fraction(25),
    size: tuple[int, int] = (192, 112),
) -> Timeline:
    return edits.append(Timeline(name="film", rate=rate, size=size), clips)


def _numbers(path: Path, library: MediaLibrary) -> list[int]:
    with library.video(path) as decoder:
        count = len(decoder.index)
        return [read_number(f.to_rgb()) for f in decoder.frames(range(count))]


def _lumas(path: Path, library: MediaLibrary) -> NDArray[np.uint8]:
    with library.video(path) as decoder:
        frames = [
            np.asarray(f.picture.to_ndarray(), np.uint8)[: f.picture.height]
            for f in decoder.frames(range(len(decoder.index)))
        ]
    return np.stack(frames)


@pytest.mark.parametrize("name", FIVE_SOURCES)
@pytest.mark.parametrize("rate", [Fraction(25), NTSC])
def test_each_kind_of_source_is_cut_to_the_frame(
    name: str,
    rate: Fraction,
    clips: Clips,
    library: MediaLibrary,
    film: Renderer,
) -> None:
    recipe = RECIPES[name]
    first, length = Fraction(2, 5), Fraction(6, 5)
    size = (112, 192) if recipe.rotation_deg % 180 else (192, 112)
    clip = cut_from(clips[name], library, first, length)
    result = film(_timeline([clip, clip], rate=rate, size=size))
    # The frame shown at each moment, worked out from the stamps alone.
    begins = [stamp * recipe.base for stamp in recipe.stamps]
    expected = []
    for number in range(-int(-2 * length * rate // 1)):
        time = first + Fraction(number) / rate % length
        expected.append(sum(begin <= time for begin in begins) - 1)
    assert _numbers(result.path, library) == expected
    assert result.frames == len(expected)


def test_a_cut_and_a_dissolve_look_as_ffmpeg_makes_them(
    bunny: Path, library: MediaLibrary, film: Renderer
) -> None:
    one = cut_from(bunny, library, Fraction(1), Fraction(1))
    two = cut_from(bunny, library, Fraction(3), Fraction(1))
    timeline = _timeline([one, two], size=(1280, 720))
    timeline = edits.transition(timeline, after="c1", duration=Fraction(10, 25))
    shown = _lumas(film(timeline).path, library)
    trims = (
        "[0]trim=start_frame=25:end_frame=55,setpts=PTS-STARTPTS[a];"
        "[1]trim=start_frame=70:end_frame=100,setpts=PTS-STARTPTS[b];"
        "[a][b]xfade=transition=fade:duration=0.4:offset=0.8[out]"
    )
    expected = ffmpeg_frames([bunny, bunny], trims, (1280, 720))
    assert len(shown) == len(expected) == 50
    assert min(map(psnr, shown, expected)) >= 38


def test_fit_and_picture_in_picture_look_as_ffmpeg_makes_them(
    bikes: Path, bunny: Path, library: MediaLibrary, film: Renderer
) -> None:
    below = cut_from(bikes, library, Fraction(1), Fraction(1, 5))
    above = cut_from(bunny, library, Fraction(2), Fraction(1, 5))
    small = replace(above.transform, scale=0.5, position=(0.75, 0.25), opacity=0.7)
    timeline = edits.add_track(_timeline([below], size=(640, 360)), "video")
    above = replace(above, transform=small)
    timeline = edits.overwrite(timeline, [above], at=Fraction(0), track="V2")
    shown = _lumas(film(timeline).path, library)
    graph = (
        "[0]trim=start_frame=25:end_frame=30,setpts=PTS-STARTPTS,"
        "scale=640:272:flags=bicubic,pad=640:360:0:44[a];"
        "[1]trim=start_frame=50:end_frame=55,setpts=PTS-STARTPTS,"
        "scale=320:180:flags=bicubic,format=yuva420p,colorchannelmixer=aa=0.7[b];"
        "[a][b]overlay=320:0:format=yuv420[out]"
    )
    expected = ffmpeg_frames([bikes, bunny], graph, (640, 360))
    assert min(map(psnr, shown, expected)) >= 38


def test_gaps_are_black_and_silent(
    clips: Clips, library: MediaLibrary, film: Renderer
) -> None:
    clip = cut_from(clips["quick"], library, Fraction(0), Fraction(2, 5))
    timeline = edits.insert(_timeline([clip, clip]), [clip], at=Fraction(2, 5))
    timeline = edits.lift(timeline, "c5")
    result = film(timeline)
    lumas = _lumas(result.path, library)
    assert len(lumas) == 30
    assert int(lumas[12].max()) <= 18
    assert int(lumas[9].max()) > 200
    sound = ffmpeg_sound(result.path)
    assert np.abs(sound[:, 20_400:37_200]).max() < 1e-3


@pytest.mark.parametrize("name", ["quick", "slow_sound"])
def test_sound_stands_within_a_sample_of_its_place(
    name: str, clips: Clips, library: MediaLibrary, film: Renderer
) -> None:
    one = cut_from(clips[name], library, Fraction(2, 5), Fraction(4, 5))
    two = cut_from(clips[name], library, Fraction(0), Fraction(4, 5))
    heard = ffmpeg_sound(film(_timeline([one, two])).path)[0]
    # Clicks stand at 0.5 and 1.0 s of the source: 0.1 and 0.6 s here, then 0.8, 1.3.
    clicks = click_track(Fraction(2), 48_000)[:20]
    for second in (0.1, 0.6, 0.8, 1.3):
        place = round(second * 48_000)
        around = heard[place - 50 : place + 70]
        match = np.correlate(around, clicks, "valid")
        assert abs(int(match.argmax()) - 50) <= 1


def test_picture_fades_from_and_to_black(
    clips: Clips, library: MediaLibrary, film: Renderer
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(20, 25))
    clip = replace(clip, fade_in=Fraction(8, 25), fade_out=Fraction(4, 25))
    means = _lumas(film(_timeline([clip])).path, library)[:, 90:, 60:].mean(axis=(1, 2))
    # Black is 16 in limited range.
    levels = (means - 16) / (means[12] - 16)
    expected = [*(n / 8 for n in range(8)), *[1] * 8, 1, 0.75, 0.5, 0.25]
    assert np.abs(levels - expected).max() < 0.03


def test_tracks_are_mixed_with_their_gains(
    clips: Clips, library: MediaLibrary, film: Renderer
) -> None:
    clip = cut_from(clips["quick"], library, Fraction(0), Fraction(4, 5))
    timeline = edits.set_clip(_timeline([clip]), "c2", gain_db=-6.0206)
    music = replace(clip, media=replace(clip.media, size=None))
    timeline = edits.add_track(timeline, "audio")
    timeline = edits.overwrite(timeline, [music], at=Fraction(1, 10), track="A2")
    timeline = edits.set_track(timeline, "A2", gain_db=-12.0412)
    heard = ffmpeg_sound(film(timeline).path)[0]
    # 0.9 halved, and 0.9 quartered a tenth of a second later.
    assert abs(heard[24_004:24_016].mean() - 0.45) < 0.05
    assert abs(heard[28_804:28_816].mean() - 0.225) < 0.03


def test_too_loud_a_mix_is_clipped_and_said(
    clips: Clips, library: MediaLibrary, film: Renderer
) -> None:
    clip = cut_from(clips["quick"], library, Fraction(0), Fraction(1, 5))
    timeline = edits.set_clip(_timeline([clip]), "c2", gain_db=20.0)
    (warning,) = film(timeline).warnings
    assert warning.startswith("40 samples are louder than full scale")


def test_what_is_not_rendered_is_named(
    clips: Clips, library: MediaLibrary, film: Renderer
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(1, 5))
    timeline = edits.set_clip(
        _timeline([clip]), "c1", effects=(Effect(kind="sparkle"),)
    )
    timeline = edits.add_subtitle(
        timeline, "hi", at=TimeRange(Fraction(0), Fraction(1, 5))
    )
    (effect,) = film(timeline).warnings
    assert (
        effect == "clip 'cfr' (c1): the effect 'sparkle' is not known and not applied"
    )


def test_two_renders_are_the_same_to_the_byte(
    clips: Clips, library: MediaLibrary, film: Renderer
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(2))
    one = film(_timeline([clip])).path.read_bytes()
    two = film(_timeline([clip])).path.read_bytes()
    assert one == two


def test_the_index_stands_before_the_media_so_that_play_begins_at_once(
    clips: Clips, library: MediaLibrary, film: Renderer
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(1))
    data = film(_timeline([clip])).path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_stream_of_progress_and_then_a_film(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(2))
    heard: list[Progress] = []
    reporter = Reporter(heard.append)
    path = tmp_path / "film.mp4"
    _rendered(_timeline([clip]), path, library, reporter=reporter)
    assert (heard[0].stage, heard[0].done, heard[0].total) == ("encode", 0, 50)
    assert (heard[-1].done, heard[-1].total) == (50, 50)


def test_a_cancelled_render_leaves_the_old_film_and_nothing_else(
    bunny: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    target = folder / "film.mp4"
    target.write_bytes(b"the old film")
    clip = cut_from(bunny, library, Fraction(0), Fraction(5))
    timeline = _timeline([clip, clip, clip], size=(1280, 720))
    began = threading.Event()

    def work(reporter: Reporter) -> RenderResult:
        renderer = FilmRenderer(library, tmp_path / "cache")
        return renderer.render(timeline, target, Profile(), reporter, overwrite=True)

    with ThreadPoolExecutor(1) as pool:
        job = Job("render", work).start(pool)
        job.progressed.connect(lambda _: began.set())
        assert began.wait(120)
        job.cancel()
        with pytest.raises(JobCancelledError):
            job.wait(200)
    assert target.read_bytes() == b"the old film"
    assert list(folder.iterdir()) == [target]


def test_a_render_that_a_worker_left_is_not_said_to_be_stopped(
    clips: Clips, library: MediaLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(1))
    looks = 0

    def exists(path: Path, *, unknown: bool = False) -> bool:
        # As on a network's disk, which did not find the folder once.
        nonlocal looks
        looks += unknown
        return looks != 1 if unknown else path.exists()

    monkeypatch.setattr(worker_channel, "_exists", exists)
    path = tmp_path / "film.mp4"
    with pytest.raises(RenderError, match=r"the folder .* is gone; render again"):
        _rendered(_timeline([clip]), path, library)
    assert looks > 1
    assert _rendered(_timeline([clip]), path, library).frames == 25


def test_a_full_disk_is_told_and_leaves_nothing(bunny: Path, tmp_path: Path) -> None:
    """A limit on file sizes stands in for a full disk, in a process of its own."""
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from timeline_nb.media.library import MediaLibrary\n"
        "from references import cut_from\n"
        "from timeline_nb.render.render import Renderer\n"
        "from timeline_nb.render.profile import Profile\n"
        "from timeline_nb.core.jobs import Reporter\n"
        "from timeline_nb.timeline import edits\n"
        "from timeline_nb.timeline.model import Timeline\n"
        "from fractions import Fraction as F\n"
        "library = MediaLibrary(Path(sys.argv[2]) / 'cache')\n"
        "clip = cut_from(Path(sys.argv[1]), library, F(0), F(2))\n"
        "t = edits.append(Timeline(name='x', rate=F(25), size=(1280, 720)), [clip])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "out = Path(sys.argv[2]) / 'out' / 'film.mp4'\n"
        "renderer = Renderer(library, Path(sys.argv[2]) / 'cache')\n"
        "renderer.render(t, out, Profile(crf=1), Reporter())\n"
    )
    assert hasattr(resource, "RLIMIT_FSIZE")
    assert hasattr(signal, "SIGXFSZ")
    (tmp_path / "out").mkdir()
    run = subprocess.run(
        [sys.executable, "-c", script, str(bunny), str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    last = run.stderr.strip().splitlines()[-1]
    assert last.startswith("timeline_nb.RenderError:")
    assert f"(frames 0 to 49): the cache folder {tmp_path / 'cache'} cannot be" in last
    assert "the file is larger than is allowed here" in last
    assert list((tmp_path / "out").iterdir()) == []


def test_offline_media_are_named_before_anything_is_encoded(
    clips: Clips, library: MediaLibrary, film: Renderer, tmp_path: Path
) -> None:
    copy = tmp_path / "gone.mp4"
    copy.write_bytes(clips["cfr"].read_bytes())
    timeline = _timeline([cut_from(copy, library, Fraction(0), Fraction(1))])
    copy.unlink()
    with pytest.raises(
        CompositionError, match=r"clip 'gone' \(c1\) is offline.*relink"
    ):
        film(timeline)
    assert not (tmp_path / "film.mp4").exists()


def test_media_that_break_name_their_clip(
    clips: Clips, library: MediaLibrary, film: Renderer, tmp_path: Path
) -> None:
    copy = tmp_path / "breaks.mkv"
    data = clips["odd"].read_bytes()
    copy.write_bytes(data)
    timeline = _timeline([cut_from(copy, library, Fraction(0), Fraction(2))])
    half = len(data) // 2
    copy.write_bytes(data[:half] + bytes(len(data) - half))
    with pytest.raises(MediaError, match=r"clip 'breaks' \(c1\): .*breaks\.mkv"):
        film(timeline)
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("film.txt", r"selects its container, and '\.txt' is not known"),
        ("film.avi", "crf is x264's"),
        ("no/where/film.mp4", "there is no folder"),
        ("source.mp4", "is a source of this edit"),
    ],
)
def test_a_target_that_cannot_be_is_refused(
    target: str,
    message: str,
    clips: Clips,
    library: MediaLibrary,
    tmp_path: Path,
) -> None:
    source = tmp_path / "source.mp4"
    source.write_bytes(clips["cfr"].read_bytes())
    timeline = _timeline([cut_from(source, library, Fraction(0), Fraction(1))])
    with pytest.raises(RenderError, match=message):
        _rendered(timeline, tmp_path / target, library)
    assert source.read_bytes() == clips["cfr"].read_bytes()


def test_an_empty_timeline_is_refused(film: Renderer) -> None:
    with pytest.raises(RenderError, match="nothing to render"):
        film(Timeline(name="empty", rate=Fraction(25), size=(192, 112)))
