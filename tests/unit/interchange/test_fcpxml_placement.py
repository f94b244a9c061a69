import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.interchange.fcpxml.placement import (
    FinalCutPlacement,
    from_final_cut,
    to_final_cut,
)
from timeline_nb.timeline.model import Transform

HD = (1920, 1080)


def test_a_position_is_percent_of_the_height_from_the_center() -> None:
    # The center of the upper right quarter: a quarter of the width right, one of the
    # height up. 480 px of 1080 lines are 44.44 percent.
    placed = to_final_cut(Transform(position=(0.75, 0.25)), HD, HD)
    assert placed.position == pytest.approx((48000 / 1080, 25.0))


def test_clockwise_is_below_zero() -> None:
    assert to_final_cut(Transform(rotation_deg=30), HD, HD).rotation_deg == -30


def test_a_crop_is_a_trim_that_is_scaled_and_moved() -> None:
    # The left half of HD, fitted: half as wide, as high as before, in the middle.
    placed = to_final_cut(Transform(crop=(0, 0, 0.5, 0)), HD, HD)
    # Half the width of 1920 is 88.89 percent of 1080.
    assert placed.trim == pytest.approx((0, 0, 96000 / 1080, 0))
    assert placed.scale == pytest.approx((1, 1))
    # The part's center was 480 px left of the source's: it moves right by as much.
    assert placed.position == pytest.approx((48000 / 1080, 0))


def test_a_stretched_picture_has_two_scales() -> None:
    # 4:3 fitted to 16:9 is 1440 px wide; to fill the width it is scaled by 4/3.
    placed = to_final_cut(Transform(fit="stretch"), (640, 480), HD)
    assert placed.conform == "fit"
    assert placed.scale == pytest.approx((4 / 3, 1))


def test_an_anchor_moves_what_is_scaled_about_it() -> None:
    # Scaled by 2 about its right edge, which stays where it was: 960 px right.
    half = 100 * 960 / 1080
    placed = FinalCutPlacement(position=(half, 0), scale=(2.0, 2.0), anchor=(half, 0))
    made, is_same = from_final_cut(placed, HD, HD)
    # Its center is now at the left edge of the frame.
    assert is_same
    assert made.position == pytest.approx((0.0, 0.5))


numbers = st.floats(-2, 2)
shares = st.floats(0, 0.45)


@given(
    st.sampled_from(["fit", "fill", "stretch", "none"]),
    st.tuples(numbers, numbers),
    st.floats(0.05, 10),
    st.floats(-720, 720),
    st.tuples(shares, shares, shares, shares),
    st.sampled_from([HD, (640, 480), (1080, 1920), (500, 500)]),
    st.sampled_from([HD, (1280, 720), (720, 1280)]),
)
def test_placements_come_back(  # noqa: PLR0917 - each is drawn
    fit: str,
    position: tuple[float, float],
    scale: float,
    rotation: float,
    crop: tuple[float, float, float, float],
    source: tuple[int, int],
    canvas: tuple[int, int],
) -> None:
    one = Transform(
        fit=fit,  # type: ignore[arg-type]
        position=position,
        scale=scale,
        rotation_deg=rotation,
        crop=crop,
    )
    back, is_same = from_final_cut(to_final_cut(one, source, canvas), source, canvas)
    assert is_same
    assert back.position == pytest.approx(position, abs=1e-6)
    assert back.crop == pytest.approx(crop, abs=1e-6)
    assert back.rotation_deg == pytest.approx(rotation, abs=1e-6)
    sizes = [shown(own, source, canvas) for own in (one, back)]
    assert sizes[0] == pytest.approx(sizes[1], rel=1e-5)


def shown(
    own: Transform, source: tuple[int, int], canvas: tuple[int, int]
) -> tuple[float, float]:
    """The size of what is left of the source, on the canvas."""
    wide = source[0] * (1 - own.crop[0] - own.crop[2])
    high = source[1] * (1 - own.crop[1] - own.crop[3])
    across, down = canvas[0] / wide, canvas[1] / high
    if own.fit != "stretch":
        both = {"fit": min, "fill": max}.get(own.fit, lambda *_: 1.0)(across, down)
        across = down = both
    return wide * across * own.scale, high * down * own.scale


def test_a_picture_of_no_size_is_a_little_one() -> None:
    made, _ = from_final_cut(FinalCutPlacement(scale=(1e-6, 1e-6)), HD, HD)
    assert made.scale > 0
    assert math.isfinite(made.scale)
