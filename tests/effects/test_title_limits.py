"""Titles that would take gigabytes or minutes are refused at the call."""

from fractions import Fraction
from typing import Any

import pytest

from timeline_nb.effects.titles.clips import title_clip
from timeline_nb.effects.titles.fonts import find_face
from timeline_nb.effects.titles.line_breaking import Typesetting, break_lines
from timeline_nb.errors import CompositionError

SECOND = Fraction(1)
UHD = (3840, 2160)


@pytest.mark.parametrize(
    ("text", "style", "message"),
    [
        ("word " * 40_000, {}, "'text' has 200,000 letters: at most 20,000"),
        ("WWWW WWWW", {"size": 1.0, "width": 2.0, "outline": 0.1}, "pixels a side"),
        ("a\n" * 9_000, {}, "give a smaller size, outline, shadow or box, or less"),
        (
            "letters " * 200,
            {"spans": [{"start": n, "end": n + 1} for n in range(2_001)]},
            "has 2,001 parts, more than 2,000",
        ),
        (
            "letters " * 200,
            {
                "size": 0.02,
                "spans": [
                    {"start": n, "end": n + 1, "color": f"#{n:06x}"}
                    for n in range(1_500)
                ],
            },
            "in 1,[34][0-9][0-9] colors",
        ),
        # Faces of an emoji font have one size, and are scaled.
        ("\U0001f600" * 5_000, {"size": 0.005, "width": 10.0}, "pixels a side"),
    ],
)
def test_a_title_too_large_to_draw_is_refused(
    text: str, style: dict[str, Any], message: str
) -> None:
    with pytest.raises(CompositionError, match=message):
        title_clip(text, SECOND, UHD, **style)


def test_credits_of_a_hundred_lines_are_drawn_in_4k() -> None:
    clip = title_clip("A name\n" * 100, SECOND, UHD, size=0.06, line_spacing=1.4)
    assert clip.name == "A name"


def test_a_clip_is_named_by_the_first_letters_of_its_text() -> None:
    assert title_clip("n" * 2_000, SECOND, UHD, size=0.005).name == "n" * 200


def test_each_row_has_as_many_words_as_fit() -> None:
    kind = Typesetting(find_face("DejaVu Sans"), 20.0)
    text = " ".join("abcdefg"[: 1 + n % 7] for n in range(400))
    rows = [
        "".join(run.text for run in line.runs) for line in break_lines(text, kind, 300)
    ]
    # Taking one word after another, each measured by itself, as one does by hand.
    words, by_hand = text.split(" "), [""]
    for word in words:
        longer = f"{by_hand[-1]} {word}" if by_hand[-1] else word
        if break_lines(longer, kind, 1e6)[0].width <= 300 or not by_hand[-1]:
            by_hand[-1] = longer
        else:
            by_hand.append(word)
    assert rows == by_hand
