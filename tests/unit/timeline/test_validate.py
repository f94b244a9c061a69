import math
from fractions import Fraction

import pytest
from msgspec.structs import replace
from timelines import clip, media, three_clips

from timeline_nb.errors import TimelineError
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import (
    Clip,
    Gap,
    Item,
    Subtitle,
    Timeline,
    Track,
    Transform,
    Transition,
)
from timeline_nb.timeline.validate import problems, validate

ONE = Fraction(1)
SUBTITLE = Subtitle(id="s9", text="x", duration=ONE)
DISSOLVE = Transition(in_offset=ONE, out_offset=ONE)


def _with(*items: Item) -> Timeline:
    return replace(three_clips(), tracks=(Track(kind="video", name="V1", items=items),))


def _clip(**fields: object) -> Clip:
    return replace(clip(), id="c1", **fields)


@pytest.mark.parametrize(
    ("timeline", "where", "message"),
    [
        (_with(SUBTITLE), "tracks[0].items[0]", "cannot hold a subtitle"),
        (_with(Gap(duration=Fraction(0))), "tracks[0].items[0]", "not more than 0"),
        (_with(_clip(), _clip()), "tracks", "'c1' is empty or stands 2 times"),
        (_with(clip()), "tracks", "'' is empty"),
        (_with(DISSOLVE, _clip()), "tracks[0].items[0]", "between two clips"),
        (
            _with(_clip(source_range=TimeRange(ONE, Fraction(60)))),
            "tracks[0].items[0]",
            "reaches outside the media",
        ),
        (_with(_clip(gain_db=math.inf)), "tracks[0].items[0]", "gain_db is inf"),
        (_with(_clip(fade_in=Fraction(9))), "tracks[0].items[0]", "longer than"),
        (
            _with(_clip(transform=replace(Transform(), opacity=math.nan))),
            "tracks[0].items[0]",
            "opacity is nan",
        ),
        (
            _with(_clip(transform=replace(Transform(), scale=0))),
            "tracks[0].items[0]",
            "scale 0",
        ),
        (
            _with(_clip(transform=replace(Transform(), crop=(0.5, 0, 0.5, 0)))),
            "tracks[0].items[0]",
            "leaves nothing",
        ),
        (replace(three_clips(), size=(1281, 720)), "size", "1281 px is not even"),
        (replace(three_clips(), rate=Fraction(0)), "rate", "0 frames/s"),
        (replace(three_clips(), sample_rate_hz=1), "sample_rate_hz", "8,000"),
    ],
)
def test_each_fault_is_named_where_it_is(
    timeline: Timeline, where: str, message: str
) -> None:
    (problem,) = problems(timeline)
    assert problem.where == where
    assert message in problem.message


def test_transitions_may_not_use_up_a_clip() -> None:
    a, b, c = (replace(clip(20 + n, 2), id=f"c{n}") for n in range(3))
    long = Transition(in_offset=ONE, out_offset=Fraction(3, 2))
    found = problems(_with(a, long, b, long, c))
    assert len(found) == 1
    assert "and the next need more than all of 'street' (c1)" in found[0].message
    alone = problems(_with(a, replace(long, out_offset=Fraction(5, 2)), b))
    assert "between 'street' (c0) and 'street' (c1) needs more" in alone[0].message


def test_stills_have_handles_without_end() -> None:
    still = replace(media(), available_range=None)
    a, b = (replace(clip(0, 4, of=still), id=f"c{n}") for n in range(2))
    assert problems(_with(a, DISSOLVE, b)) == ()


def test_the_error_names_the_first_few_faults() -> None:
    faulty = [replace(clip(100 + n), id=f"c{n}") for n in range(9)]
    with pytest.raises(TimelineError, match=r"'walk' is not .* \(and 4 more\)"):
        validate(_with(*faulty))
