"""Films that are partly clear: opacity beside the picture (VP8, VP9) or within it."""

import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import timeline_nb as tl

_FORMATS = {
    "vp8.webm": ("libvpx", "yuva420p"),
    "vp9.webm": ("libvpx-vp9", "yuva420p"),
    "vp9.mkv": ("libvpx-vp9", "yuva420p"),
    "prores.mov": ("prores_ks", "yuva444p10le"),
    "ffv1.mkv": ("ffv1", "yuva420p"),
    "qtrle.mov": ("qtrle", "argb"),
}


@pytest.mark.parametrize("name", _FORMATS)
def test_what_lies_below_is_seen_through(name: str, tmp_path: Path) -> None:
    codec, pix_fmt = _FORMATS[name]
    # Green, opaque on the left half alone.
    green = "color=0x20c020:s=64x48:r=25:d=0.4,format=rgba"
    half = "geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,32),255,0)'"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"{green},{half}"]
    command += ["-auto-alt-ref", "0"] if "vp" in codec else []
    path = tmp_path / name
    subprocess.run(
        [*command, "-c:v", codec, "-pix_fmt", pix_fmt, str(path)], check=True
    )
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))
    red = tmp_path / "red.png"
    Image.new("RGB", (64, 48), (200, 30, 30)).save(red)
    cut = tl.Edit("cut", rate=25, size=(64, 48), studio=studio)
    cut.append(tl.open(red, studio=studio).clip(end="0.4s"))
    cut.add_track("video")
    cut.overwrite(tl.open(path, studio=studio), at=0, track="V2")
    for number in (0, 7, 3):
        picture = cut.frame(f"{number}f").astype(int)
        assert np.abs(picture[24, 10] - [32, 192, 32]).max() <= 12
        assert np.abs(picture[24, 54] - [200, 30, 30]).max() <= 12
    film = cut.render(tmp_path / "film.mp4").wait().path
    shown = tl.open(film, studio=studio).frame("7f").astype(int)
    assert np.abs(shown[24, 54] - [200, 30, 30]).max() <= 12
