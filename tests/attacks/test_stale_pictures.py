"""Custom effects that change without a change of their source: no stale picture."""

import atexit
import itertools
import os
import random
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attacks.stale_pictures import PROGRAMS, stale_identities
from numpy.typing import NDArray

from timeline_nb.core.jobs import Reporter
from timeline_nb.effects.code_digest import identify
from timeline_nb.effects.content_digest import MOST_BYTES, MOST_VALUES
from timeline_nb.effects.custom import custom_effect
from timeline_nb.effects.parameters import Parameter
from timeline_nb.errors import CompositionError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.render.result import RenderResult
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Clip, Effect, MediaReference, Timeline

# Lossless, so that a level that goes in comes out.
LOSSLESS = Profile(preset="ultrafast", crf=0, audio="none")
FILE = Path(__file__)


def test_a_change_that_shows_is_always_noticed_and_no_other_is() -> None:
    figures = stale_identities(len(PROGRAMS) * 6, seed=20)
    assert figures.differing > figures.pairs / 2
    assert figures.stale == []
    assert figures.missed == []
    assert figures.uncached == []


@pytest.mark.whole
def test_ten_thousand_changes_are_noticed() -> None:
    figures = stale_identities(10_000, seed=21)
    assert figures.stale == figures.missed == figures.uncached == []


IN_ANOTHER_PROCESS = """
import enum, re, sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from timeline_nb.effects.code_digest import identify

class Mode(enum.Enum):
    A = "a"

NAMES = {"red", "green", "blue", "cyan"}
FROZEN = frozenset({("a", 1), ("b", 2)})
OF = {name: Mode.A for name in sorted(NAMES)}
MORE = (Path("x"), Fraction(1, 3), re.compile("x"), np.float32(2), np.arange(9))

def helper(x):
    return np.roll(x, 3) if x in {"left", "right", "up"} else OF

def effect(x):
    return helper(x), NAMES, FROZEN, MORE

print(identify(effect))
"""


def test_the_same_notebook_run_again_in_another_process_is_recognized(
    tmp_path: Path,
) -> None:
    told = set()
    for seed in ("1", "2", "3"):
        place = tmp_path / seed
        place.mkdir()
        script = place / f"notebook_{seed}.py"
        script.write_text("\n" * int(seed) + IN_ANOTHER_PROCESS)
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(FILE.parents[2])}
        command = [sys.executable, str(script)]
        run = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        )
        told.add(run.stdout)
    assert len(told) == 1
    assert "why=''" in told.pop()


OPEN = FILE.open()
atexit.register(OPEN.close)
DRAWN = random.Random(1)
COUNTING = itertools.count()
GENERATOR = (n for n in range(3))
NESTED = {"looks": [{"grain": np.random.default_rng(1)}]}
LARGE = np.zeros(MOST_BYTES + 1, np.uint8)
MANY = list(range(MOST_VALUES + 1))
LOCK = threading.Lock()
THREAD = threading.Thread()


@pytest.mark.parametrize(
    ("function", "why"),
    [
        (lambda _: OPEN, r"^OPEN is a TextIOWrapper, which cannot be compared$"),
        (lambda _: DRAWN, r"^DRAWN is a Random, which cannot"),
        (lambda _: COUNTING, r"^COUNTING is a count, which cannot"),
        (lambda _: GENERATOR, r"^GENERATOR is a generator, which cannot"),
        (lambda _: NESTED, r"^NESTED\['looks'\]\[0\]\['grain'\] is a Generator, which"),
        (lambda _: LARGE, r"^LARGE is larger than 128 MB$"),
        (lambda _: MANY, r"^MANY has more than 50,000 values"),
        (lambda _: THREAD, r"^THREAD.* cannot be compared"),
        (lambda _: np.random.default_rng().random(), r"uses np.random.default_rng"),
        (lambda _: random.random(), r"uses random.random"),
        (lambda _: FILE.read_text() or open("x"), r"calls open\(\)"),  # noqa: PTH123, SIM115
        (lambda _: os.environ["LEVEL"], r"uses os.environ"),
        (lambda _: globals()["LEVEL"], r"calls globals\(\)"),
    ],
)
def test_what_cannot_be_compared_is_named(
    function: Callable[[Any], Any], why: str
) -> None:
    assert re.search(why, identify(function).why)


def test_what_says_nothing_of_the_picture_does_not_count() -> None:
    assert identify(lambda _: (LOCK, np, re.compile("a"), threading.Lock)).why == ""


@pytest.fixture
def renderer(library: MediaLibrary, tmp_path: Path) -> Renderer:
    return Renderer(library, tmp_path / "cache")


def _film_of(kind: str) -> Timeline:
    solid = MediaReference(generator=Effect(kind="solid"), size=(64, 64))
    clip = Clip(media=solid, source_range=TimeRange(Fraction(0), Fraction(4)))
    empty = Timeline(name="film", rate=Fraction(25), size=(64, 64))
    timeline = edits.append(empty, [clip])
    first = timeline.tracks[0].items[0]
    assert isinstance(first, Clip)
    return edits.add_effect(timeline, first.id, Effect(kind=kind))


def _level_of(result: RenderResult, library: MediaLibrary) -> int:
    with library.video(result.path) as decoder:
        return round(float(decoder.frame(0).to_rgb().mean()))


def _render(renderer: Renderer, timeline: Timeline, path: Path) -> RenderResult:
    return renderer.render(timeline, path, LOSSLESS, Reporter())


def _encoded(result: RenderResult) -> int:
    assert result.plan is not None
    return sum(segment.frames for segment in result.plan.of("encode"))


def _helped(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.full_like(rgb, SETTINGS["level"])


SETTINGS = {"level": 60}


def test_a_global_of_a_helper_that_changed_is_seen_in_the_film(
    renderer: Renderer, library: MediaLibrary, tmp_path: Path
) -> None:
    def by_helper(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return _helped(rgb)

    custom_effect(by_helper, group="mine", parameters={})
    timeline = _film_of("by_helper")
    for level, encoded in ((60, 100), (180, 100), (60, 0)):
        SETTINGS["level"] = level
        result = _render(renderer, timeline, tmp_path / "film.mp4")
        assert abs(_level_of(result, library) - level) <= 2
        assert _encoded(result) == encoded


def test_two_lambdas_of_one_line_are_two_effects(
    renderer: Renderer, library: MediaLibrary, tmp_path: Path
) -> None:
    pair = (lambda rgb: np.full_like(rgb, 70), lambda rgb: np.full_like(rgb, 190))
    for function, level in zip(pair, (70, 190), strict=True):
        function.__name__ = "of_one_line"
        custom_effect(function, group="mine", parameters={})
        result = _render(renderer, _film_of("of_one_line"), tmp_path / "film.mp4")
        assert abs(_level_of(result, library) - level) <= 2


def test_a_default_of_a_parameter_that_changed_is_seen_in_the_film(
    renderer: Renderer, library: MediaLibrary, tmp_path: Path
) -> None:
    def by_default(rgb: NDArray[np.uint8], level: int) -> NDArray[np.uint8]:
        return np.full_like(rgb, level)

    for level in (70, 190):
        number = Parameter("integer", level, 0, 255)
        custom_effect(by_default, group="mine", parameters={"level": number})
        result = _render(renderer, _film_of("by_default"), tmp_path / "film.mp4")
        assert abs(_level_of(result, library) - level) <= 2


def test_what_cannot_be_compared_is_not_kept_and_the_plan_says_why(
    renderer: Renderer, tmp_path: Path
) -> None:
    def drawn(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.full_like(rgb, DRAWN.randrange(100, 110))

    custom_effect(drawn, group="mine", parameters={})
    timeline = _film_of("drawn")
    path = tmp_path / "film.mp4"
    why = "the effect 'drawn' is not cached, since DRAWN is a Random"
    for _ in range(2):
        plan = renderer.plan(timeline, path, LOSSLESS)
        assert why in repr(plan)
        assert why in plan._repr_html_().replace("&#x27;", "'")
        assert plan.segments[0].why.startswith(why)
        assert _encoded(_render(renderer, timeline, path)) == 100
    store = SegmentStore(tmp_path / "cache" / "segments")
    assert store.statistics().files == 0


def test_a_version_says_what_identifies_an_effect(
    renderer: Renderer, library: MediaLibrary, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"

    def render(version: str | float) -> tuple[int, int]:
        def told(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
            return np.full_like(rgb, level + 0 * DRAWN.randrange(9))

        custom_effect(told, group="mine", parameters={}, version=version)
        result = _render(renderer, _film_of("told"), path)
        return _encoded(result), round(_level_of(result, library), -1)

    level = 60
    assert render("1") == (100, 60)
    level = 180
    # As its author says, it is the same.
    assert render("1") == (0, 60)
    assert render(2) == (100, 180)
    with pytest.raises(CompositionError, match=r"'told': version=.* is a list: give"):
        render([1])  # type: ignore[arg-type] # as a person might


def test_a_change_within_a_render_begins_it_again(
    renderer: Renderer, library: MediaLibrary, tmp_path: Path
) -> None:
    state = {"level": 60}
    begun, changed = threading.Event(), threading.Event()

    def changing(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        level = state["level"]
        begun.set()
        changed.wait(200)
        return np.full_like(rgb, level)

    def another_cell() -> None:
        begun.wait(200)
        state["level"] = 180
        changed.set()

    custom_effect(changing, group="mine", parameters={})
    timeline = _film_of("changing")
    path = tmp_path / "film.mp4"
    cell = threading.Thread(target=another_cell)
    cell.start()
    result = _render(renderer, timeline, path)
    cell.join()
    with library.video(path) as decoder:
        frames = decoder.frames(range(100))
        levels = {round(float(frame.to_rgb().mean()), -1) for frame in frames}
    assert levels == {180}
    assert result.frames == 100
    state["level"] = 60
    assert abs(_level_of(_render(renderer, timeline, path), library) - 60) <= 2


def test_what_an_effect_remembers_itself_is_cached_in_the_end(
    renderer: Renderer, library: MediaLibrary, tmp_path: Path
) -> None:
    remembered: dict[tuple[int, ...], NDArray[np.uint8]] = {}

    def remembering(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        if rgb.shape not in remembered:
            remembered[rgb.shape] = np.full_like(rgb, 90)
        return remembered[rgb.shape]

    custom_effect(remembering, group="mine", parameters={})
    timeline = _film_of("remembering")
    path = tmp_path / "film.mp4"
    first = _render(renderer, timeline, path)
    assert abs(_level_of(first, library) - 90) <= 2
    assert _encoded(_render(renderer, timeline, path)) == 0


def test_an_effect_that_counts_its_calls_is_not_cached(
    renderer: Renderer, tmp_path: Path
) -> None:
    calls = {"count": 0}

    def counting(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        calls["count"] += 1
        return np.full_like(rgb, calls["count"] % 200)

    custom_effect(counting, group="mine", parameters={})
    timeline = _film_of("counting")
    path = tmp_path / "film.mp4"
    _render(renderer, timeline, path)
    plan = renderer.plan(timeline, path, LOSSLESS)
    assert "'counting' is not cached, since what it depends on changes" in repr(plan)
    assert _encoded(_render(renderer, timeline, path)) == 100
