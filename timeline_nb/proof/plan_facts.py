"""The plan of a film: which frames show what, so that a difference has a place."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from timeline_nb.proof.comparison import Fact
from timeline_nb.proof.lock import SegmentFact
from timeline_nb.segments.plan import Plan
from timeline_nb.timebase import format_timecode, frame_time

__all__ = ["plan_facts", "plan_rows"]

_MOST_SHOWN: Final = 3


def plan_facts(plan: Plan | None) -> tuple[SegmentFact, ...]:
    """Return the segments of a plan as a lock has them; none of sound alone.

    What was in the cache by chance does not count.
    """
    segments = () if plan is None else plan.segments
    return tuple(
        SegmentFact(
            first=one.first,
            last=one.last,
            action="copy" if one.action == "copy" else "encode",
            # What is not kept has a name for this render alone.
            key="" if one.uncached else one.key,
        )
        for one in segments
    )


def plan_rows(
    then: tuple[SegmentFact, ...], now: Plan | None, rate: Fraction
) -> Iterator[Fact]:
    """Yield a row for the plan of a lock, if it has one.

    It says where a difference shows, which other rows name, and does not decide.

    Args:
        then: As the lock has it.
        now: As the film would be rendered now; None where that is not known.
        rate: Frames a second of the edit.
    """
    if not then:
        return
    was = _counted(len(then))
    if now is None:
        yield Fact("plan", was, "not known without all media", held=None)
        return
    found = plan_facts(now)
    other = [one for one in found if one not in set(then)]
    if not other and len(found) == len(then):
        yield Fact("plan", was, was, held=True)
        return
    spans = [_span(one, rate) for one in other[:_MOST_SHOWN]]
    hidden = len(other) - len(spans)
    more = f" and {hidden} more" if hidden else ""
    text = f"{_counted(len(found))}, other ones {', '.join(spans)}{more}"
    changed = text if spans else _counted(len(found))
    yield Fact("plan", was, changed, held=None, is_place=True)


def _counted(count: int) -> str:
    return f"{count} segment{'s' * (count != 1)}"


def _span(one: SegmentFact, rate: Fraction) -> str:
    first, last = (
        format_timecode(frame_time(number, rate), rate)
        for number in (one.first, one.last)
    )
    return f"from {first} to {last}"
