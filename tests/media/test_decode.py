import random
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from av.container import InputContainer
from media_factory import RECIPES, Clips, picture, read_number

from timeline_nb.errors import MediaError
from timeline_nb.media import decode
from timeline_nb.media._pyav import open_input
from timeline_nb.media.decode import VideoDecoder
from timeline_nb.media.library import MediaLibrary

ALL = sorted(RECIPES)


@pytest.mark.parametrize("name", ALL)
def test_every_frame_asked_for_in_any_order_is_that_frame(
    name: str, clips: Clips, library: MediaLibrary
) -> None:
    count = len(RECIPES[name].stamps)
    numbers = [*range(count), *random.Random(7).sample(range(count), count)]
    numbers += [count - 1, 0, count - 1, count - 2, count - 3]
    # Leaps, and then steps on from where they end.
    for start in random.Random(8).sample(range(count - 3), min(20, count - 3)):
        numbers += [start, start + 1, start + 3]
    with library.video(clips[name]) as decoder:
        assert len(decoder.index) == count
        for number in numbers:
            frame = decoder.frame(number)
            assert frame.number == number
            assert read_number(frame.to_rgb()) == number


@pytest.mark.parametrize("name", ALL)
def test_the_frame_shown_at_a_time_is_the_last_that_has_begun(
    name: str, clips: Clips, library: MediaLibrary
) -> None:
    recipe = RECIPES[name]
    # Containers with a coarse clock round the stamps; half a tick decides there.
    tick = Fraction(1, 1000)
    first = recipe.stamps[0]
    with library.video(clips[name]) as decoder:
        for number in (0, 1, 7, 12, 13, 30, len(recipe.stamps) - 1):
            begins = (recipe.stamps[number] - first) * recipe.base
            begins += decoder.index.time_of(0)
            assert abs(decoder.index.time_of(number) - begins) <= tick
            assert decoder.frame_at(begins + tick).number == number
            if number:
                assert decoder.frame_at(begins - tick).number == number - 1


def test_frames_that_an_edit_list_hides_are_not_shown(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    """A copy from 0.76 s on keeps the frames since the keyframe at 0.48, hidden."""
    path = tmp_path / "tail.mp4"
    command = ["ffmpeg", "-v", "error", "-ss", "0.76", "-i", str(clips["cfr"])]
    subprocess.run([*command, "-c", "copy", str(path)], check=True)
    with library.video(path) as decoder:
        first = read_number(decoder.frame_at(Fraction(0)).to_rgb())
        numbers = [read_number(f.to_rgb()) for f in decoder.frames(range(41))]
        assert len(decoder.index) == 41
        again = read_number(decoder.frame(3).to_rgb())
    assert first == 19
    assert numbers == list(range(19, 60))
    assert again == 22


def test_times_outside_the_film_show_its_first_and_last_frame(
    clips: Clips, library: MediaLibrary
) -> None:
    with library.video(clips["cfr"]) as decoder:
        assert decoder.frame_at(Fraction(-5)).number == 0
        assert decoder.frame_at(Fraction(500)).number == 59


@pytest.mark.parametrize(
    ("name", "size"),
    [("phone", (112, 192)), ("upside_down", (192, 112)), ("left", (112, 192))],
)
def test_turned_clips_come_out_upright(
    name: str, size: tuple[int, int], clips: Clips, library: MediaLibrary
) -> None:
    with library.video(clips[name]) as decoder:
        frame = decoder.frame(5)
    assert frame.size == size
    difference = frame.to_rgb().astype(np.int16) - picture(5, size)
    assert np.abs(difference).mean() < 6


def test_pixels_that_are_not_square_are_widened(
    clips: Clips, library: MediaLibrary
) -> None:
    with library.video(clips["anamorphic"]) as decoder:
        frame = decoder.frame(9)
        assert frame.size == (256, 112)
        assert frame.to_rgb().shape == (112, 256, 3)


def test_real_footage_looks_as_ffmpeg_shows_it(
    bunny: Path, library: MediaLibrary
) -> None:
    # It tells no matrix, and is of 720 lines: BT.709.
    scale = "scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int"
    command = ["ffmpeg", "-v", "error", "-i", str(bunny)]
    command += [
        "-vf",
        f"select=eq(n\\,77),{scale}",
        "-frames:v",
        "1",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-",
    ]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    expected = np.frombuffer(raw, np.uint8).reshape(720, 1280, 3).astype(np.int16)
    with library.video(bunny) as decoder:
        shown = decoder.frame(77).to_rgb()
    # A wrong matrix is off by 5 or more.
    assert np.abs(shown - expected).mean() < 1


def test_a_frame_that_is_not_there_is_named(
    clips: Clips, library: MediaLibrary
) -> None:
    with (
        library.video(clips["cfr"]) as decoder,
        pytest.raises(
            MediaError, match=r"cfr\.mp4 has 60 frames: there is no frame 60"
        ),
    ):
        decoder.frame(60)


def test_damage_in_the_middle_spares_what_comes_before_and_after(
    clips: Clips, library: MediaLibrary, tmp_path: Path
) -> None:
    data = bytearray(clips["matroska"].read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(data)
    with library.video(broken) as decoder:
        assert read_number(decoder.frame(0).to_rgb()) == 0
        last = decoder.frame(len(decoder.index) - 1)
        assert read_number(last.to_rgb()) == len(RECIPES["matroska"].stamps) - 1


def test_a_still_is_one_frame_at_any_time(
    library: MediaLibrary, tmp_path: Path
) -> None:
    from PIL import Image

    path = tmp_path / "still.png"
    Image.fromarray(picture(21)).save(path)
    with library.video(path) as decoder:
        assert len(decoder.index) == 1
        shown = decoder.frame_at(Fraction(3600)).to_rgb()
    assert np.array_equal(shown, picture(21))


def test_a_frame_that_fails_does_not_keep_the_first_from_being_read_again(
    clips: Clips, library: MediaLibrary
) -> None:
    with library.video(clips["cfr"]) as decoder:
        assert read_number(decoder.frame(59).to_rgb()) == 59
        # As after damage: nothing is left to be decoded from here.
        assert isinstance(decoder, VideoDecoder)
        assert not decoder._read_until(60)
        assert read_number(decoder.frame(0).to_rgb()) == 0


@pytest.mark.parametrize(
    ("name", "device"),
    [("matroska", "cuda"), ("web", "cuda"), ("mpeg2", None)],
)
def test_a_device_decodes_only_codecs_that_define_each_bit(
    name: str,
    device: str | None,
    clips: Clips,
    library: MediaLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str | None] = []

    def noted(path: Path, device: str | None = None) -> InputContainer:
        asked.append(device)
        return open_input(path)

    monkeypatch.setattr(decode, "open_input", noted)
    with library.video(clips[name], device="cuda") as decoder:
        assert read_number(decoder.frame(3).to_rgb()) == 3
    assert asked == [device]
