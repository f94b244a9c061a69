"""The same timeline gives the same bytes: encoders, containers, sizes."""

import re
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from attacks.differing_films import VARYING_PX, differing_films, kinds, sizes
from media_factory import Clips, picture
from references import cut_from

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.encoders import ENCODERS
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.target import resolve_target
from timeline_nb.segments import encoding as encodings
from timeline_nb.segments.encoding import Encoding, open_encoder
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline


def test_two_cold_renders_are_equal_to_the_byte(tmp_path: Path) -> None:
    films = [(".mp4", "h264", width, 202) for width in VARYING_PX]
    films += [
        (suffix, codec, 360, 202)
        for suffix, codec in kinds((".mov", ".mkv", ".webm", ".avi", ".opus"))
        if codec not in {"h264", "h265", "av1", "vp9"} or suffix == ".webm"
    ]
    figures = differing_films(films, tmp_path)
    assert figures.failed == []
    assert figures.differing == []


@pytest.mark.whole
def test_two_cold_renders_of_any_size_are_equal_to_the_byte(tmp_path: Path) -> None:
    films = [(*kind, *size) for kind in kinds() for size in sizes(60)]
    figures = differing_films(films, tmp_path)
    assert figures.failed == []
    assert figures.differing == []


def _encoded(parameters: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Packets of moving noise, by x264 with other functions than the machine's."""
    (encoder,) = [e for e in ENCODERS["h264"] if e.name == "libx264"]
    size = (320, 180)
    options = encoder.encoder_options(Profile(preset="medium"))
    options["x264-params"] = parameters
    monkeypatch.setattr(encodings, "_has_avx512", lambda: False)
    context = open_encoder(
        Encoding(
            encoder="libx264",
            pix_fmt="yuv420p",
            size=size,
            rate=Fraction(25),
            options=options,
        )
    )
    noise = np.random.default_rng(1).integers(0, 40, (180, 320, 3), np.uint8)
    packets = b""
    for number in range(8):
        rgb = picture(number, size) // 2 + np.roll(noise, number, 1)
        frame = av.VideoFrame.from_ndarray(rgb, "rgb24").reformat(format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, 25)
        packets += b"".join(map(bytes, context.encode(frame)))
    return packets + b"".join(map(bytes, context.encode()))


def test_x264_gives_the_same_bytes_with_any_instruction_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {_encoded(f"asm={name}", monkeypatch) for name in ("auto", "sse2", "0")}
    assert len(told) == 1


def test_x265_does_not_write_what_processor_it_ran_on() -> None:
    (encoder,) = [e for e in ENCODERS["h265"] if e.name == "libx265"]
    options = encoder.encoder_options(Profile())
    context = open_encoder(
        Encoding(
            encoder="libx265",
            pix_fmt="yuv420p",
            size=(320, 180),
            rate=Fraction(25),
            options=options,
        )
    )
    assert context.extradata
    assert b"cpuid" not in context.extradata


def test_x264_is_kept_from_avx512(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "_has_avx512", lambda: True)
    given = Encoding(
        encoder="libx264",
        pix_fmt="yuv420p",
        size=(320, 180),
        rate=Fraction(25),
        options={"x264-params": "bframes=0"},
    )
    told = encodings._repeatable(given)["x264-params"]
    assert told == "bframes=0:cpu-independent=1:asm=avx2"
    # So that segments are known by processors with and without it.
    assert given.options == {"x264-params": "bframes=0"}


@pytest.mark.parametrize("suffix", [".mkv", ".webm", ".opus"])
def test_a_film_without_ids_by_chance_keeps_its_times_and_tags(
    suffix: str, clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    clip = cut_from(clips["cfr"], library, Fraction(0), Fraction(1))
    empty = Timeline(name="film", rate=Fraction(25), size=(192, 112))
    path = tmp_path / f"film{suffix}"
    Renderer(library, tmp_path / "cache").render(
        edits.append(empty, [clip]),
        path,
        Profile(preset="ultrafast", tags={"title": "A film"}),
        Reporter(),
    )
    info = library.probe(path)
    # Opus is encoded in packets of 20 ms, after 6.5 ms of its own.
    assert abs(info.duration - 1) < Fraction(3, 100)
    with av.open(str(path)) as container:
        tags = {**container.metadata, **container.streams[0].metadata}
    assert {name.lower(): text for name, text in tags.items()}["title"] == "A film"


def test_a_film_that_may_differ_says_so(tmp_path: Path) -> None:
    empty = Timeline(name="film", rate=Fraction(25), size=(192, 112))
    path = tmp_path / "film.mp4"
    sure = resolve_target(empty, path, Profile())
    assert sure.video is not None
    assert sure.video.repeats
    assert not any(re.search("equal bytes", note) for note in sure.notes)
    hopeful = resolve_target(empty, path, Profile(hardware="auto"))
    assert any(re.search("equal bytes", note) for note in hopeful.notes)
