"""HDR footage: ten bits of PQ in BT.2020, toned on request and named if not."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import timeline_nb as tl
from timeline_nb.effects.transfer import from_pq


@pytest.fixture
def ramp(tmp_path: Path) -> tl.Edit:
    """Greys from black to 1,000 cd/m2, as a camera writes them."""
    codes = np.linspace(0, 0.7518, 640)
    wide = np.repeat((codes * 65535).astype(np.uint16)[None, :, None], 3, axis=2)
    picture = np.ascontiguousarray(np.repeat(wide, 360, axis=0))
    path = tmp_path / "hdr.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=25, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = 9, 16, 9
        context.color_range = 1
        for number in range(5):
            frame = av.VideoFrame.from_ndarray(picture, "rgb48le").reformat(
                format="yuv420p10le", dst_colorspace=9
            )
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))
    edit = tl.Edit("hdr", rate=25, size=(640, 360), studio=studio)
    edit.append(tl.open(path, studio=studio).clip())
    return edit


def test_hdr_is_never_toned_in_silence(ramp: tl.Edit, tmp_path: Path) -> None:
    (warning,) = ramp.render(tmp_path / "film.mp4").wait().warnings
    assert "is HDR: its tones are not mapped to SDR" in warning
    assert "'hdr_to_sdr'" in warning
    ramp.add_effect(0, "hdr_to_sdr")
    assert ramp.render(tmp_path / "film.mp4").wait().warnings == ()


def test_ten_bits_keep_their_shades_when_they_are_toned(ramp: tl.Edit) -> None:
    ramp.add_effect(0, "hdr_to_sdr")
    row = ramp.frame(0)[180].astype(float).mean(axis=1)
    assert np.diff(row).min() >= -1.5
    # Shadows of eight bits would be stairs: here nearly every shade is there.
    assert len(np.unique(row.round())) > 200
    codes = np.linspace(0, 0.7518, 640)
    light = np.asarray(from_pq(codes))
    low = (light > 0.01) & (light < 0.3)
    wanted = light[low] ** (1 / 2.4) * 255
    assert row[low] == pytest.approx(wanted, abs=3)
    assert row[-1] > 245
