"""Damaged files: they are read as far as they go, or refused by name. Nothing else."""

import random
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from media_factory import Clips, Recipe, make, read_number

from timeline_nb.compose.reference import clip_of_media
from timeline_nb.compose.sources import OnDamage
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import DamagedFrameError, MediaError, RenderError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult
from timeline_nb.timeline.edits import append
from timeline_nb.timeline.model import Timeline, Track

NAMES = ("cfr", "matroska", "transport", "web", "old", "quick", "open_gop", "ntsc")


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some changed, and sometimes cut short."""
    bytes_ = bytearray(data)
    for _ in range(chance.choice([1, 3, 20, 200])):
        bytes_[chance.randrange(len(bytes_))] = chance.randrange(256)
    end = chance.randrange(len(bytes_)) if chance.random() < 0.3 else len(bytes_)
    return bytes(bytes_[:end])


def _read(path: Path, library: MediaLibrary) -> None:
    info = library.probe(path)
    if info.video:
        with library.video(path) as decoder:
            last = len(decoder.index) - 1
            for number in (0, last // 2, last, min(3, last)):
                decoder.frame(number).to_rgb()
    if info.audio:
        with library.audio(path, sample_rate_hz=48_000) as sound:
            sound.read(0, 1000)
            sound.read(50_000, 1000)


@pytest.mark.parametrize("name", NAMES)
def test_damage_ends_in_frames_or_in_a_media_error(
    name: str, clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    data = clips[name].read_bytes()
    messages = []
    for seed in range(25):
        path = tmp_path / f"{seed}{clips[name].suffix}"
        path.write_bytes(_damaged(data, random.Random(f"{name} {seed}")))
        try:
            _read(path, library)
        except MediaError as error:
            messages.append((path.name, str(error)))
    assert messages
    assert all(name in message for name, message in messages)


@pytest.fixture(scope="module")
def damaged_clip(clips: Clips) -> Path:
    """Frames 0 to 59, of which 31 alone does not decode: no other refers to it."""
    path = clips.folder / "damaged_frame.mp4"
    options = (("crf", "12"), ("g", "12"), ("bf", "1"), ("x264-params", "b-adapt=0"))
    make(clips.folder, Recipe(path.name, options=options, clicks=True))
    with av.open(str(path)) as container:
        places = {
            p.pts or 0: (p.pos, p.size) for p in container.demux(video=0) if p.size
        }
    stamps = sorted(places)
    place, size = places[stamps[31]]
    assert place is not None
    data = bytearray(path.read_bytes())
    # The length of its first unit leads beyond the packet.
    data[place : place + min(size, 64)] = b"\xff" * min(size, 64)
    path.write_bytes(data)
    return path


def edit_of(path: Path, library: MediaLibrary) -> Timeline:
    tracks = (Track(kind="video", name="V1"), Track(kind="audio", name="A1"))
    info = library.probe(path)
    size = info.video[0].display_size
    empty = Timeline(name="hurt", rate=Fraction(25), size=size, tracks=tracks)
    return append(empty, [clip_of_media(info, library)])


def numbers_in(film: Path) -> list[int]:
    with av.open(str(film)) as container:
        pictures = [f.to_rgb().to_ndarray() for f in container.decode(video=0)]
    return [read_number(np.asarray(rgb, np.uint8)) for rgb in pictures]


def rendered(
    path: Path, tmp_path: Path, library: MediaLibrary, on_damage: OnDamage
) -> tuple[RenderResult, Path]:
    film = tmp_path / f"{on_damage}.mp4"
    renderer = Renderer(library, tmp_path / "cache")
    profile = Profile(crf=12, on_damage=on_damage)
    edit = edit_of(path, library)
    return renderer.render(edit, film, profile, Reporter()), film


def test_a_frame_that_does_not_decode_is_held_and_told(
    damaged_clip: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    result, film = rendered(damaged_clip, tmp_path, library, "hold")
    assert numbers_in(film) == [*range(31), 30, *range(32, 60)]
    (warning,) = [w for w in result.warnings if "cannot be decoded" in w]
    assert "1 frame of" in warning
    assert "1.240 s" in warning
    again, _ = rendered(damaged_clip, tmp_path, library, "hold")
    assert warning in again.warnings, "known also where all segments are"
    assert again.plan is not None
    assert [d.frames for d in again.plan.damage] == [(31,)]


def test_damage_is_black_or_an_error_where_that_is_asked_for(
    damaged_clip: Path, library: MediaLibrary, tmp_path: Path
) -> None:
    with pytest.raises(MediaError, match=r"frame 31 at 1\.240 s does not"):
        rendered(damaged_clip, tmp_path, library, "error")
    with pytest.raises(RenderError, match="on_damage='error' does not let it pass"):
        rendered(damaged_clip, tmp_path, library, "error")
    _, film = rendered(damaged_clip, tmp_path, library, "black")
    with av.open(str(film)) as container:
        shown = [f.to_ndarray(format="gray") for f in container.decode(video=0)]
    assert [n for n, luma in enumerate(shown) if luma.max() < 24] == [31]


def test_a_damaged_frame_is_remembered_by_other_processes(
    damaged_clip: Path, tmp_path: Path
) -> None:
    first, second = MediaLibrary(tmp_path), MediaLibrary(tmp_path)
    info = first.probe(damaged_clip)
    with first.video(damaged_clip) as decoder, pytest.raises(DamagedFrameError):
        decoder.frame(31)
    assert second.damaged(info) == {31}
    assert second.frame_shown(info, Fraction(31, 25)) == 30
    assert second.frame_shown(info, Fraction(32, 25)) == 32
