"""Transitions: each beside ffmpeg's xfade, or a formula, and true at both ends."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from effects.pictures import (
    RGB,
    change,
    ffmpeg,
    film_frame,
    likeness,
    seen,
    shown,
    sized,
)

from timeline_nb.effects.catalog import catalog
from timeline_nb.effects.transitions.run import TransitionRunner
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.keyframes import EASINGS, eased
from timeline_nb.timeline.model import Transition

WIDE, HIGH = 480, 270
A, B = (sized(film_frame(number), (WIDE, HIGH)) for number in (5, 110))
KINDS = [spec.kind for spec in catalog("transition")]


def made(kind: str, t: float, **values: Any) -> RGB:
    return seen(change(kind, shown(A), shown(B), t, **values))


def test_there_are_as_many_as_an_editor_expects() -> None:
    assert len(KINDS) >= 35


@pytest.mark.parametrize("kind", KINDS)
def test_a_transition_begins_with_the_one_and_ends_with_the_other(kind: str) -> None:
    assert likeness(made(kind, 0.0), A) >= 34
    assert likeness(made(kind, 1.0), B) >= 30
    middle = made(kind, 0.5)
    assert likeness(middle, A) < 34 or likeness(middle, B) < 34


def xfade(kind: str, t: float) -> RGB:
    """What the ffmpeg program's xfade shows when so much has passed."""
    # A second at 100 frames each: frame 100 * t of the change.
    frames = round(t * 100) + 1
    still = "loop=loop=-1:size=1:start=0,fps=100,setpts=N/100/TB"
    chain = (
        f"format=gbrp,split[a][b];[a]trim=end_frame=1,{still}[x];"
        f"[b]trim=start_frame=1,setpts=PTS-STARTPTS,{still}[y];"
        f"[x][y]xfade=transition={kind}:duration=1:offset=0,trim=end_frame={frames}"
    )
    return ffmpeg([A, B], chain)


# Kind, its values, xfade's name, the time, and the least likeness in dB.
BY_FFMPEG = [
    ("dissolve", {}, "fade", 0.3, 40),
    ("wipe", {"angle": 0.0, "softness": 0.0}, "wiperight", 0.4, 30),
    ("wipe", {"angle": 90.0, "softness": 0.0}, "wipedown", 0.6, 30),
    ("wipe", {"angle": 180.0, "softness": 0.0}, "wipeleft", 0.3, 30),
    ("wipe", {"angle": 0.0, "softness": 1.0}, "smoothright", 0.5, 28),
    ("push", {"way": "left"}, "slideleft", 0.35, 30),
    ("push", {"way": "down"}, "slidedown", 0.35, 25),
    ("iris", {"shape": "circle", "softness": 0.0}, "circleopen", 0.5, 12),
    ("barn_door", {"softness": 0.0}, "vertopen", 0.5, 12),
    ("squeeze", {"axis": "horizontal"}, "squeezeh", 0.4, 22),
    ("fade_grays", {}, "fadegrays", 0.5, 16),
    ("pixelize", {}, "pixelize", 0.5, 16),
]


@pytest.mark.parametrize(("kind", "values", "peer", "t", "least"), BY_FFMPEG)
def test_a_transition_is_that_of_xfade(
    kind: str, values: dict[str, Any], peer: str, t: float, least: float
) -> None:
    """Those of 12 to 25 dB differ in softness, cells or grays, not in what moves."""
    wanted = xfade(peer, t)
    own = likeness(made(kind, t, **values), wanted)
    assert own >= least
    # Nearer than a plain dissolve, or either picture by itself.
    others = [made("dissolve", t), A, B]
    if kind not in {"dissolve", "fade_grays", "pixelize"}:
        assert own > max(likeness(other, wanted) for other in others)


def test_a_dip_is_its_colour_in_the_middle() -> None:
    assert made("dip", 0.5).max() <= 2
    red = made("dip", 0.25, color="#ff0000").astype(float)
    wanted = A * 0.5 + np.array([255, 0, 0]) * 0.5
    assert likeness(red, wanted) >= 34


def test_what_slides_lies_where_it_has_come() -> None:
    right = made("reveal", 0.25, way="right")
    assert likeness(right[:, :115], B[:, :115]) >= 34
    assert likeness(right[:, 125:], A[:, 5:-115][:, :355]) >= 20
    left = made("cover", 0.75, way="left")
    assert likeness(left[:, :115], A[:, :115]) >= 34
    assert likeness(left[:, 122:478], B[:, 2:358]) >= 30


def shares(t: float, soft: float, field: Any) -> Any:
    """How much of the second picture a wipe shows, by its own formula."""
    return np.clip((t * (1 + soft) - field) / soft, 0, 1)


def places() -> tuple[Any, Any]:
    rows, columns = np.mgrid[:HIGH, :WIDE].astype(np.float64)
    return (columns + 0.5 - WIDE / 2) / HIGH, (rows + 0.5) / HIGH - 0.5


def _clock(x: Any, y: Any) -> Any:
    # The angle from twelve o'clock, clockwise.
    return (np.angle(-y + 1j * x) / (2 * np.pi)) % 1


def _blinds(x: Any, y: Any) -> Any:
    del x
    return ((y + 0.5) * 8) % 1


def _checkerboard(x: Any, y: Any) -> Any:
    across, down = (x * HIGH / WIDE + 0.5) * 8, (y + 0.5) * 8 * HIGH / WIDE
    odd = (np.floor(across) + np.floor(down)) % 2
    return odd / 2 + across % 1 / 2


def _diamond(x: Any, y: Any) -> Any:
    away = np.abs(x) + np.abs(y)
    return away / away.max()


def _zigzag(x: Any, y: Any) -> Any:
    field = x * HIGH / WIDE + np.abs(((y + 0.5) * 6) % 1 * 2 - 1) * 0.12
    return (field - field.min()) / np.ptp(field)


def _wavy(x: Any, y: Any) -> Any:
    field = y + 0.08 * np.sin(x * HIGH / WIDE * 6 * np.pi)
    return (field - field.min()) / np.ptp(field)


def _luma_fade(x: Any, y: Any) -> Any:
    del x, y
    return 1 - A.astype(np.float64) @ [0.2126, 0.7152, 0.0722] / 255


FIELDS: list[tuple[str, dict[str, Any], Callable[[Any, Any], Any]]] = [
    ("clock", {}, _clock),
    ("blinds", {}, _blinds),
    ("checkerboard", {}, _checkerboard),
    ("iris", {"shape": "diamond"}, _diamond),
    ("zigzag", {}, _zigzag),
    ("wavy", {}, _wavy),
    ("luma_fade", {}, _luma_fade),
]


@pytest.mark.parametrize(("kind", "values", "field"), FIELDS)
def test_a_wipe_turns_each_pixel_in_its_time(
    kind: str, values: dict[str, Any], field: Callable[[Any, Any], Any]
) -> None:
    share = shares(0.45, 0.2, field(*places()))[..., None]
    wanted = A * (1 - share) + B * share + 0.5
    own = made(kind, 0.45, softness=0.2, **values)
    assert likeness(own, wanted.astype(np.uint8)) >= 32


@pytest.mark.parametrize(
    "kind",
    ["random_dissolve", "random_blocks", "random_bars", "clouds", "spiral", "star"],
)
def test_a_wipe_in_no_order_turns_steadily_and_never_back(kind: str) -> None:
    black, white = (np.full((HIGH, WIDE, 3), level, np.uint8) for level in (0, 255))

    def at(t: float) -> Any:
        return seen(change(kind, shown(black), shown(white), t)).astype(int)

    steps = [at(t) for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)]
    means = [float(step.mean()) / 255 for step in steps]
    assert means == sorted(means)
    assert means[0] < 0.01
    assert means[-1] > 0.99
    assert 0.05 < means[2] < 0.95
    for before, after in pairwise(steps):
        assert (after - before).min() > -12


def test_bars_and_blocks_have_whole_edges() -> None:
    black, white = (np.full((HIGH, WIDE, 3), level, np.uint8) for level in (0, 255))
    bars = seen(change("random_bars", shown(black), shown(white), 0.5, softness=0.0))
    assert np.ptp(bars[:, :, 1].astype(int), axis=0).max() < 10


def test_what_spins_swings_and_drops_lies_over_the_other() -> None:
    for kind in ("spin", "swing", "zoom_out", "split"):
        # Where the old picture has left, the new one is whole.
        own = made(kind, 0.9)
        same = np.abs(own.astype(int) - B).max(axis=-1) < 16
        assert same.mean() > 0.4, kind
    falling = made("drop", 0.25)
    assert likeness(falling[-40:], A[-40:]) >= 30
    assert likeness(falling[:60], A[:60]) < 30


def test_sides_of_a_cube_and_a_card_stand_on_black() -> None:
    for kind in ("cube", "card_flip", "carousel", "doors"):
        own = made(kind, 0.4)
        assert (own.max(axis=-1) < 12).mean() > 0.02, kind
    assert likeness(made("cube", 0.02), A) > likeness(made("cube", 0.02), B)


def test_a_page_shows_its_back_where_it_is_rolled() -> None:
    own = made("page_turn", 0.5)
    assert likeness(own[:, :60], A[:, :60]) >= 34
    assert likeness(own[:, -60:], B[:, -60:]) >= 34


def test_light_and_blur_are_strongest_in_the_middle() -> None:
    for kind in ("flash", "film_burn", "additive_dissolve"):
        levels = [float(made(kind, t).mean()) for t in (0.0, 0.3, 1.0)]
        assert levels[1] > max(levels[0], levels[2]) - 12, kind

    def sharpness(rgb: RGB) -> float:
        return float(np.abs(np.diff(rgb.astype(int), axis=1)).mean())

    for kind in ("blur", "zoom_blur", "whip_pan"):
        assert sharpness(made(kind, 0.5)) < 0.6 * sharpness(made(kind, 0.0)), kind


def test_disturbances_follow_the_dissolve_they_disturb() -> None:
    plain = made("dissolve", 0.5)
    for kind in ("ripple", "swirl", "rgb_split", "posterize", "glitch", "zoom_in"):
        own = made(kind, 0.5)
        assert likeness(own, plain) < 30, kind
        assert abs(float(own.mean()) - float(plain.mean())) < 40, kind


@pytest.mark.parametrize("easing", list(EASINGS))
def test_easing_bends_time_and_nothing_else(easing: str) -> None:
    half = Transition(
        kind="wipe",
        in_offset=Fraction(1),
        out_offset=Fraction(1),
        parameters={"easing": easing},
    )
    way = eased(0.3, EASINGS[easing])
    own = seen(TransitionRunner(half).at(0.3, shown(A), shown(B)))
    assert likeness(own, made("wipe", way)) >= 60


def test_a_transition_that_does_not_exist_or_makes_no_sense_is_refused() -> None:
    def start(kind: str, **values: Any) -> None:
        TransitionRunner(
            Transition(
                kind=kind,
                in_offset=Fraction(1),
                out_offset=Fraction(1),
                parameters=values,
            )
        )

    with pytest.raises(CompositionError, match="did you mean 'wipe'"):
        start("wype")
    with pytest.raises(CompositionError, match="'angle' is nan"):
        start("wipe", angle=float("nan"))
    with pytest.raises(CompositionError, match="'way' is 'inside'"):
        start("push", way="inside")
    with pytest.raises(CompositionError, match="no parameter 'corner'"):
        start("iris", corner=1)


def test_every_transition_is_looked_at_by_some_test() -> None:
    source = Path(__file__).read_text()
    assert not [kind for kind in KINDS if f'"{kind}"' not in source]
