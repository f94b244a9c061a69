"""Films of a part of an edit, and of another rate than the edit."""

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from media_factory import NTSC, Clips, read_number
from msgspec.structs import replace
from references import cut_from, ffmpeg_sound

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import RenderError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.platforms import resolve_profile
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.target import check_target
from timeline_nb.settings import Settings
from timeline_nb.studio import open_studio
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Effect, Keyframe, Marker, Timeline

S = Fraction
SHARP = Profile(preset="veryfast", crf=6)
LOSSLESS = Profile(preset="veryfast", crf=6, audio="flac")


@pytest.fixture
def renderer(library: MediaLibrary, tmp_path: Path) -> Renderer:
    return Renderer(library, tmp_path / "renders")


@pytest.fixture
def timeline(clips: Clips, library: MediaLibrary) -> Timeline:
    """Frames 0 to 24 of a film, five times, with a click at each half second."""
    row = [cut_from(clips["cfr"], library, S(0), S(1)) for _ in range(5)]
    return edits.append(Timeline(name="film", rate=S(25), size=(192, 112)), row)


SHOWN = [*range(25)] * 5


def _numbers(path: Path, library: MediaLibrary) -> list[int]:
    with library.video(path) as decoder:
        count = len(decoder.index)
        return [read_number(f.to_rgb()) for f in decoder.frames(range(count))]


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (S(0), S(5), 0, 125),
        (S(1, 25), None, 1, 125),
        (None, S(2), 0, 50),
        (S(30, 25), S(31, 25), 30, 31),
        # The frame shown at 1.21 s is 30; that at 2.39 s, 59, is no more in the film.
        (S("1.21"), S("2.39"), 30, 59),
    ],
)
def test_a_range_has_the_frames_from_its_start_up_to_its_end(  # noqa: PLR0917 - one table
    start: Fraction | None,
    end: Fraction | None,
    first: int,
    last: int,
    timeline: Timeline,
    library: MediaLibrary,
    renderer: Renderer,
    tmp_path: Path,
) -> None:
    path = tmp_path / "part.mp4"
    result = renderer.render(timeline, path, SHARP, Reporter(), start=start, end=end)
    assert _numbers(path, library) == SHOWN[first:last]
    assert result.frames == last - first


def test_the_sound_of_a_range_is_that_of_the_whole_cut_at_its_frames(
    timeline: Timeline, renderer: Renderer, tmp_path: Path
) -> None:
    whole, part = tmp_path / "whole.mkv", tmp_path / "part.mkv"
    renderer.render(timeline, whole, LOSSLESS, Reporter())
    start, end = S(36, 25), S(81, 25)
    renderer.render(timeline, part, LOSSLESS, Reporter(), start=start, end=end)
    heard, cut = ffmpeg_sound(whole), ffmpeg_sound(part)
    # 48,000 samples a second: 69,120 to 155,520.
    assert cut.shape == (2, 86_400)
    assert np.array_equal(cut, heard[:, 69_120:155_520])
    # A click stands at each half second; the first is at 1.5 s.
    assert np.abs(cut[:, : 2880 - 100]).max() < 0.01
    assert np.abs(cut[:, 2880 - 20 : 2880 + 40]).max() > 0.2


def test_ranges_that_meet_are_the_whole_film(
    timeline: Timeline, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    cuts = [S(0), S(7, 10), S(333, 100), S(5)]
    shown = []
    for number, (start, end) in enumerate(pairwise(cuts)):
        path = tmp_path / f"{number}.mp4"
        renderer.render(timeline, path, SHARP, Reporter(), start=start, end=end)
        shown += _numbers(path, library)
    assert shown == SHOWN


def test_a_range_takes_over_the_segments_of_the_whole(
    timeline: Timeline, renderer: Renderer, tmp_path: Path
) -> None:
    # Clips of other places in their source: equal ones would share one segment.
    path = tmp_path / "film.mp4"
    timeline = edits.slip(timeline, timeline.tracks[0].items[2].id, by=S(2, 25))  # type: ignore[union-attr]
    renderer.render(timeline, path, SHARP, Reporter())
    plan = renderer.plan(timeline, path, SHARP, start=S(3, 2), end=S(9, 2))
    assert [(s.first, s.last, s.action) for s in plan.segments] == [
        (0, 13, "encode"),
        (13, 38, "cached"),
        (38, 63, "cached"),
        (63, 75, "encode"),
    ]
    # What was rendered last stays the whole film: its plan names nothing as new.
    renderer.render(timeline, path, SHARP, Reporter(), start=S(3, 2), end=S(9, 2))
    whole = renderer.plan(timeline, path, SHARP)
    assert {segment.action for segment in whole.segments} == {"cached"}


def test_effects_of_the_whole_run_by_its_clock_in_a_range(
    timeline: Timeline, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    """A fade over the whole edit, in the middle of it, is where it would be."""
    keys = (Keyframe(time=S(0), value=0.0), Keyframe(time=S(5), value=0.5))
    effect = Effect(kind="brightness", keyframes={"amount": keys})
    timeline = edits.add_effect(timeline, "", effect)
    whole, part = tmp_path / "whole.mp4", tmp_path / "part.mp4"
    renderer.render(timeline, whole, SHARP, Reporter())
    renderer.render(timeline, part, SHARP, Reporter(), start=S(2), end=S(3))
    with library.video(whole) as one, library.video(part) as other:
        expected = [one.frame(50 + n).to_rgb().mean() for n in (0, 12, 24)]
        found = [other.frame(n).to_rgb().mean() for n in (0, 12, 24)]
    assert np.allclose(found, expected, atol=0.5)


def test_chapters_and_subtitles_of_a_range_are_in_its_own_time(
    timeline: Timeline, renderer: Renderer, tmp_path: Path
) -> None:
    marks = {"before": S(0), "during": S(2), "later": S(7, 2), "after": S(9, 2)}
    markers = tuple(
        Marker(name=name, marked_range=TimeRange(at, S(0)))
        for name, at in marks.items()
    )
    timeline = replace(timeline, markers=markers)
    for start, end, text in ((S(1, 2), S(3, 2), "one"), (S(2), S(3), "two")):
        lasts = TimeRange.between(start, end)
        timeline = edits.add_subtitle(timeline, text, at=lasts)
    path = tmp_path / "part.mkv"
    wanted = Profile(preset="veryfast", subtitles="soft")
    renderer.render(timeline, path, wanted, Reporter(), start=S(1), end=S(4))
    with av.open(str(path)) as film:
        chapters = [
            (c["metadata"]["title"], c["start"] * Fraction(c["time_base"] or 0))
            for c in film.chapters()
        ]
        lines = []
        for packet in film.demux(film.streams.subtitles[0]):
            if packet.size and packet.pts is not None:
                text = re.sub("<.*?>", "", bytes(packet).decode())
                times = (packet.pts, packet.duration or 0)
                lines.append(
                    (text, *(time * Fraction(packet.time_base or 0) for time in times))
                )
    assert chapters == [("before", 0), ("during", 1), ("later", S(5, 2))]
    assert lines == [("one", 0, S(1, 2)), ("two", 1, 1)]


def test_a_sequence_of_a_range_counts_from_its_first_frame(
    timeline: Timeline, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    path = tmp_path / "%03d.png"
    renderer.render(timeline, path, Profile(), Reporter(), start=S(1, 5), end=S(2, 5))
    names = sorted(own.name for own in tmp_path.glob("*.png"))
    assert names == [f"{n:03}.png" for n in range(5)]
    with library.video(tmp_path / "002.png") as decoder:
        assert read_number(decoder.frame(0).to_rgb()) == 7


@pytest.mark.parametrize(
    ("times", "told"),
    [
        ({"start": S(6)}, "start=6 s is outside 'film', which is 5 s long"),
        ({"start": S(-1)}, "start=-1 s is outside"),
        ({"end": S(51, 10)}, r"end=5\.1 s is outside"),
        ({"start": S(3), "end": S(2)}, "no frame of 'film' lies between start=3 s"),
        ({"start": S(2), "end": S(2)}, "no frame of 'film' lies between"),
    ],
)
def test_ranges_that_hold_no_frame_are_refused(
    times: dict[str, Fraction], told: str, timeline: Timeline, tmp_path: Path
) -> None:
    with pytest.raises(RenderError, match=told):
        check_target(timeline, tmp_path / "film.mp4", Profile(), **times)


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (S(50), [n // 2 for n in range(50)]),
        (S(25, 2), [*range(0, 25, 2)]),
        # Frame n of 30 a second shows frame 25 n / 30 of the source.
        (S(30), [25 * n // 30 for n in range(30)]),
        (NTSC, [25 * n * 1001 // 30_000 for n in range(30)]),
    ],
)
def test_a_film_of_another_rate_shows_what_the_edit_has_at_its_times(  # noqa: PLR0917 - one table
    rate: Fraction,
    shown: list[int],
    clips: Clips,
    library: MediaLibrary,
    renderer: Renderer,
    tmp_path: Path,
) -> None:
    clip = cut_from(clips["cfr"], library, S(0), S(1))
    timeline = edits.append(Timeline(name="t", rate=S(25), size=(192, 112)), [clip])
    path = tmp_path / "film.mp4"
    wanted = Profile(preset="veryfast", crf=6, rate=rate)
    result = renderer.render(timeline, path, wanted, Reporter())
    assert result.info.video[0].rate == rate
    assert _numbers(path, library) == shown


def test_a_film_of_its_source_s_rate_has_every_frame_of_it(
    clips: Clips, library: MediaLibrary, renderer: Renderer, tmp_path: Path
) -> None:
    """An edit at 25 a second of a source at 30000/1001: the film leaves none out."""
    clip = cut_from(clips["ntsc"], library, S(0), S(2))
    timeline = edits.append(Timeline(name="t", rate=S(25), size=(192, 112)), [clip])
    path = tmp_path / "film.mp4"
    wanted = Profile(preset="veryfast", crf=6, rate=NTSC)
    renderer.render(timeline, path, wanted, Reporter())
    # 2 s hold 60 frames of 1001/30000 s, the last of them in part.
    assert _numbers(path, library) == [*range(60)]


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("a.xyz", {}, r"a\.xyz: the suffix of a film selects its container"),
        ("a.mp5", {}, r"'\.mp5' is not known; did you mean '\.mp4'"),
        ("no/where/a.mp4", {}, "there is no folder"),
        ("a.webm", {"video": "h264"}, r"\.webm does not take h264"),
        ("a.mp4", {"audio": "pcm"}, r"\.mp4 does not take pcm"),
        ("a.mp4", {"encoder": "libx256"}, "did you mean 'libx264'"),
        ("a.mp4", {"pix_fmt": "yuv420"}, "did you mean 'yuv420p'"),
        ("a.mp4", {"size": (100, 100)}, "of another aspect"),
        ("a.mp4", {"video": "vp9", "crf": 20}, "crf is x264's"),
    ],
)
def test_a_film_that_cannot_be_is_refused_at_the_call(
    name: str, values: dict[str, Any], told: str, timeline: Timeline, tmp_path: Path
) -> None:
    with (
        open_studio(Settings(cache_dir=tmp_path / "c", data_dir=tmp_path / "d")) as own,
        pytest.raises(RenderError, match=told),
    ):
        own.render(timeline, tmp_path / name, Profile(**values))


def test_an_empty_edit_is_refused_at_the_call(tmp_path: Path) -> None:
    empty = Timeline(name="none", rate=S(25), size=(192, 112))
    with pytest.raises(RenderError, match="'none' is empty"):
        check_target(empty, tmp_path / "a.mp4", Profile())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "profile={} is a dict: give a profile"),
        ("youtub-1080p", "no profile 'youtub-1080p'; did you mean 'youtube-1080p'"),
    ],
)
def test_what_is_no_profile_is_refused_with_the_nearest(given: Any, told: str) -> None:
    with pytest.raises(RenderError, match=told):
        resolve_profile(given)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"qualty": 80}, "no field 'qualty'; did you mean 'quality'"),
        ({"preset": "meduim"}, "preset='meduim' is not known; did you mean 'medium'"),
        ({"quality": "high"}, "quality='high' is not a number"),
        ({"size": "720p"}, "size '720p' is not of two even numbers"),
        ({"rate": "fast"}, "rate='fast'"),
        ({"rate": 0}, "rate=0"),
    ],
)
def test_mistakes_in_a_profile_are_refused_with_the_nearest(
    values: dict[str, Any], told: str
) -> None:
    make: Any = Profile
    with pytest.raises(RenderError, match=told):
        make(**values)


def test_short_forms_of_ntsc_rates_are_the_exact_ones() -> None:
    make: Any = Profile
    assert make(rate=29.97).rate == S(30_000, 1001)
