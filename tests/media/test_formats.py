"""Formats that are let in are read; what is not is refused by its own name."""

import struct
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from timeline_nb.errors import MediaError, UnsafeMediaError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.scan import MEDIA_SUFFIXES

SOUND = ("-f", "lavfi", "-i", "sine=440:duration=1:sample_rate=48000", "-ac", "2")
RAW_RGB = ("-f", "rawvideo", "-pix_fmt", "rgb24")
PICTURES = ("-f", "lavfi", "-i", "testsrc=size=192x112:rate=25:duration=1")


def _ffmpeg(*words: str) -> bytes:
    ran = subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *words],
        check=True,
        capture_output=True,
    )
    return ran.stdout


@pytest.mark.parametrize(
    ("name", "options"),
    [
        *(
            (f"a.{suffix}", ())
            for suffix in [
                "wv",
                "tta",
                "ac3",
                "eac3",
                "mp2",
                "aiff",
                "au",
                "caf",
                "w64",
            ]
        ),
        *((f"a.{suffix}", ("-strict", "-2")) for suffix in ("dts", "thd", "mlp")),
        ("a.aac", ("-c:a", "aac", "-f", "latm")),
        ("a.spx", ("-c:a", "libspeex")),
    ],
)
def test_a_tone_is_heard_as_ffmpeg_hears_it(
    name: str, options: tuple[str, ...], library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / name
    _ffmpeg(*SOUND, *options, str(path))
    told = _ffmpeg(
        "-i", str(path), "-f", "f32le", "-ac", "2", "-ar", "48000", "-"
    )  # fmt: skip
    expected = np.frombuffer(told, np.float32).reshape(-1, 2).T
    assert library.probe(path).kind == "audio"
    with library.audio(path, sample_rate_hz=48_000) as decoder:
        heard = decoder.read(9_600, 28_800)
    np.testing.assert_allclose(heard, expected[:, 9_600:38_400], atol=2e-3)
    assert path.suffix in MEDIA_SUFFIXES


def test_amr_is_heard(library: MediaLibrary, tmp_path: Path) -> None:
    path = tmp_path / "phone.amr"
    # Frames of 20 ms, 13 bytes each at 4.75 kbit/s (RFC 4867, 5.3).
    path.write_bytes(b"#!AMR\n" + (b"\x04" + bytes(12)) * 50)
    info = library.probe(path)
    assert (info.kind, info.audio[0].sample_rate_hz) == ("audio", 8000)
    with library.audio(path, sample_rate_hz=8000) as decoder:
        assert decoder.read(0, 8000).shape == (2, 8000)


def test_dsf_is_heard(library: MediaLibrary, tmp_path: Path) -> None:
    path = tmp_path / "studio.dsf"
    blocks, rate = 100, 2_822_400
    # Sony's DSF file format, 1.01: DSD, fmt and data chunks, a block of 4096 bytes.
    data = b"\x69" * 4096 * blocks
    form = struct.pack(
        "<4sQIIIIIIQII", b"fmt ", 52, 1, 0, 1, 1, rate, 1, 8 * len(data), 4096, 0
    )
    body = struct.pack("<4sQ", b"data", 12 + len(data)) + data
    head = struct.pack("<4sQQQ", b"DSD ", 28, 28 + len(form) + len(body), 0)
    path.write_bytes(head + form + body)
    info = library.probe(path)
    # FFmpeg gives a sample for eight bits.
    assert info.audio[0].sample_rate_hz == rate // 8
    assert info.duration == Fraction(8 * len(data), rate)
    with library.audio(path, sample_rate_hz=48_000) as decoder:
        # 0x69 has as many ones as noughts: silence.
        assert np.abs(decoder.read(24_000, 4_800)).max() < 0.01


def _silent_ape() -> bytes:
    """Monkey's Audio 3.99 with one frame, flagged as silence on both channels."""
    samples, seek = 73_728, 4
    frame = struct.pack("<III", 0x8000_0000, 3, 0) + bytes(8)
    head = struct.pack("<HHIHHI", 2000, 0, 73_728 * 4, 0, 0, 0)
    header = struct.pack("<HHIIIHHI", 2000, 0, 73_728 * 4, samples, 1, 16, 2, 44_100)
    assert len(head) == 16
    start = 52 + len(header) + seek
    descriptor = struct.pack(
        "<4sHHIIIIIII", b"MAC ", 3990, 0, 52, len(header), seek, 0, len(frame), 0, 0
    )
    descriptor += bytes(52 - len(descriptor))
    return descriptor + header + struct.pack("<I", start) + frame


def test_monkeys_audio_is_heard(library: MediaLibrary, tmp_path: Path) -> None:
    path = tmp_path / "old.ape"
    path.write_bytes(_silent_ape())
    info = library.probe(path)
    assert (info.audio[0].codec, info.audio[0].sample_rate_hz) == ("ape", 44_100)
    with library.audio(path, sample_rate_hz=44_100) as decoder:
        assert not decoder.read(0, 4_410).any()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("v.m1v", ()),
        ("v.m2v", ()),
        ("v.mpv", ("-c:v", "mpeg2video", "-f", "mpeg2video")),
        ("v.vob", ("-c:v", "mpeg2video")),
        ("v.mjpeg", ()),
        ("v.y4m", ("-pix_fmt", "yuv420p")),
        ("v.ogv", ()),
    ],
)
def test_pictures_of_other_containers_are_a_film(
    name: str, options: tuple[str, ...], library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / name
    _ffmpeg(*PICTURES, *options, "-q:v", "2", str(path))
    raw = _ffmpeg("-i", str(path), "-vsync", "0", *RAW_RGB, "-")
    expected = np.frombuffer(raw, np.uint8).reshape(-1, 112, 192, 3)
    info = library.probe(path)
    assert info.kind == "video"
    with library.video(path) as decoder:
        assert len(decoder.index) == len(expected) == 25
        for number in (0, 13, 24):
            # In luma: ffmpeg puts chroma between its samples in another way.
            beside = decoder.frame(number).to_rgb() - expected[number].astype(float)
            assert np.abs(beside @ (0.299, 0.587, 0.114)).mean() < 2
    assert path.suffix in MEDIA_SUFFIXES


REFUSED = {
    "list.m3u8": (b"#EXTM3U\n#EXTINF:1,\nother.ts\n", "an HLS or M3U playlist: open"),
    "list.ffconcat": (b"ffconcat version 1.0\nfile a.mp4\n", "files to be joined"),
    "call.sdp": (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", "a session description"),
    "show.mpd": (b"<?xml version='1.0'?>\n<MPD xmlns='x'></MPD>", "a DASH manifest"),
    "old.asx": (b'<asx version="3.0"></asx>', "a playlist"),
    "radio.pls": (b"[playlist]\nFile1=http://x/\n", "a playlist"),
    "notes.mp4": (b"Dear diary,\ntoday I filmed.\n", "a text file, not a media file"),
    "paper.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document"),
    "lines.srt": (b"1\n00:00:01,000 --> 00:00:02,000\nHi\n", "subtitles"),
    "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
    "page.html": (b"<!DOCTYPE html>\n<html></html>", "a web page"),
    "photo.jxl": (b"\xff\x0a\xfa\x1f\x01\x90", "a JPEG XL picture"),
    "boxed.jxl": (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(20), "a JPEG XL picture"),
    "empty.mov": (b"", "empty"),
    "noise.mp4": (bytes(range(256)) * 8, "no known format"),
    "music.mid": (b"MThd\0\0\0\6\0\1\0\1\0\x60", "MIDI"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_let_in_is_refused_by_its_name(
    name: str, library: MediaLibrary, tmp_path: Path
) -> None:
    data, told = REFUSED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(MediaError, match=rf"{name} is .*{told}"):
        library.probe(tmp_path / name)


def test_a_playlist_is_unsafe_and_a_document_is_not(
    library: MediaLibrary, tmp_path: Path
) -> None:
    (tmp_path / "list.mp4").write_bytes(REFUSED["list.m3u8"][0])
    with pytest.raises(UnsafeMediaError):
        library.probe(tmp_path / "list.mp4")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.mp4", b"")
    with pytest.raises(MediaError, match="a ZIP archive") as caught:
        library.probe(tmp_path / "a.zip")
    assert not isinstance(caught.value, UnsafeMediaError)


def test_a_format_that_ffmpeg_knows_is_told_by_its_name(
    library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "old.rm"
    _ffmpeg(*PICTURES, str(path))
    with pytest.raises(MediaError, match=r"old\.rm is RealMedia.*convert it"):
        library.probe(path)
    Image.new("RGB", (8, 8)).save(tmp_path / "a.ppm")
    with pytest.raises(MediaError, match="not let in"):
        library.probe(tmp_path / "a.ppm")


def test_codecs_without_a_decoder_are_named(
    library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "odd.mp4"
    _ffmpeg(*PICTURES, "-c:v", "libx264", str(path))
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz"))
    with pytest.raises(MediaError, match=r"odd\.mp4.*codecs are zzzz"):
        library.probe(path)
