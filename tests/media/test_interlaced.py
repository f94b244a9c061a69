"""Interlaced footage: told as such, whole in films, as it is coded in `src.frame`."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import timeline_nb as tl
from timeline_nb.media.deinterlace import Deinterlacer
from timeline_nb.preview.jpeg import JpegDecoder
from timeline_nb.preview.media_source import MediaPlayerSource
from timeline_nb.preview.proxies import ProxyStore

_WIDTH, _HEIGHT, _FRAMES = 192, 96, 8


def _film(path: Path, codec: str, first: str, *options: str) -> Path:
    """Stripes that move fifty times a second, two moments a frame, by ffmpeg."""
    weave = "interleave_top" if first == "tt" else "interleave_bottom"
    order = "tff" if first == "tt" else "bff"
    stripes = r"geq=lum='if(lt(mod(X+6*N\,48)\,24)\,180\,60)':cb=128:cr=128"
    source = f"color=gray:s={_WIDTH}x{_HEIGHT}:r=50:d={_FRAMES / 25},{stripes}"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-vf"]
    command += [f"tinterlace={weave},setfield={order},format=yuv420p"]
    command += ["-flags", "+ilme+ildct", "-top", str(int(first == "tt")), *options]
    command += ["-x264opts", f"{order}=1"] if codec == "libx264" else []
    subprocess.run([*command, "-c:v", codec, str(path)], check=True)
    return path


def _lumas(path: Path, *filters: str) -> NDArray[np.uint8]:
    """Luma of every frame `(n, H, W)`, as the ffmpeg program gives it."""
    chain = ",".join([*filters, "extractplanes=y"])
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vf", chain, "-f", "rawvideo"]
    data = subprocess.run([*command, "-"], check=True, capture_output=True).stdout
    return np.frombuffer(data, np.uint8).reshape(-1, _HEIGHT, _WIDTH)


def _luma(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
    """BT.601 luma of RGB in limited range, as the film is untold and small."""
    return np.asarray(picture @ [0.299, 0.587, 0.114] * 219 / 255 + 16)


@pytest.fixture
def studio(tmp_path: Path) -> tl.Studio:
    return tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))


@pytest.mark.parametrize("first", ["tt", "bb"])
@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("x264.mp4", "libx264"),
        ("x264.ts", "libx264"),
        ("dvd.mpg", "mpeg2video"),
        ("asp.avi", "mpeg4"),
    ],
)
def test_frames_are_as_bwdif_makes_them_in_any_order(
    name: str, codec: str, first: str, tmp_path: Path, studio: tl.Studio
) -> None:
    path = _film(tmp_path / name, codec, first, "-g", "4", "-bf", "0")
    media = tl.open(path, studio=studio)
    assert media.info.video[0].field_order == first
    assert f"interlaced ({first})" in repr(media)
    wanted = _lumas(path, "bwdif=mode=send_frame:deint=all")
    coded = _lumas(path)
    with studio.library.video(path) as decoder:
        whole = Deinterlacer(decoder)
        for number in [*range(_FRAMES), 3, 1, _FRAMES - 1]:
            frame = whole.frame(number)
            assert frame.id == decoder.frame(number).id
            plane = frame.picture.planes[0]
            rows = np.frombuffer(memoryview(plane), np.uint8)
            luma = rows.reshape(_HEIGHT, -1)[:, :_WIDTH]
            # The program's older bwdif does the first frame otherwise.
            assert number == 0 or np.array_equal(luma, wanted[number])
            # The field that came first stays as it was.
            kept = slice(int(first == "bb"), None, 2)
            assert np.array_equal(luma[kept], coded[number][kept])


def test_edits_players_and_films_show_whole_frames(
    tmp_path: Path, studio: tl.Studio
) -> None:
    path = _film(tmp_path / "x.mp4", "libx264", "tt", "-crf", "4")
    media = tl.open(path, studio=studio)
    coded, whole = _lumas(path)[3], _lumas(path, "bwdif=mode=send_frame")[3]
    combing = np.abs(coded.astype(int) - whole).mean()
    assert combing > 2
    assert np.abs(_luma(media.frame("3f")) - coded).mean() < combing / 2
    cut = tl.Edit("cut", rate=25, size=media.size, studio=studio)
    cut.append(media)
    assert np.abs(_luma(cut.frame("3f")) - whole).mean() < combing / 2
    film = cut.render(tmp_path / "film.mp4", profile=tl.Profile(crf=4)).wait().path
    shown = tl.open(film, studio=studio)
    assert shown.info.video[0].field_order == "progressive"
    assert np.abs(_luma(shown.frame("3f")) - whole).mean() < combing / 2
    proxies = ProxyStore(tmp_path / "proxies", studio.library)
    player = MediaPlayerSource(media.info, studio.library, proxies)
    jpeg = JpegDecoder().decode(player.exact_jpeg(3, media.size))
    watched = np.asarray(jpeg.to_ndarray(format="rgb24"), np.uint8)
    assert np.abs(_luma(watched) - whole).mean() < combing / 2
    player.close()
    proxies.request(media.info, 3)
    assert proxies.wait()
    small = proxies.frame(media.info, 3)
    assert small is not None
    kept = np.asarray(JpegDecoder().decode(small).to_ndarray(format="rgb24"), np.uint8)
    assert np.abs(_luma(kept) - whole).mean() < combing / 2


def test_it_can_be_turned_off_and_on_clip_by_clip(
    tmp_path: Path, studio: tl.Studio
) -> None:
    path = _film(tmp_path / "x.mp4", "libx264", "tt", "-crf", "4")
    media = tl.open(path, studio=studio)
    cut = tl.Edit("cut", rate=25, size=media.size, studio=studio)
    cut.append(media.assume(fields="progressive"))
    cut.append(media)
    coded, whole = _lumas(path)[3], _lumas(path, "bwdif=mode=send_frame")[3]
    combing = np.abs(coded.astype(int) - whole).mean()
    assert np.abs(_luma(cut.frame("3f")) - coded).mean() < combing / 2
    assert np.abs(_luma(cut.frame(f"{_FRAMES + 3}f")) - whole).mean() < combing / 2
    first, second = cut.plan(tmp_path / "film.mp4").segments
    assert first.key != second.key
    plain = tmp_path / "plain.mp4"
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-crf", "4", str(plain)]
    subprocess.run(command, check=True)
    told = tl.open(plain, studio=studio)
    assert told.info.video[0].field_order == "progressive"
    cut = tl.Edit("cut", rate=25, size=media.size, studio=studio)
    cut.append(told.assume(fields="tt"))
    assert np.abs(_luma(cut.frame("3f")) - whole).mean() < combing / 2
    copied = cut.plan(tmp_path / "film.mp4", profile=tl.Profile(smart=True))
    assert {segment.action for segment in copied.segments} == {"encode"}
