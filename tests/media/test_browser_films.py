"""Animated WebP and GIF last as long as they should, at rates that browsers play."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from media_factory import picture
from PIL import Image, ImageSequence

import timeline_nb as tl


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tl.Studio]:
    with tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache")) as studio:
        yield studio


def _shown_ms(path: Path) -> list[int]:
    found = []
    with Image.open(path) as film:
        for page in ImageSequence.Iterator(film):
            page.load()
            found.append(round(page.info["duration"]))
    return found


def _with_a_hold(rate: str, folder: Path, studio: tl.Studio) -> tl.Edit:
    """One picture for a second, two for a frame each, one for a second."""
    cut = tl.Edit("hold", rate=rate, size=(192, 112), studio=studio)
    frame = 1 / cut.timeline.rate
    for number, length in enumerate((Fraction(1), frame, frame, Fraction(1))):
        Image.fromarray(picture(number)).save(folder / f"{number}.png")
        still = tl.open(folder / f"{number}.png", studio=studio)
        cut.append(still.clip(0, length))
    return cut


@pytest.mark.parametrize("rate", ["24", "25", "30", "60"])
def test_a_webp_with_holds_lasts_as_long_as_the_edit(
    rate: str, tmp_path: Path, studio: tl.Studio
) -> None:
    result = _with_a_hold(rate, tmp_path, studio).render(tmp_path / "a.webp").wait()
    shown = _shown_ms(tmp_path / "a.webp")
    step = 1000 / int(rate)
    expected = [1000, step, step, 1000]
    assert len(shown) == 4
    assert all(abs(a - b) <= 1 for a, b in zip(shown, expected, strict=True))
    assert abs(sum(shown) - sum(expected)) <= 2
    assert result.info.kind == "video"
    again = tl.open(tmp_path / "a.webp", studio=studio)
    assert again.duration == Fraction(sum(shown), 1000)


def test_a_webp_that_stands_still_is_a_still(tmp_path: Path, studio: tl.Studio) -> None:
    Image.fromarray(picture(1)).save(tmp_path / "one.png")
    cut = tl.Edit("one", rate=25, size=(192, 112), studio=studio)
    cut.append(tl.open(tmp_path / "one.png", studio=studio).clip(0, "2s"))
    assert cut.render(tmp_path / "one.webp").wait().info.kind == "image"


@pytest.mark.parametrize(
    ("rate", "delays"),
    [
        # Hundredths of a second: rounded from n / rate, so that they add up.
        ("24", [4, 4, 5, 4, 4, 4, 4, 5, 4, 4, 4, 4]),
        ("30", [3, 4, 3, 3, 4, 3, 3, 4, 3, 3, 4, 3]),
        ("50", [2] * 12),
    ],
)
def test_the_delays_of_a_gif_add_up(
    rate: str, delays: list[int], tmp_path: Path, studio: tl.Studio
) -> None:
    cut = tl.Edit("gif", rate=rate, size=(192, 112), studio=studio)
    for number in range(48):
        Image.fromarray(picture(number)).save(tmp_path / f"{number:02d}.png")
    cut.append(tl.open(tmp_path / "%02d.png", rate=rate, studio=studio))
    result = cut.render(tmp_path / "a.gif").wait()
    shown = [ms // 10 for ms in _shown_ms(tmp_path / "a.gif")]
    assert result.warnings == ()
    assert abs(sum(shown) - 4800 / int(rate)) <= 1
    assert sorted(shown[:12]) == sorted(delays)


@pytest.mark.parametrize(
    ("suffix", "rate", "told"),
    [("gif", "60", (50, 20)), ("gif", "120", (50, 20)), ("webp", "100", (90, 11))],
)
def test_rates_that_browsers_slow_down_are_brought_to_the_nearest(
    suffix: str, rate: str, told: tuple[int, int], tmp_path: Path, studio: tl.Studio
) -> None:
    cut = tl.Edit("fast", rate=rate, size=(192, 112), studio=studio)
    for number in range(int(rate) // 2):
        Image.fromarray(picture(number)).save(tmp_path / f"{number:02d}.png")
    cut.append(tl.open(tmp_path / "%02d.png", rate=rate, studio=studio))
    result = cut.render(tmp_path / f"a.{suffix}").wait()
    shown = _shown_ms(tmp_path / f"a.{suffix}")
    most, shortest_ms = told
    assert result.frames == len(shown) == most // 2
    assert abs(sum(shown) - 500) <= 10
    assert min(shown) == shortest_ms
    (warning,) = result.warnings
    assert f"written at {most}" in warning
