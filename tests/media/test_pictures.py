"""Pictures, not packets: each shown frame has one number, whatever its file tells."""

import subprocess
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from media_factory import VFR_STAMPS, Recipe, make, picture, read_number

from timeline_nb.media.bit_reader import BitReader
from timeline_nb.media.h264 import FieldPairs
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.library import MediaLibrary

SIZE = (192, 112)
X264 = "-c:v libx264 -preset ultrafast -qp 18 -pix_fmt yuv420p -g 12 -bf 2"
MPEG2 = "-c:v mpeg2video -q:v 2 -g 12 -bf 2"


def encoded(path: Path, options: str, *, frames: int = 60, first: int = 0) -> Path:
    """Numbered frames at 25 a second, encoded by the ffmpeg program."""
    raw = b"".join(picture(first + n, SIZE).tobytes() for n in range(frames))
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{SIZE[0]}x{SIZE[1]}", "-r", "25", "-i", "-", *options.split()]
    subprocess.run([*command, str(path)], input=raw, check=True)
    return path


def numbers(path: Path, library: MediaLibrary) -> list[int]:
    """What every frame of the index shows; each asked for again at random."""
    with library.video(path) as decoder:
        count = len(decoder.index)
        shown = [read_number(decoder.frame(n).to_rgb()) for n in range(count)]
    places = np.random.default_rng(1).permutation(count)[:20].tolist()
    with library.video(path) as decoder:
        again = [read_number(decoder.frame(n).to_rgb()) for n in places]
    assert again == [shown[n] for n in places]
    return shown


def index_of(path: Path, library: MediaLibrary) -> FrameIndex:
    return library.index(library.probe(path))


def is_steady(index: FrameIndex) -> bool:
    times = [index.time_of(n) for n in range(len(index))]
    return times == [Fraction(n, 25) for n in range(len(index))]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("h264_in.avi", X264),
        ("mpeg4.avi", "-c:v mpeg4 -q:v 2 -g 12 -bf 2"),
        ("bare.h264", X264),
        (
            "bare.hevc",
            "-c:v libx265 -preset ultrafast -x265-params log-level=none:qp=18",
        ),
        ("theora.ogv", "-c:v libtheora -q:v 9 -g 12"),
        ("broadcast.mxf", MPEG2),
        ("wmv.wmv", "-c:v wmv2 -q:v 2 -g 12"),
        ("interlaced.ts", f"{X264} -flags +ildct+ilme -x264opts tff=1"),
    ],
)
def test_every_picture_has_its_number(
    name: str, options: str, library: MediaLibrary, tmp_path: Path
) -> None:
    path = encoded(tmp_path / name, options)
    assert numbers(path, library) == list(range(60))
    index = index_of(path, library)
    assert is_steady(index)
    assert index.rate == 25


def test_packets_that_show_nothing_are_no_frames(
    library: MediaLibrary, tmp_path: Path
) -> None:
    codec = "-c:v libvpx-vp9 -b:v 300k -auto-alt-ref 1 -lag-in-frames 25 -cpu-used 2"
    two = f"{codec} -deadline good -g 60 -pass"
    passed = f" -passlogfile {tmp_path / 'log'}"
    encoded(tmp_path / "first.webm", f"{two} 1{passed}")
    split = " -bsf:v vp9_superframe_split"
    path = encoded(tmp_path / "web.nut", f"{two} 2{passed}{split}")
    with av.open(str(path)) as container:
        packets = sum(1 for packet in container.demux(video=0) if packet.size)
    assert packets > 60, "the bitstream filter parts hidden frames from shown ones"
    assert numbers(path, library) == list(range(60))
    assert is_steady(index_of(path, library))


@pytest.mark.parametrize(
    ("name", "options", "cut"),
    [
        ("mid_h264.ts", f"{X264} -x264-params open-gop=1:scenecut=0", 5),
        ("mid_mpeg2.ts", MPEG2, 9),
    ],
)
def test_a_recording_begins_with_the_first_picture_that_decodes(
    name: str, options: str, cut: int, library: MediaLibrary, tmp_path: Path
) -> None:
    whole = encoded(tmp_path / "whole.ts", options).read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[len(whole) // 188 // cut * 188 :])
    shown = numbers(path, library)
    assert shown[0] > 0
    assert shown == list(range(shown[0], 60))
    assert is_steady(index_of(path, library))


@pytest.mark.parametrize(
    ("suffix", "options", "offset_s"),
    [("ts", X264, 0), ("ts", X264, 1), ("ts", X264, 3600), ("mpg", MPEG2, 0)],
)
def test_a_clock_that_begins_again_loses_no_picture(
    suffix: str, options: str, offset_s: int, library: MediaLibrary, tmp_path: Path
) -> None:
    first = encoded(tmp_path / f"a.{suffix}", options)
    moved = f"{options} -output_ts_offset {offset_s}"
    second = encoded(tmp_path / f"b.{suffix}", moved, first=60)
    path = tmp_path / f"joined.{suffix}"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    assert numbers(path, library) == list(range(120))
    index = index_of(path, library)
    assert is_steady(index)
    (broken,) = index.breaks
    assert broken.frame == 60
    # The muxer puts the second part off by up to two frames more, for its B-frames.
    assert abs(broken.shift - (Fraction(60, 25) - offset_s)) <= Fraction(2, 25)


def test_a_rate_that_varies_keeps_its_own_times(
    library: MediaLibrary, tmp_path: Path
) -> None:
    recipe = Recipe("vfr.mkv", pts=VFR_STAMPS, time_base=Fraction(1, 1000))
    index = index_of(make(tmp_path, recipe), library)
    assert index.is_vfr
    begins = VFR_STAMPS[0]
    times = [index.time_of(n) for n in range(60)]
    assert times == [Fraction(stamp - begins, 1000) for stamp in VFR_STAMPS]


def test_a_screen_recording_is_exact_where_it_is_steady(
    library: MediaLibrary, tmp_path: Path
) -> None:
    steady = [round(n * 1000 / 30) for n in range(40)]
    uneven = [steady[-1] + step for step in (71, 109, 188, 240, 397, 421, 600)]
    fast = [uneven[-1] + 50 + round(n * 1000 / 60) for n in range(40)]
    stamps = (*steady, *uneven, *fast)
    recipe = Recipe("screen.mkv", len(stamps), pts=stamps, time_base=Fraction(1, 1000))
    index = index_of(make(tmp_path, recipe), library)
    times = [index.time_of(n) for n in range(len(stamps))]
    assert times[:40] == [Fraction(n, 30) for n in range(40)]
    assert times[40:47] == [Fraction(stamp, 1000) for stamp in uneven]
    assert [t - times[47] for t in times[47:]] == [Fraction(n, 60) for n in range(40)]


def test_a_gap_between_b_frames_does_not_lengthen_the_last(
    library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "gap.mp4"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=r=25:d=1.6"]
    command += ["-vf", "select='not(between(n,20,33))'", "-fps_mode", "passthrough"]
    subprocess.run([*command, *X264.split(), str(path)], check=True)
    index = index_of(path, library)
    assert index.is_vfr
    assert index.rate == 25
    assert index.end_of(len(index) - 1) == Fraction(40, 25)


def test_a_slow_film_has_one_clock(library: MediaLibrary, tmp_path: Path) -> None:
    recipe = Recipe("slow.mkv", 6, Fraction(1, 10), options=(("bf", "2"), ("g", "12")))
    index = index_of(make(tmp_path, recipe), library)
    assert not index.breaks
    assert [index.time_of(n) for n in range(6)] == [10 * n for n in range(6)]


class _Writer:
    """Writes the bits of an H.264 header."""

    def __init__(self) -> None:
        self.bits = ""

    def number(self, value: int, width: int) -> "_Writer":
        self.bits += f"{value:0{width}b}"
        return self

    def unsigned(self, *values: int) -> "_Writer":
        for value in values:
            code = f"{value + 1:b}"
            self.bits += "0" * (len(code) - 1) + code
        return self

    def data(self) -> bytes:
        padded = self.bits + "1" + "0" * (-(len(self.bits) + 1) % 8)
        return int(padded, 2).to_bytes(len(padded) // 8, "big")


def sequence_set(*, frames_only: bool) -> bytes:
    """A sequence parameter set of the main profile (7.3.2.1.1)."""
    bits = _Writer().unsigned(0, 0, 0, 0, 1).number(0, 1).unsigned(19, 10)
    bits.number(int(frames_only), 1)
    return b"\x67\x4d\x40\x1e" + bits.data()


def slice_of(frame: int, field: int | None) -> bytes:
    """The begin of a slice (7.3.3): frame number of 4 bits, and which field it is."""
    bits = _Writer().unsigned(0, 0, 0).number(frame, 4)
    bits.number(0, 1) if field is None else bits.number(2 + field, 2)
    return b"\x00\x00\x01\x41" + bits.data() + b"\x80" * 8


def test_two_fields_are_one_picture() -> None:
    pairs = FieldPairs(b"\x00\x00\x01" + sequence_set(frames_only=False))
    assert pairs.is_needed
    order = [(0, 0), (0, 1), (1, 1), (1, 0), (2, None), (3, 0), (4, 0), (4, 1)]
    begins = [pairs.begins_picture(slice_of(*told)) for told in order]
    # A field whose other never comes is a picture, too.
    assert begins == [True, False, True, False, True, True, True, False]
    assert not FieldPairs(b"\x00\x00\x01" + sequence_set(frames_only=True)).is_needed


def test_numbers_of_exp_golomb() -> None:
    # ITU-T H.264, table 9-2 and 9-3: 1, 010, 011, 00100, then signed 1, -1.
    bits = BitReader(int("1010011001000100110" + "0" * 5, 2).to_bytes(3, "big"))
    assert [bits.unsigned() for _ in range(4)] == [0, 1, 2, 3]
    assert [bits.signed() for _ in range(2)] == [1, -1]
    with pytest.raises(IndexError):
        bits.unsigned()
