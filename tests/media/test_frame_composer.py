"""Single frames of an edit: warm decoders and kept frames, with the right numbers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from media_factory import Clips, read_number
from PIL import Image
from references import cut_from

from timeline_nb.compose.still import FrameComposer
from timeline_nb.effects.custom import custom_effect
from timeline_nb.errors import CompositionError
from timeline_nb.media.decoder import Decoder
from timeline_nb.media.library import MediaLibrary
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Effect, Timeline
from timeline_nb.timeline.queries import clips as clips_of

SIZE = (192, 112)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Decoder]:
    """The decoders that were opened, in order."""
    found: list[Decoder] = []
    real = MediaLibrary.video

    def noted(self: MediaLibrary, path: str, **options: Any) -> Decoder:
        found.append(real(self, path, **options))
        return found[-1]

    monkeypatch.setattr(MediaLibrary, "video", noted)
    return found


@pytest.fixture
def composer(library: MediaLibrary) -> Iterator[FrameComposer]:
    made = FrameComposer(library)
    yield made
    made.close()


def _edit(path: Path, library: MediaLibrary, start: int = 0) -> Timeline:
    """A second of a clip from one of its frames on."""
    clip = cut_from(path, library, Fraction(start, 25), Fraction(1))
    return edits.append(Timeline(name="t", rate=Fraction(25), size=SIZE), [clip])


def test_frames_in_any_order_come_from_one_decoder(
    clips: Clips,
    library: MediaLibrary,
    composer: FrameComposer,
    opened: list[Decoder],
) -> None:
    timeline = _edit(clips["cfr"], library)
    numbers = (4, 20, 3, 24, 0, 20)
    shown = [composer.frame(timeline, Fraction(n, 25)) for n in numbers]
    assert [read_number(rgb) for rgb in shown] == list(numbers)
    assert len(opened) == 1


def test_a_repeated_frame_is_kept_and_given_as_a_copy(
    clips: Clips,
    library: MediaLibrary,
    composer: FrameComposer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timeline = _edit(clips["cfr"], library)
    first = composer.frame(timeline, Fraction(7, 25))
    before = first.copy()
    first[:] = 0
    monkeypatch.setattr("timeline_nb.compose.compositor.Compositor.frames", pytest.fail)
    assert np.array_equal(composer.frame(timeline, Fraction(7, 25)), before)


def test_a_changed_edit_shows_its_own_frames_by_the_decoders_of_the_last(
    clips: Clips,
    library: MediaLibrary,
    composer: FrameComposer,
    opened: list[Decoder],
) -> None:
    for start in (0, 5, 10, 15, 20):
        timeline = _edit(clips["cfr"], library, start)
        shown = composer.frame(timeline, Fraction(2, 25))
        assert read_number(shown) == start + 2
    # Two edits are kept warm, and the others take over what these leave.
    assert len(opened) == 2


def test_a_file_that_was_replaced_is_seen(
    library: MediaLibrary, composer: FrameComposer, tmp_path: Path
) -> None:
    path = tmp_path / "still.png"
    Image.new("RGB", SIZE, (255, 0, 0)).save(path)
    timeline = _edit(path, library)
    red, _, blue = composer.frame(timeline, Fraction(0))[50, 50]
    assert red > 245
    assert blue < 10
    Image.new("RGB", (200, 120), (0, 0, 255)).save(path)
    red, _, blue = composer.frame(timeline, Fraction(0))[50, 50]
    assert red < 10
    assert blue > 245


def test_a_file_that_is_gone_is_named(
    library: MediaLibrary, composer: FrameComposer, tmp_path: Path
) -> None:
    path = tmp_path / "still.png"
    Image.new("RGB", SIZE, (255, 0, 0)).save(path)
    timeline = _edit(path, library)
    composer.frame(timeline, Fraction(0))
    path.unlink()
    with pytest.raises(CompositionError, match=r"offline: there is no .*still\.png"):
        composer.frame(timeline, Fraction(0))


def test_a_custom_effect_that_was_written_anew_is_applied(
    clips: Clips, library: MediaLibrary, composer: FrameComposer
) -> None:
    timeline = _edit(clips["cfr"], library)
    clip = next(clips_of(timeline))
    timeline = edits.add_effect(timeline, clip.id, Effect(kind="painted_anew"))
    for level in (40, 200):
        scope: dict[str, Any] = {}
        exec(f"def painted_anew(rgb): return rgb * 0 + {level}", scope)  # noqa: S102 - as a cell defines it
        custom_effect(scope["painted_anew"], group="mine", parameters={})
        shown = composer.frame(timeline, Fraction(0)).astype(int)
        assert np.abs(shown - level).max() <= 1


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ({}, list(range(25))),
        ({"start": Fraction(20, 25)}, [20, 21, 22, 23, 24]),
        ({"end": Fraction(3, 25)}, [0, 1, 2]),
        ({"rate": Fraction(10)}, [0, 2, 5, 7, 10, 12, 15, 17, 20, 22]),
        ({"end": Fraction(2, 25), "rate": Fraction(50)}, [0, 0, 1, 1]),
        ({"start": Fraction(1, 50), "end": Fraction(5, 50)}, [0, 1]),
    ],
)
def test_frames_are_those_shown_at_their_times(
    clips: Clips,
    library: MediaLibrary,
    composer: FrameComposer,
    options: dict[str, Any],
    numbers: list[int],
) -> None:
    shown = list(composer.frames(_edit(clips["cfr"], library), **options))
    assert [read_number(rgb) for rgb in shown] == numbers
    assert all(rgb.shape == (112, 192, 3) for rgb in shown)
    assert len({id(rgb) for rgb in shown}) == len(numbers)


def test_frames_are_composed_as_they_are_asked_for(
    clips: Clips, library: MediaLibrary, composer: FrameComposer, opened: list[Decoder]
) -> None:
    frames = composer.frames(_edit(clips["cfr"], library), size=(96, 56))
    assert not opened
    assert next(frames).shape == (56, 96, 3)
    assert len(opened) == 1


def test_threads_get_their_own_frames(
    clips: Clips, library: MediaLibrary, composer: FrameComposer
) -> None:
    timeline = _edit(clips["cfr"], library)
    numbers = [(7 * n) % 25 for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        shown = pool.map(lambda n: composer.frame(timeline, Fraction(n, 25)), numbers)
        assert [read_number(rgb) for rgb in shown] == numbers


def test_closing_closes_every_decoder(
    clips: Clips, library: MediaLibrary, opened: list[Decoder]
) -> None:
    composer = FrameComposer(library)
    composer.frame(_edit(clips["cfr"], library), Fraction(0))
    frames = composer.frames(_edit(clips["cfr"], library, 5))
    next(frames)
    composer.close()
    assert not opened[0].is_open
    assert read_number(next(frames)) == 6
    frames.close()  # type: ignore[attr-defined]
    assert not opened[1].is_open


def test_odd_sizes_rates_and_times_beyond_the_end_are_refused(
    clips: Clips, library: MediaLibrary, composer: FrameComposer
) -> None:
    timeline = _edit(clips["cfr"], library)
    with pytest.raises(CompositionError, match=r"\(191, 112\) is not of two even"):
        composer.frame(timeline, Fraction(0), size=(191, 112))
    with pytest.raises(CompositionError, match="has 25 frames"):
        composer.frame(timeline, Fraction(1))
    with pytest.raises(CompositionError, match="nothing is shown at -1 s"):
        composer.frames(timeline, start=Fraction(-1))
    with pytest.raises(CompositionError, match="rate=0 is not positive"):
        composer.frames(timeline, rate=Fraction(0))
