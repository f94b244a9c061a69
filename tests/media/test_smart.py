"""Smart films: packets taken over from their sources, every frame in its place."""

import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from media_factory import CLOSED_GOP, Clips, Recipe, make, read_number
from msgspec.structs import replace
from references import cut_from

from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import MediaError, RenderError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult
from timeline_nb.segments.h264 import (
    is_progressive,
    parameter_sets,
    set_ids,
    without_sets,
)
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Effect, Timeline
from timeline_nb.timeline.queries import clips as clips_of

SMART = Profile(preset="ultrafast", crf=12, smart=True)
S = Fraction


def _row(
    clips: Clips, library: MediaLibrary, name: str, spans: list[tuple[int, int]]
) -> Timeline:
    """Runs of frames of a film, one after another."""
    row = [
        cut_from(clips[name], library, S(first, 25), S(last - first, 25))
        for first, last in spans
    ]
    return edits.append(Timeline(name="s", rate=S(25), size=(192, 112)), row)


def _render(
    timeline: Timeline, library: MediaLibrary, path: Path, profile: Profile = SMART
) -> RenderResult:
    renderer = Renderer(library, path.parent / "cache")
    return renderer.render(timeline, path, profile, Reporter())


def _numbers(path: Path, library: MediaLibrary) -> list[int]:
    with library.video(path) as decoder:
        count = len(decoder.index)
        return [read_number(f.to_rgb()) for f in decoder.frames(range(count))]


def _copied(result: RenderResult) -> list[tuple[int, int]]:
    assert result.plan is not None
    return [(s.first, s.last) for s in result.plan.of("copy")]


def _ffmpeg_numbers(path: Path) -> list[int]:
    """The numbers that the ffmpeg program shows, which must not complain."""
    command = ["ffmpeg", "-v", "warning", "-xerror", "-i", str(path), "-map", "0:v"]
    command += ["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    run = subprocess.run(command, check=True, capture_output=True)
    assert run.stderr == b""
    frames = np.frombuffer(run.stdout, np.uint8).reshape(-1, 112, 192, 3)
    return [read_number(frame) for frame in frames]


SPANS = [(5, 58), (14, 45), (0, 25)]
SHOWN = [*range(5, 58), *range(14, 45), *range(25)]


@pytest.mark.parametrize(("name", "held_back"), [("cfr", 0), ("bframes", 3)])
def test_packets_between_keyframes_are_taken_over(
    name: str, held_back: int, clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    timeline = _row(clips, library, name, SPANS)
    result = _render(timeline, library, tmp_path / "film.mp4")
    # Keyframes stand at 0, 12, 24, 36 and 48 of the source; where frames are held
    # back, the last of a run may need some that are left out.
    runs = [(7, 53), (63, 84), (84, 109)]
    for (first, last), (begin, end) in zip(_copied(result), runs, strict=True):
        assert first == begin
        assert end - held_back <= last <= end
    assert _numbers(result.path, library) == SHOWN
    assert _ffmpeg_numbers(result.path) == SHOWN


@pytest.mark.parametrize("name", ["cfr", "bframes"])
def test_times_rise_evenly_over_every_border(
    name: str, clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    timeline = _row(clips, library, name, SPANS)
    path = _render(timeline, library, tmp_path / "film.mp4").path
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries"]
    command += ["packet=pts,dts", "-of", "csv=p=0", str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    stamps = [tuple(map(int, row.split(","))) for row in told.split()]
    steps = {b[1] - a[1] for a, b in pairwise(stamps)}
    assert len(steps) == 1
    assert all(dts <= pts for pts, dts in stamps)
    (step,) = steps
    assert sorted(pts for pts, _ in stamps) == [n * step for n in range(len(SHOWN))]


def test_copied_packets_are_those_of_the_source(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    """Every pixel of a copied frame is the source's: nothing was encoded again."""
    timeline = _row(clips, library, "bframes", [(5, 58)])
    result = _render(timeline, library, tmp_path / "film.mp4")
    ((first, last),) = _copied(result)
    with (
        library.video(result.path) as film,
        library.video(clips["bframes"]) as source,
    ):
        for number in range(first, last):
            one = film.frame(number).picture.to_ndarray()
            other = source.frame(number + 5).picture.to_ndarray()
            assert (one == other).all()


@pytest.mark.parametrize("name", ["open_gop", "phone", "odd", "vfr", "transport"])
def test_sources_that_do_not_fit_are_encoded_as_ever(
    name: str, clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    clip = cut_from(clips[name], library, S(2, 25), S(1))
    empty = Timeline(name="s", rate=S(25), size=(192, 112))
    timeline = edits.append(empty, [clip])
    result = _render(timeline, library, tmp_path / "film.mp4")
    plain = replace(SMART, smart=False)
    same = _render(timeline, library, tmp_path / "plain.mp4", plain)
    if name != "open_gop":
        assert _copied(result) == []
        assert result.path.read_bytes() == same.path.read_bytes()
    assert len(_numbers(result.path, library)) == 25


def test_open_groups_are_not_cut(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    """Frames before a keyframe that refer beyond it: decoders cannot begin there."""
    timeline = _row(clips, library, "open_gop", [(5, 58), (13, 40)])
    result = _render(timeline, library, tmp_path / "film.mp4")
    shown = [*range(5, 58), *range(13, 40)]
    assert _numbers(result.path, library) == shown
    assert _ffmpeg_numbers(result.path) == shown


def test_what_an_effect_a_fade_or_a_layer_changes_is_encoded(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    timeline = _row(clips, library, "cfr", [(0, 24), (12, 36), (24, 48)])
    first, second, *_ = [clip.id for clip in clips_of(timeline)]
    timeline = edits.add_effect(timeline, first, Effect(kind="brightness"))
    timeline = edits.set_clip(timeline, second, fade_in=S(1, 5))
    result = _render(timeline, library, tmp_path / "film.mp4")
    assert _copied(result) == [(48, 72)]


def test_sources_of_other_parameter_sets_give_way_to_the_most_used(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    short = cut_from(clips["cfr"], library, S(0), S(1))
    long = cut_from(clips["bframes"], library, S(0), S(2))
    empty = Timeline(name="s", rate=S(25), size=(192, 112))
    timeline = edits.append(empty, [short, long])
    result = _render(timeline, library, tmp_path / "film.mp4")
    assert all(first >= 25 for first, _ in _copied(result))
    assert sum(last - first for first, last in _copied(result)) >= 45
    assert _ffmpeg_numbers(result.path) == [*range(25), *range(50)]


def test_a_source_that_changed_after_the_plan_is_told(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(clips["cfr"].read_bytes())
    clip = cut_from(copy, library, S(0), S(2))
    empty = Timeline(name="s", rate=S(25), size=(192, 112))
    timeline = edits.append(empty, [clip])

    def swap(_: object) -> None:
        copy.write_bytes(clips["bframes"].read_bytes())

    renderer = Renderer(library, tmp_path / "cache")
    with pytest.raises((MediaError, RenderError), match=r"copy\.mp4 changed while"):
        renderer.render(timeline, tmp_path / "film.mp4", SMART, Reporter(swap))
    assert not (tmp_path / "film.mp4").exists()


def test_smart_refuses_what_it_cannot_keep(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    with pytest.raises(RenderError, match="smart copies packets as they are"):
        Profile(smart=True, target_bytes=1_000_000)
    timeline = _row(clips, library, "cfr", [(0, 24)])
    with pytest.raises(RenderError, match=r"smart takes over H\.264 alone, not vp9"):
        _render(timeline, library, tmp_path / "film.webm", Profile(smart=True))


def test_a_matroska_film_takes_packets_too(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    timeline = _row(clips, library, "bframes", SPANS)
    result = _render(timeline, library, tmp_path / "film.mkv")
    assert _copied(result)
    assert _ffmpeg_numbers(result.path) == SHOWN


def test_interlaced_streams_and_foreign_sets_are_told_apart(tmp_path: Path) -> None:
    """As x264 writes them: coded by fields, `frame_mbs_only_flag` is 0."""
    import av

    told: list[bool] = []
    for extra in ("", ":interlaced=1"):
        options = (*CLOSED_GOP[:3], ("x264-params", f"keyint=12{extra}:sps-id=3"))
        path = make(tmp_path, Recipe(f"f{len(told)}.mp4", frames=4, options=options))
        with av.open(str(path)) as container:
            data = container.streams.video[0].codec_context.extradata
        sets, length = parameter_sets(data or b"")
        told.append(is_progressive(sets))
        assert (set_ids(sets), length) == ({3}, 4)
    assert told == [True, False]
    with pytest.raises(MediaError, match="elsewhere"):
        parameter_sets(b"\x00\x00\x00\x01\x67")
    with pytest.raises(MediaError, match="damaged"):
        without_sets(b"\x00\x00\x00\x09\x65", 4, ())
    with pytest.raises(MediaError, match="changes its parameter sets"):
        without_sets(b"\x00\x00\x00\x02\x67\x01", 4, ())
