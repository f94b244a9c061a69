"""Random edits, rendered in four ways: cold, after an edit, side by side, smart.

Where everything is encoded the files are equal to the byte; where packets are taken
over, every frame still carries the number that it must.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from media_factory import Clips, read_number
from msgspec.structs import replace
from references import cut_from

from timeline_nb.compose.compositor import Compositor
from timeline_nb.core.jobs import Reporter
from timeline_nb.errors import TimelineNbError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, Timeline
from timeline_nb.timeline.queries import clips as clips_of
from timeline_nb.timeline.queries import duration

RATE = Fraction(25)
PLAIN = Profile(preset="ultrafast", crf=10, audio="none")
SMART = replace(PLAIN, smart=True)
SOURCES = ("cfr", "bframes", "open_gop", "vfr", "matroska")
MOST_FRAMES = 60


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> MediaLibrary:
    return MediaLibrary(tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(3) as threads:
        yield threads


@st.composite
def drawn_clip(draw: st.DrawFn, clips: Clips, library: MediaLibrary) -> Clip:
    """Some frames of some film, which begin at one of the timeline's."""
    name = draw(st.sampled_from(SOURCES))
    # The shortest film has 2 seconds.
    count = draw(st.integers(3, 18))
    first = draw(st.integers(2, min(35, 50 - count)))
    return cut_from(clips[name], library, first / RATE, count / RATE)


@st.composite
def drawn_change(
    draw: st.DrawFn, timeline: Timeline, clips: Clips, library: MediaLibrary
) -> Timeline:
    """The timeline after an edit, if it can be made."""
    ids = [clip.id for clip in clips_of(timeline)]
    item = draw(st.sampled_from(ids))
    frames = draw(st.integers(-6, 6)) / RATE
    time = draw(st.integers(0, 60)) / RATE
    more = draw(drawn_clip(clips, library))
    blur = Effect(kind="box_blur", parameters={"radius": 0.004})
    verbs = {
        "split": lambda: edits.split(timeline, at=time),
        "insert": lambda: edits.insert(timeline, [more], at=time),
        "overwrite": lambda: edits.overwrite(timeline, [more], at=time),
        "slip": lambda: edits.slip(timeline, item, by=frames),
        "trim": lambda: edits.ripple(timeline, item, tail=frames),
        "dissolve": lambda: edits.transition(timeline, after=item, duration=6 / RATE),
        "lift": lambda: edits.lift(timeline, item),
        "delete": lambda: edits.ripple_delete(timeline, item),
        "move": lambda: edits.move(timeline, item, to=time),
        "effect": lambda: edits.add_effect(timeline, item, blur),
        "fade": lambda: edits.set_clip(timeline, item, fade_in=2 / RATE),
    }
    try:
        return verbs[draw(st.sampled_from(sorted(verbs)))]()
    except TimelineNbError:
        return timeline


def _numbers(path: Path, library: MediaLibrary) -> list[int | None]:
    """The number of each frame; None where there is no one number to be seen."""
    found: list[int | None] = []
    with library.video(path) as decoder:
        for frame in decoder.frames(range(len(decoder.index))):
            try:
                found.append(read_number(frame.to_rgb()))
            except AssertionError:
                found.append(None)
    return found


def _composed(timeline: Timeline, library: MediaLibrary) -> list[int | None]:
    """The numbers as they are composed, never encoded."""
    found: list[int | None] = []
    with Compositor(timeline, library) as compositor:
        for picture in compositor.frames():
            try:
                rgb = np.asarray(picture.to_ndarray(format="rgb24"), np.uint8)
                found.append(read_number(rgb))
            except AssertionError:
                found.append(None)
    return found


_drawn = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.timeout(900)
@_drawn
@given(data=st.data())
def test_four_ways_to_render_give_the_same_film(
    data: st.DataObject, clips: Clips, shared: MediaLibrary, pool: ThreadPoolExecutor
) -> None:
    _render_in_four_ways(data, clips, shared, pool)


@pytest.mark.whole
@pytest.mark.timeout(3600)
@settings(_drawn, max_examples=500)
@given(data=st.data())
def test_many_edits_give_the_same_film_in_four_ways(
    data: st.DataObject, clips: Clips, shared: MediaLibrary, pool: ThreadPoolExecutor
) -> None:
    _render_in_four_ways(data, clips, shared, pool)


def _render_in_four_ways(
    data: st.DataObject, clips: Clips, shared: MediaLibrary, pool: ThreadPoolExecutor
) -> None:
    row = data.draw(st.lists(drawn_clip(clips, shared), min_size=1, max_size=3))
    empty = Timeline(name="random", rate=RATE, size=(192, 112))
    before = edits.append(empty, row)
    after = before
    for _ in range(data.draw(st.integers(1, 3))):
        if list(clips_of(after)):
            after = data.draw(drawn_change(after, clips, shared))
    assume(0 < duration(after) * RATE <= MOST_FRAMES)
    with TemporaryDirectory() as name:
        folder = Path(name)

        def render(timeline: Timeline, cache: str, profile: Profile) -> Path:
            executor = pool if cache == "parallel" else None
            workers = 3 if cache == "parallel" else 1
            renderer = Renderer(
                shared, folder / cache, executor=executor, workers=workers
            )
            path = folder / f"{cache}.mp4"
            renderer.render(timeline, path, profile, Reporter())
            return path

        cold = render(after, "cold", PLAIN)
        render(before, "warm", PLAIN)
        data_cold = cold.read_bytes()
        assert render(after, "warm", PLAIN).read_bytes() == data_cold
        assert render(after, "parallel", PLAIN).read_bytes() == data_cold
        shown = _numbers(render(after, "smart", SMART), shared)
        expected = _composed(after, shared)
        told = _numbers(cold, shared)
        assert len(shown) == len(told) == len(expected)
        for one, two, wanted in zip(shown, told, expected, strict=True):
            # Where a fade or a dissolve begins, coding may tip a faint bar.
            if wanted is not None and one is not None and two is not None:
                assert one == two == wanted
        plain = [n for n in expected if n is not None]
        assert sum(n is not None for n in shown) >= 0.9 * len(plain)
