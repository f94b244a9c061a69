"""Previews are what is rendered: every kind looks the same small and large."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from effects.pictures import (
    RGB,
    apply,
    change,
    film_frame,
    likeness,
    seen,
    shown,
    sized,
)

from timeline_nb.effects.catalog import catalog

FINAL, PREVIEW = (1920, 1080), (640, 360)
# Of the final brought to the preview's size, in dB.
LEAST = 32.0
PICTURES = [spec.kind for spec in catalog("picture")]
TRANSITIONS = [spec.kind for spec in catalog("transition")]


def files(kind: str, folder: Path) -> dict[str, str]:
    """The files that some kinds need."""
    if kind == "lut":
        path = folder / "warm.cube"
        steps = np.linspace(0, 1, 9)
        rows = [f"{r**0.8} {g} {b * 0.8}" for b in steps for g in steps for r in steps]
        path.write_text("LUT_3D_SIZE 9\n" + "\n".join(rows))
        return {"path": str(path)}
    if kind == "mask_image":
        path = folder / "mask.png"
        disc = cv2.circle(np.zeros((540, 960), np.uint8), (400, 270), 200, 255, -1)
        cv2.imwrite(str(path), disc)
        return {"path": str(path)}
    return {}


def at_size(number: int, size: tuple[int, int]) -> RGB:
    return sized(sized(film_frame(number), FINAL), size)


@pytest.mark.parametrize("kind", PICTURES)
def test_a_preview_shows_what_is_rendered(kind: str, tmp_path: Path) -> None:
    def film(size: tuple[int, int]) -> RGB:
        def then(time: Fraction) -> RGB:
            return at_size(int(time * 25), size)

        picture = shown(then(Fraction(1)), then=then)
        return seen(apply(kind, picture, **files(kind, tmp_path)))

    large, small = film(FINAL), film(PREVIEW)
    assert likeness(sized(large, PREVIEW), small) >= LEAST


@pytest.mark.parametrize("kind", TRANSITIONS)
def test_a_preview_of_a_transition_shows_what_is_rendered(kind: str) -> None:
    def film(size: tuple[int, int]) -> RGB:
        one, other = (shown(at_size(number, size)) for number in (10, 90))
        return seen(change(kind, one, other, 0.4))

    large, small = film(FINAL), film(PREVIEW)
    assert likeness(sized(large, PREVIEW), small) >= LEAST
