"""Stills of every kind are shown as Pillow shows them."""

import subprocess
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.reference import clip_of_media
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline.edits import append
from timeline_nb.timeline.model import Timeline

WIDTH, HEIGHT = 64, 48


def _colors() -> Image.Image:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return Image.fromarray(np.stack([x * 4, y * 5, x + y], -1).astype(np.uint8))


def _opacity() -> Image.Image:
    return Image.fromarray((np.mgrid[0:HEIGHT, 0:WIDTH][1] * 4).astype(np.uint8))


def _picture(mode: str) -> Image.Image:
    colors = _colors()
    if mode == "RGBA":
        colors.putalpha(_opacity())
        return colors
    if mode == "LA":
        return Image.merge("LA", (colors.convert("L"), _opacity()))
    return colors.quantize(16) if mode == "P" else colors.convert(mode)


def _as_pillow_shows_it(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA").convert("RGB"))


def _shown(path: Path, library: MediaLibrary) -> NDArray[np.uint8]:
    with library.video(path) as decoder:
        return decoder.frame(0).to_rgb()


KINDS = [
    *(("png", mode, {}) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")),
    ("png", "P", {"transparency": 3}),
    *(("jpg", mode, {}) for mode in ("L", "RGB", "CMYK")),
    ("jpg", "RGB", {"progressive": True, "subsampling": 0}),
    *(("gif", mode, {}) for mode in ("1", "L", "P", "RGB")),
    ("gif", "P", {"transparency": 3}),
    *(("bmp", mode, {}) for mode in ("1", "L", "P", "RGB", "RGBA")),
    *(("webp", mode, {"lossless": True}) for mode in ("RGB", "RGBA")),
    *(("webp", mode, {}) for mode in ("RGB", "RGBA")),
    *(("tif", mode, {}) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK")),
    ("tif", "1", {"compression": "group4"}),
    *(
        ("tif", mode, {"compression": kind})
        for mode in ("L", "RGB", "CMYK", "YCbCr")
        for kind in ("jpeg", "tiff_lzw", "tiff_deflate", "packbits", "zstd")
    ),
    *(("jp2", mode, {}) for mode in ("L", "RGB", "RGBA")),
    ("j2k", "RGB", {}),
    *(("avif", mode, {}) for mode in ("RGB", "RGBA")),
]


@pytest.mark.parametrize(("suffix", "mode", "options"), KINDS)
def test_a_still_is_shown_as_pillow_shows_it(
    suffix: str,
    mode: str,
    options: dict[str, Any],
    library: MediaLibrary,
    tmp_path: Path,
) -> None:
    path = tmp_path / f"still.{suffix}"
    _picture(mode).save(path, **options)
    info = library.probe(path)
    assert (info.kind, info.video[0].display_size) == ("image", (WIDTH, HEIGHT))
    assert len(library.index(info)) == 1
    np.testing.assert_array_equal(_shown(path, library), _as_pillow_shows_it(path))


@pytest.mark.parametrize("suffix", ["png", "tif", "jp2"])
def test_gray_of_16_bits_keeps_them(
    suffix: str, library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / f"deep.{suffix}"
    deep = (np.mgrid[0:HEIGHT, 0:WIDTH][1] * 1000 + 7).astype(np.uint16)
    Image.fromarray(deep).save(path)
    with library.video(path) as decoder:
        picture = decoder.frame(0).picture
    np.testing.assert_array_equal(picture.to_ndarray(format="gray16le"), deep)


def _write_deep(path: Path, codec: str) -> NDArray[np.uint16]:
    deep = np.zeros((HEIGHT, WIDTH, 3), np.uint16)
    deep[..., 0] = np.mgrid[0:HEIGHT, 0:WIDTH][1] * 1000 + 7
    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream(codec, rate=1)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = "rgb48be" if codec == "png" else "rgb48le"
        frame = av.VideoFrame.from_ndarray(deep, "rgb48le")
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return deep


@pytest.mark.parametrize(("name", "codec"), [("a.png", "png"), ("a.tif", "tiff")])
def test_colors_of_16_bits_keep_them(
    name: str, codec: str, library: MediaLibrary, tmp_path: Path
) -> None:
    deep = _write_deep(tmp_path / name, codec)
    with library.video(tmp_path / name) as decoder:
        picture = decoder.frame(0).picture
    np.testing.assert_array_equal(picture.to_ndarray(format="rgb48le"), deep)


def test_opacity_reaches_the_decoded_picture(
    library: MediaLibrary, tmp_path: Path
) -> None:
    for suffix, mode in (("png", "RGBA"), ("webp", "RGBA"), ("tif", "LA")):
        path = tmp_path / f"clear.{suffix}"
        options: dict[str, Any] = {"lossless": True} if suffix == "webp" else {}
        _picture(mode).save(path, **options)
        with library.video(path) as decoder:
            rgba = decoder.frame(0).picture.to_ndarray(format="rgba")
        np.testing.assert_array_equal(rgba[..., 3], np.asarray(_opacity()))


def _wide_profile() -> bytes:
    """A profile whose red and green have changed places."""
    profile = bytearray(
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile).replace(
        "sRGB".encode("utf-16-be"), "wide".encode("utf-16-be")
    )


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "webp"])
def test_colors_of_another_profile_become_those_of_srgb(
    suffix: str, library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / f"wide.{suffix}"
    red = Image.new("RGB", (16, 16), (255, 0, 0))
    red.save(path, icc_profile=_wide_profile())
    middle = _shown(path, library)[8, 8].astype(int)
    np.testing.assert_allclose(middle, (0, 255, 0), atol=3)


def test_a_broken_profile_changes_nothing(
    library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "broken.png"
    _colors().save(path, icc_profile=b"no profile" * 20)
    np.testing.assert_array_equal(_shown(path, library), np.asarray(_colors()))


def test_a_still_lasts_as_long_as_an_edit_asks(
    library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "sky.avif"
    Image.new("RGB", (64, 48), (20, 60, 200)).save(path)
    clip = clip_of_media(library.probe(path), library)
    assert clip.media.available_range is None
    timeline = append(
        Timeline(name="x", rate=Fraction(25), size=(64, 48)), [clip], track=None
    )
    with Compositor(timeline, library) as compositor:
        frames = list(compositor.frames(120, 125))
    shown = frames[-1].to_ndarray(format="rgb24")[24, 32].astype(int)
    assert len(frames) == 5
    assert abs(shown[2] - 200) < 20


def _box(name: bytes, *parts: bytes) -> bytes:
    data = b"".join(parts)
    return (8 + len(data)).to_bytes(4, "big") + name + data


def _heic(
    folder: Path, tiles: tuple[int, int], size: tuple[int, int], side: int
) -> bytes:
    """Tiles of flat gray, each lighter than the last (ISO/IEC 23008-12, 6.6.2.3)."""
    count = tiles[0] * tiles[1]
    coded = [_hevc(folder, side, 40 + 50 * number) for number in range(count)]
    config = coded[0][0]
    full = b"\0\0\0\0"
    two = partial(int.to_bytes, length=2, byteorder="big")
    heads = [_infe(number + 1, b"hvc1") for number in range(count)]
    grid = bytes([0, 0, tiles[1] - 1, tiles[0] - 1])
    grid += size[0].to_bytes(2, "big") + size[1].to_bytes(2, "big")
    items = [data for _, data in coded] + [grid]

    def meta(start: int) -> bytes:
        places, at = b"", start
        for number, data in enumerate(items, 1):
            places += number.to_bytes(2, "big") + b"\0\0" + (1).to_bytes(2, "big")
            places += at.to_bytes(4, "big") + len(data).to_bytes(4, "big")
            at += len(data)
        wide = (
            b"\0\0\0\0" + n.to_bytes(4, "big") + m.to_bytes(4, "big")
            for n, m in ((side, side), size)
        )
        tile_size, whole_size = (_box(b"ispe", part) for part in wide)
        owned = (
            b"".join(
                n.to_bytes(2, "big") + bytes([2, 0x81, 2]) for n in range(1, count + 1)
            )
            + (count + 1).to_bytes(2, "big")
            + bytes([1, 3])
        )
        return _box(
            b"meta", full,
            _box(b"hdlr", full, b"\0\0\0\0pict", bytes(13)),
            _box(b"pitm", full, (count + 1).to_bytes(2, "big")),
            _box(b"iloc", full, bytes([0x44, 0]), two(len(items)), places),
            _box(b"iinf", full, two(len(items)), *heads, _infe(count + 1, b"grid")),
            _box(b"iref", full, _box(b"dimg", (count + 1).to_bytes(2, "big"),
                 count.to_bytes(2, "big"),
                 *(n.to_bytes(2, "big") for n in range(1, count + 1)))),
            _box(b"iprp", _box(b"ipco", _box(b"hvcC", config), tile_size, whole_size),
                 _box(b"ipma", full, (count + 1).to_bytes(4, "big"), owned)),
        )  # fmt: skip

    head = _box(b"ftyp", b"heic", full, b"mif1heic")
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + _box(b"mdat", *items)


def _infe(number: int, kind: bytes) -> bytes:
    return _box(b"infe", b"\2\0\0\0", number.to_bytes(2, "big"), b"\0\0", kind, b"\0")


def _hevc(folder: Path, side: int, gray: int) -> tuple[bytes, bytes]:
    """A flat picture in H.265: its configuration, and its data with lengths."""
    path = folder / "tile.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width = stream.height = side
        stream.pix_fmt = "yuv420p"
        stream.options = {"x265-params": "log-level=none:crf=10:info=0"}
        planes = np.full((side * 3 // 2, side), 128, np.uint8)
        planes[:side] = gray
        frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
        for packet in [*stream.encode(frame), *stream.encode()]:
            # x265 leaves that of a lone picture as memory was.
            packet.dts = packet.pts
            container.mux(packet)
    with av.open(str(path)) as container:
        source = container.streams.video[0]
        config = bytes(source.codec_context.extradata or b"")
        packet = next(p for p in container.demux(source) if p.size)
        return config, bytes(packet)


def test_a_grid_of_tiles_is_one_picture(library: MediaLibrary, tmp_path: Path) -> None:
    path = tmp_path / "phone.heic"
    path.write_bytes(_heic(tmp_path, tiles=(2, 2), size=(120, 100), side=64))
    info = library.probe(path)
    assert (info.kind, info.video[0].display_size) == ("image", (120, 100))
    shown = _shown(path, library)
    middles = [shown[y, x, 0] for y in (32, 90) for x in (32, 100)]
    # Limited range: luma 40 is 255 * (40 - 16) / 219.
    told = [255 * (40 + 50 * number - 16) / 219 for number in range(4)]
    np.testing.assert_allclose(np.array(middles, float), told, atol=3)


def test_an_avif_of_10_bits_keeps_them(library: MediaLibrary, tmp_path: Path) -> None:
    path = tmp_path / "deep.avif"
    source = "testsrc=size=64x48:rate=1:duration=1"
    words = ("-f", "lavfi", "-i", source, "-frames:v", "1", "-pix_fmt", "yuv420p10le")
    encoder = ("-c:v", "libaom-av1", "-cpu-used", "8", str(path))
    subprocess.run(["ffmpeg", "-v", "error", *words, *encoder], check=True)
    info = library.probe(path)
    assert (info.kind, info.video[0].display_size) == ("image", (64, 48))
    assert info.duration == 0
    with library.video(path) as decoder:
        assert decoder.frame(0).picture.format.name == "yuv420p10le"
    shown = _shown(path, library).astype(int)
    # Chroma is scaled up in other ways at edges.
    assert np.median(np.abs(shown - _as_pillow_shows_it(path))) < 3


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_given_as_it_was_coded(
    suffix: str, orientation: int, library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / f"turned.{suffix}"
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, Any] = {"lossless": True} if suffix == "webp" else {}
    _colors().save(path, exif=exif, **options)
    info = library.probe(path)
    assert (info.video[0].width, info.video[0].height) == (WIDTH, HEIGHT)
    with library.video(path) as decoder:
        coded = decoder.frame(0).picture.to_ndarray(format="rgb24").astype(int)
    assert np.abs(coded - np.asarray(_colors())).mean() < 4
