"""Containers whose clocks round, tell little, or begin elsewhere: frames stay exact.

The ffmpeg program makes the files, so that no reader of ours agrees with a writer of
ours. Every container is tried at three rates, every rate in four containers, each with
another beginning of the sound; `make test-all` tries all of them with all.
"""

import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from media_factory import picture, read_number

import timeline_nb as tl
from timeline_nb.recognition.detections import Detections

FRAMES, SIZE = 40, (192, 112)
RATES = [
    Fraction(rate)
    for rate in (
        *("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"),
        "120",
    )
]
SOUND_STARTS_S = (0.0, 0.023, -0.5)


@dataclass(frozen=True)
class Kind:
    """A container as the ffmpeg program writes it, and what goes into it."""

    suffix: str
    video: str
    audio: str = "-c:a aac"
    more: str = ""
    fastest: int = 120


X264 = "-c:v libx264 -preset ultrafast -bf 2 -g 12 -qp 18 -pix_fmt yuv420p"
MPEG2 = "-c:v mpeg2video -bf 2 -g 12 -q:v 2"
KINDS = {
    "mkv": Kind("mkv", X264),
    "webm": Kind(
        "webm",
        "-c:v libvpx -deadline realtime -cpu-used 8 -crf 10 -b:v 2M",
        "-c:a libopus",
    ),
    "flv": Kind("flv", X264),
    "wmv": Kind("wmv", "-c:v wmv2 -q:v 2 -g 12", "-c:a wmav2"),
    "gif": Kind("gif", "-c:v gif", "", fastest=60),
    "avi": Kind("avi", "-c:v mpeg4 -bf 2 -g 12 -q:v 2", "-c:a mp3"),
    "ts": Kind("ts", X264, "-c:a mp2"),
    "m2ts": Kind("m2ts", X264),
    "mpg": Kind("mpg", MPEG2, "-c:a mp2", fastest=60),
    "mov600": Kind("mov", X264, more="-video_track_timescale 600"),
    "mp4ms": Kind("mp4", X264, more="-video_track_timescale 1000"),
    "mp490k": Kind("mp4", X264, more="-video_track_timescale 90000"),
}
# MPEG-2 knows these rates alone (ISO/IEC 13818-2, table 6-4).
CASES = [
    (name, rate)
    for name, kind in KINDS.items()
    for rate in RATES
    if rate <= kind.fastest
]


SAMPLE = [
    (name, rate, SOUND_STARTS_S[place // 3 % 3])
    for row, name in enumerate(KINDS)
    for place, rate in enumerate(RATES)
    if (name, rate) in CASES and (row + place) % 3 == 0
]


def told_by(name: str, rate: Fraction) -> Fraction:
    """The rate that a file of so few frames can tell.

    The clocks of GIF and of timescale 600 round 40 frames at 60000/1001 to the very
    stamps of 60.
    """
    coarse = name == "gif" or (name == "mov600" and rate > 50)
    return Fraction(round(rate)) if coarse else rate


def encoded(folder: Path, name: str, rate: Fraction, sound_start_s: float) -> Path:
    kind = KINDS[name]
    path = folder / f"{name}_{rate.numerator}_{rate.denominator}.{kind.suffix}"
    raw = b"".join(picture(n, SIZE).tobytes() for n in range(FRAMES))
    command = ["ffmpeg", "-v", "error", "-y"]
    # What is to begin earlier is left, and the other moved.
    command += ["-itsoffset", f"{max(0.0, -sound_start_s)}"] if kind.audio else []
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{SIZE[0]}x{SIZE[1]}"]
    command += ["-r", str(rate), "-i", "-"]
    if kind.audio:
        command += ["-itsoffset", f"{max(0.0, sound_start_s)}", "-f", "lavfi"]
        length = float(FRAMES / rate) + max(0.0, -sound_start_s)
        command += ["-i", f"sine=440:sample_rate=48000:duration={length}"]
    command += ["-fps_mode", "passthrough", *kind.video.split(), *kind.audio.split()]
    command += [*kind.more.split(), str(path)]
    subprocess.run(command, input=raw, check=True)
    return path


def check(path: Path, rate: Fraction, folder: Path) -> None:
    """Index, frames, player, table and render tell the same frames."""
    with tl.open_studio(tl.Settings(cache_dir=folder / "cache")) as studio:
        src = tl.open(path, studio=studio)
        index = src.index
        assert src.rate == rate
        assert not index.is_vfr
        assert [index.time_of(n) for n in range(FRAMES)] == [
            n / rate for n in range(FRAMES)
        ]
        assert src.range == tl.TimeRange(Fraction(0), FRAMES / rate)
        for number in (0, FRAMES - 1, 13, 12, FRAMES // 2):
            assert read_number(src.frame(f"{number}f")) == number
        _check_player(src, studio)
        _check_table(src, rate, studio)
        cut = tl.Edit("whole", rate=rate, size=SIZE, studio=studio)
        cut.append(src)
        film = folder / "film.mp4"
        cut.render(film, profile=tl.Profile(preset="ultrafast")).wait()
        with studio.library.video(film) as decoder:
            shown = [read_number(f.to_rgb()) for f in decoder.frames(range(FRAMES))]
            assert len(decoder.index) == FRAMES
        assert shown == list(range(FRAMES))


def _check_player(src: tl.Media, studio: tl.Studio) -> None:
    from timeline_nb.preview.media_source import MediaPlayerSource

    film = MediaPlayerSource(src.info, studio.library, studio.proxies)
    assert not film.is_uneven
    assert film.rate == src.rate
    film.close()


def _check_table(src: tl.Media, rate: Fraction, studio: tl.Studio) -> None:
    """A row of a frame gives a clip of that frame."""
    rows = np.array([3, 17, 30])
    found = Detections(
        source=src.source,
        names=("thing",),
        examined_frame=np.arange(FRAMES),
        examined_pts=src.index.pts,
        frame=rows,
        pts=src.index.pts[rows],
        xyxy=np.tile(np.array([10, 10, 20, 20], np.float32), (3, 1)),
        score=np.ones(3, np.float32),
        class_id=np.zeros(3, np.int64),
        track_id=np.full(3, -1, np.int64),
    )
    table = found.to_dataframe()
    cut = tl.Edit("rows", rate=rate, size=SIZE, studio=studio)
    cut.append(src.clips(table.tl.ranges()))
    assert cut.duration == 3 / rate
    assert [read_number(cut.frame(f"{n}f")) for n in range(3)] == rows.tolist()
    assert table.tl.on(cut.timeline)["timeline_frame"].tolist() == [0, 1, 2]
    (padded,) = src.clips(table.tl.ranges(pad="12f"))
    assert padded.source_range.start == 0


@pytest.mark.parametrize(("name", "rate", "sound_start_s"), SAMPLE, ids=str)
def test_every_frame_is_told_shown_and_rendered_once(
    name: str, rate: Fraction, sound_start_s: float, tmp_path: Path
) -> None:
    path = encoded(tmp_path, name, rate, sound_start_s)
    check(path, told_by(name, rate), tmp_path)


@pytest.mark.whole
@pytest.mark.parametrize("sound_start_s", SOUND_STARTS_S)
@pytest.mark.parametrize(("name", "rate"), CASES, ids=str)
def test_every_frame_wherever_the_sound_begins(
    name: str, rate: Fraction, sound_start_s: float, tmp_path: Path
) -> None:
    path = encoded(tmp_path, name, rate, sound_start_s)
    check(path, told_by(name, rate), tmp_path)
