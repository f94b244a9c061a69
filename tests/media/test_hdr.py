"""HDR footage: ten bits of PQ or HLG in BT.2020, in films of SDR and of HDR."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import timeline_nb as tl
from timeline_nb.errors import RenderError
from timeline_nb.render.profile import Color, VideoCodec

_PQ, _HLG = 16, 18
_WIDTH, _HEIGHT = 640, 64
# ITU-R BT.2100, table 4.
_M1, _M2 = 2610 / 16384, 2523 / 32
_C1, _C2, _C3 = 3424 / 4096, 2413 / 128, 2392 / 128


def _pq_of(nits: NDArray[np.float64] | float) -> NDArray[np.float64]:
    power = (np.asarray(nits, float) / 10_000) ** _M1
    return np.asarray(((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2)


def _nits_of(code: NDArray[np.float64]) -> NDArray[np.float64]:
    root = np.clip(code, 0, 1) ** (1 / _M2)
    light = np.clip(root - _C1, 0, None) / (_C2 - _C3 * root)
    return np.asarray(light ** (1 / _M1) * 10_000)


def _film(path: Path, transfer: int, told: str = "log-level=none") -> Path:
    """Grays of codes from 0 to that of 1,000 cd/m2, as a camera writes them."""
    top = 0.7518 if transfer == _PQ else 1.0
    codes = np.linspace(0, top, _WIDTH)
    wide = np.repeat((codes * 65535).astype(np.uint16)[None, :, None], 3, axis=2)
    picture = np.ascontiguousarray(np.repeat(wide, _HEIGHT, axis=0))
    options = {"crf": "1", "x265-params": told}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = _WIDTH, _HEIGHT, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = 9, transfer, 9
        context.color_range = 1
        for number in range(5):
            frame = av.VideoFrame.from_ndarray(picture, "rgb48le").reformat(
                format="yuv420p10le", dst_colorspace=9
            )
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture
def studio(tmp_path: Path) -> tl.Studio:
    return tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))


def _edit(media: tl.Media, studio: tl.Studio) -> tl.Edit:
    cut = tl.Edit("hdr", rate=25, size=(_WIDTH, _HEIGHT), studio=studio)
    cut.append(media)
    return cut


def _row(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(picture[_HEIGHT // 2].astype(float).mean(axis=1))


def _rolled_off(code: NDArray[np.float64]) -> NDArray[np.float64]:
    """PQ of up to 1,000 cd/m2 as SDR of 0 to 255 (ITU-R BT.2390-10, 5.4.1)."""
    top = float(_pq_of(1000))
    most = float(_pq_of(203)) / top
    knee = 1.5 * most - 0.5
    share = code / top
    t = (share - knee) / (1 - knee)
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * knee
        + (t**3 - 2 * t**2 + t) * (1 - knee)
        + (3 * t**2 - 2 * t**3) * most
    )
    nits = _nits_of(np.where(share < knee, share, curve) * top)
    return np.asarray(np.clip(nits / 203, 0, 1) ** (1 / 2.4) * 255)


def test_pq_is_mapped_alike_wherever_it_is_shown(
    tmp_path: Path, studio: tl.Studio
) -> None:
    media = tl.open(_film(tmp_path / "pq.mp4", _PQ), studio=studio)
    wanted = _rolled_off(np.linspace(0, 0.7518, _WIDTH))
    seen = _row(media.frame())
    assert np.abs(seen - wanted).max() <= 3
    # A diffuse white stays below white, what is darker than 90 cd/m2 as it is.
    dark = np.linspace(0, 0.7518, _WIDTH) < _pq_of(90)
    plain = (_nits_of(np.linspace(0, 0.7518, _WIDTH)) / 203) ** (1 / 2.4) * 255
    assert np.abs(seen - plain)[dark].max() <= 3
    assert seen[-1] >= 254
    cut = _edit(media, studio)
    assert np.abs(_row(cut.frame()) - seen).max() <= 2
    result = cut.render(tmp_path / "film.mp4", profile=tl.Profile(crf=1)).wait()
    assert result.warnings == ()
    film = tl.open(result.path, studio=studio)
    assert not film.info.video[0].is_hdr
    assert np.abs(_row(film.frame()) - seen).max() <= 3
    (small,) = media.thumbnails(1, height_px=_HEIGHT // 2)
    assert np.abs(small[16].astype(float).mean(1) - seen[1::2]).max() <= 3


def test_hlg_is_mapped_as_the_display_light_it_is(
    tmp_path: Path, studio: tl.Studio
) -> None:
    media = tl.open(_film(tmp_path / "hlg.mp4", _HLG), studio=studio)
    seen = _row(media.frame())
    # ITU-R BT.2408, table 1: 75 % of HLG is a diffuse white of 203 cd/m2.
    assert seen[round(0.75 * _WIDTH)] == pytest.approx(
        _rolled_off(_pq_of(203))[()], abs=3
    )
    assert np.diff(seen).min() >= -1
    assert seen[-1] >= 254


def test_the_effect_maps_in_place_of_the_usual_way(
    tmp_path: Path, studio: tl.Studio
) -> None:
    cut = _edit(tl.open(_film(tmp_path / "pq.mp4", _PQ), studio=studio), studio)
    usual = _row(cut.frame())
    cut.effects.add(0, "hdr_to_sdr")
    row = _row(cut.frame())
    assert np.abs(row - usual).max() <= 3
    assert np.diff(row).min() >= -1.5
    # Shadows of eight bits would be stairs: here nearly every shade is there.
    assert len(np.unique(row.round())) > 200


@pytest.mark.parametrize(
    ("color", "video", "suffix", "transfer"),
    [
        ("hdr10", "h265", "mp4", "smpte2084"),
        ("hdr10", "av1", "mkv", "smpte2084"),
        ("hlg", "h265", "mov", "arib-std-b67"),
    ],
)
def test_a_film_keeps_hdr_when_its_profile_says_so(
    color: Color,
    video: VideoCodec,
    suffix: str,
    transfer: str,
    *,
    tmp_path: Path,
    studio: tl.Studio,
) -> None:
    kind = _PQ if color == "hdr10" else _HLG
    cut = _edit(tl.open(_film(tmp_path / "source.mp4", kind), studio=studio), studio)
    white = tmp_path / "white.png"
    Image.new("RGB", (_WIDTH, _HEIGHT), "white").save(white)
    cut.append(tl.open(white, studio=studio).clip(end="0.2s"))
    profile = tl.Profile(video=video, color=color, quality=95, preset="ultrafast")
    film = cut.render(tmp_path / f"film.{suffix}", profile=profile).wait().path
    stream = tl.open(film, studio=studio).info.video[0]
    assert stream.pix_fmt == "yuv420p10le"
    told = (stream.color_primaries, stream.color_transfer, stream.color_space)
    assert told == ("bt2020", transfer, "bt2020nc")
    assert stream.color_range == "tv"
    with av.open(str(film)) as container:
        lumas = [
            np.frombuffer(memoryview(frame.planes[0]), np.uint16)
            .reshape(_HEIGHT, -1)[_HEIGHT // 2, :_WIDTH]
            .astype(float)
            for frame in container.decode(video=0)
        ]
    assert len(lumas) == 10
    top = 0.7518 if color == "hdr10" else 1.0
    codes = (lumas[2] - 64) / 876
    assert np.abs(codes - np.linspace(0, top, _WIDTH)).max() * 1023 <= 6
    # SDR white is a diffuse white: 203 cd/m2, 58 % of PQ and 75 % of HLG (BT.2408).
    share = 0.58 if color == "hdr10" else 0.75
    assert (lumas[7].mean() - 64) / 876 == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(("video", "suffix"), [("h265", "mp4"), ("av1", "mkv")])
def test_what_hdr_was_graded_on_is_kept(
    video: VideoCodec, suffix: str, tmp_path: Path, studio: tl.Studio
) -> None:
    # BT.2020's primaries and D65 in steps of 0.00002, light in steps of 0.0001 cd/m2.
    display = "G(8500,39850)B(6550,2300)R(35400,14600)WP(15635,16450)L(20000000,50)"
    told = f"log-level=none:master-display={display}:max-cll=1600,400"
    path = _film(tmp_path / "pq.mp4", _PQ, told)
    light = tl.open(path, studio=studio).info.video[0].light
    assert light is not None
    assert light.primaries == ((0.708, 0.292), (0.17, 0.797), (0.131, 0.046))
    assert (light.white, light.min_nits, light.max_nits) == (
        (0.3127, 0.329),
        0.005,
        2000,
    )
    assert (light.max_content_nits, light.max_average_nits) == (1600, 400)
    cut = _edit(tl.open(path, studio=studio), studio)
    profile = tl.Profile(video=video, color="hdr10", preset="ultrafast")
    film = cut.render(tmp_path / f"film.{suffix}", profile=profile).wait().path
    kept = tl.open(film, studio=studio).info.video[0].light
    assert kept is not None
    assert kept.max_nits == pytest.approx(2000, abs=0.1)
    assert kept.primaries[0] == pytest.approx((0.708, 0.292), abs=1e-4)
    assert (kept.max_content_nits, kept.max_average_nits) == (1600, 400)


def test_effects_on_hdr_are_those_of_sdr_and_said_to_be(
    tmp_path: Path, studio: tl.Studio
) -> None:
    cut = _edit(tl.open(_film(tmp_path / "pq.mp4", _PQ), studio=studio), studio)
    cut.effects.add(0, "sepia", amount=0.5)
    profile = tl.Profile(video="h265", color="hdr10", preset="ultrafast")
    result = cut.render(tmp_path / "film.mp4", profile=profile).wait()
    (warning,) = result.warnings
    assert "its effects are applied in SDR" in warning
    seen = tl.open(result.path, studio=studio)
    assert np.abs(seen.frame().astype(int) - cut.frame()).mean() < 12


@pytest.mark.parametrize("video", ["h264", "vp9", "prores"])
def test_other_codecs_refuse_hdr(
    video: VideoCodec, tmp_path: Path, studio: tl.Studio
) -> None:
    cut = _edit(tl.open(_film(tmp_path / "pq.mp4", _PQ), studio=studio), studio)
    suffix = {"h264": "mp4", "vp9": "webm", "prores": "mov"}[video]
    with pytest.raises(RenderError, match=f"{video} carries no HDR"):
        cut.render(
            tmp_path / f"film.{suffix}", profile=tl.Profile(video=video, color="hdr10")
        ).wait()
