"""Colors and names as people write them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline_nb.core.colors import parse_color
from timeline_nb.core.near_names import near_names, suggestion


# CSS Color Module Level 4: names of section 6.1, hex digits of section 5.2.
@pytest.mark.parametrize(
    ("value", "color"),
    [
        ("red", "#ff0000"),
        ("RebeccaPurple", "#663399"),
        ("darkslategrey", "#2f4f4f"),
        ("transparent", "#00000000"),
        ("#f80", "#ff8800"),
        ("#f808", "#ff880088"),
        ("#FF8800", "#ff8800"),
        ("#ff8800FF", "#ff8800"),
        ("#ff880080", "#ff880080"),
        ((255, 136, 0), "#ff8800"),
        ([255, 136, 0, 128], "#ff880080"),
        (np.array([255, 136, 0], np.uint8), "#ff8800"),
    ],
)
def test_a_color_has_one_spelling(value: Any, color: str) -> None:
    assert parse_color(value) == color
    assert parse_color(color) == color


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_a_color_of_four_numbers_keeps_them(parts: tuple[int, int, int, int]) -> None:
    digits = parse_color(parts)[1:].ljust(8, "f")
    assert tuple(bytes.fromhex(digits)) == parts


@pytest.mark.parametrize(
    "value", ["", "#12345", "reddish!", 7, (1, 2), (0, 0, 256), (1.0, 0.5, 0)]
)
def test_what_is_no_color_says_what_one_is(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^is .*: a color is '#ff8800'"):
        parse_color(value)


def test_a_misspelt_color_is_told_the_near_one() -> None:
    with pytest.raises(ValueError, match="did you mean 'turquoise'"):
        parse_color("turqoise")


def test_near_names_pass_over_case_and_hyphens() -> None:
    assert near_names("Ease-In", ["linear", "ease_in"]) == ["ease_in"]
    assert near_names("film", ["grain", "vintage_film"]) == ["vintage_film"]
    assert suggestion("ligth", ["light", "dark"]) == (
        "; did you mean 'light'? There are light, dark"
    )
    assert suggestion("x", ["light", "dark"]) == "; there are light, dark"
    many = [f"name{n}" for n in range(30)]
    assert suggestion("zzz", many).endswith("name19 and 10 more")
