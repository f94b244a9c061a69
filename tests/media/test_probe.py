import json
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from media_factory import RECIPES, Clips, picture
from PIL import Image

from timeline_nb.errors import MediaError
from timeline_nb.media.probe import probe


def _ffprobe(path: Path) -> dict[str, Any]:
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format"]
    command += ["-print_format", "json", str(path)]
    output = subprocess.run(command, check=True, capture_output=True).stdout
    told: dict[str, Any] = json.loads(output)
    return told


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_probe_tells_what_ffprobe_tells(name: str, clips: Clips) -> None:
    info = probe(clips[name])
    told = _ffprobe(clips[name])
    streams = {stream["index"]: stream for stream in told["streams"]}
    assert info.kind == "video"
    assert info.container == told["format"]["format_name"]
    assert abs(float(info.duration) - float(told["format"]["duration"])) < 0.03
    video = info.video[0]
    expected = streams[video.index]
    assert (video.width, video.height) == (expected["width"], expected["height"])
    assert video.codec == expected["codec_name"]
    assert video.pix_fmt == expected["pix_fmt"]
    assert video.time_base == Fraction(expected["time_base"])
    assert len(info.audio) == len(streams) - 1
    for sound in info.audio:
        assert sound.sample_rate_hz == int(streams[sound.index]["sample_rate"])
        assert sound.channels == streams[sound.index]["channels"]


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_variable_rate_is_told_from_constant(name: str, clips: Clips) -> None:
    assert probe(clips[name]).video[0].is_vfr == name.startswith("vfr")


def test_rotation_and_wide_pixels_give_the_size_on_screen(clips: Clips) -> None:
    phone, wide = probe(clips["phone"]).video[0], probe(clips["anamorphic"]).video[0]
    assert (phone.rotation_deg, phone.display_size) == (90, (112, 192))
    assert (wide.sample_aspect_ratio, wide.display_size) == (Fraction(4, 3), (256, 112))
    assert probe(clips["left"]).video[0].rotation_deg == 270
    assert probe(clips["upside_down"]).video[0].rotation_deg == 180


def test_the_exact_rate_and_duration_of_ntsc(clips: Clips) -> None:
    info = probe(clips["ntsc"])
    assert info.video[0].rate == Fraction(30000, 1001)
    assert info.video[0].duration == 90 * Fraction(1001, 30000)


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "webp", "bmp"])
def test_a_still_image_is_an_image(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"still.{suffix}"
    Image.fromarray(picture(3)).save(path)
    info = probe(path)
    assert info.kind == "image"
    assert info.duration == 0
    assert info.video[0].display_size == (192, 112)


def _animation(path: Path) -> Path:
    frames = [Image.fromarray(picture(n)) for n in range(1, 9)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    return path


def test_an_animated_gif_is_a_video(tmp_path: Path) -> None:
    info = probe(_animation(tmp_path / "moving.gif"))
    assert info.kind == "video"
    assert info.video[0].rate == 10


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [("mp3", "libmp3lame"), ("wav", "pcm_s16le"), ("flac", "flac"), ("ogg", "libopus")],
)
def test_sound_alone_is_audio(suffix: str, codec: str, tmp_path: Path) -> None:
    path = tmp_path / f"tone.{suffix}"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=2:r=48000"]
    subprocess.run([*command, "-c:a", codec, str(path)], check=True)
    info = probe(path)
    assert (info.kind, info.video) == ("audio", ())
    assert info.audio[0].sample_rate_hz == 48_000
    assert abs(info.duration - 2) < Fraction(1, 10)


def test_cover_art_is_no_video(tmp_path: Path) -> None:
    Image.fromarray(picture(3)).save(tmp_path / "cover.png")
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-i"]
    command += [str(tmp_path / "cover.png"), "-map", "0", "-map", "1", "-c:v", "copy"]
    command += ["-disposition:v", "attached_pic", str(tmp_path / "song.mp3")]
    subprocess.run(command, check=True)
    assert probe(tmp_path / "song.mp3").kind == "audio"


def test_chapters_and_tags_are_told(clips: Clips, tmp_path: Path) -> None:
    (tmp_path / "facts.txt").write_text(
        ";FFMETADATA1\ntitle=A walk\n[CHAPTER]\nTIMEBASE=1/1000\n"
        "START=0\nEND=1000\ntitle=Out\n[CHAPTER]\nTIMEBASE=1/1000\n"
        "START=1000\nEND=2400\ntitle=Home\n"
    )
    command = ["ffmpeg", "-v", "error", "-i", str(clips["cfr"]), "-i"]
    command += [str(tmp_path / "facts.txt"), "-map_metadata", "1", "-c", "copy"]
    subprocess.run([*command, str(tmp_path / "walk.mkv")], check=True)
    info = probe(tmp_path / "walk.mkv")
    assert {k.lower(): v for k, v in info.tags.items()}["title"] == "A walk"
    ends = {chapter.title: chapter.range.end for chapter in info.chapters}
    assert ends == {"Out": Fraction(1), "Home": Fraction(12, 5)}
    assert info.chapters[1].range.start == 1


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67", "bt709"])
def test_hdr_is_told_by_its_transfer(transfer: str, tmp_path: Path) -> None:
    path = tmp_path / "hdr.mp4"
    params = f"colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc:log-level=none"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=25)
        stream.width, stream.height, stream.pix_fmt = 192, 112, "yuv420p10le"
        stream.options = {"x265-params": params}
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((112, 192, 3), np.uint8))
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    video = probe(path).video[0]
    assert video.is_hdr == (transfer != "bt709")
    assert (video.color_transfer, video.color_space) == (transfer, "bt2020nc")
    assert video.color_primaries == "bt2020"


@pytest.mark.parametrize("content", [b"", b"nothing of the kind" * 99, b"\0" * 4096])
def test_what_is_not_media_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "holiday.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"holiday\.mp4"):
        probe(path)


def test_a_file_cut_short_is_refused_by_name(clips: Clips, tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    data = clips["cfr"].read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(MediaError, match=r"short\.mp4"):
        probe(path)


def test_pixels_of_an_absurd_shape_are_square(clips: Clips, tmp_path: Path) -> None:
    data = clips["anamorphic"].read_bytes()
    # The pixel aspect ratio box (ISO/IEC 14496-12, 12.1.4.2) says 4:3.
    box = data.index(b"pasp")
    told = (65_535).to_bytes(4, "big") + (1).to_bytes(4, "big")
    path = tmp_path / "wide.mp4"
    path.write_bytes(data[: box + 4] + told + data[box + 12 :])
    # H.264 tells the same in its own headers; the container is believed first.
    assert probe(path).video[0].sample_aspect_ratio in {1, Fraction(4, 3)}


@pytest.mark.parametrize(
    ("name", "options"),
    [("bare.aac", ""), ("bare.mp3", "-write_xing 0 -q:a 4"), ("bare.ac3", "")],
)
def test_sound_without_a_container_is_as_long_as_it_is(
    name: str, options: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    # FFmpeg guesses by the first packets, which are of silence.
    source = "aevalsrc='if(lt(t,4),0,random(0)-0.5)':d=8:s=44100"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, *options.split()]
    subprocess.run([*command, str(path)], check=True)
    assert float(probe(path).duration) == pytest.approx(8, abs=0.1)
