"""The plan of a render: which frames are copied, cached, or encoded."""

import dataclasses
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from timeline_nb.core.tables import table_of
from timeline_nb.core.telemetry.metrics import count
from timeline_nb.core.telemetry.spans import span as timed
from timeline_nb.media.library import MediaLibrary
from timeline_nb.segments.cutting import cut_film
from timeline_nb.segments.damaged_frames import DamagedStretch, find_damage
from timeline_nb.segments.encoding import Encoding
from timeline_nb.segments.inputs import Inputs
from timeline_nb.segments.journal import Journal
from timeline_nb.segments.plan_html import draw_plan
from timeline_nb.segments.segment import Action, Segment
from timeline_nb.segments.store import SegmentStore
from timeline_nb.timebase import frame_time
from timeline_nb.timeline.model import Timeline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Plan", "counted", "drop_uncached", "make_plan"]

_WORDS: Final[dict[Action, str]] = {
    "copy": "copied",
    "cached": "known",
    "encode": "to encode",
}

# What a plan says of itself where renders are timed.
_FACTS: Final[dict[str, Action]] = {
    "copied_frames": "copy",
    "cached_frames": "cached",
    "encoded_frames": "encode",
}


@dataclass(frozen=True)
class Plan:
    """A film as segments, to be inspected before anything is encoded.

    Args:
        name: The timeline's.
        encoding: How the rest is encoded.
        segments: In order, without gaps.
        damage: Frames of sources that are known not to decode, by clip.
        start: The frame of the timeline that is the film's first.
        inputs: The files and effects that it was planned with.

    Example:
        >>> plan = cut.plan("film.mp4")
        >>> plan.frames, plan.rate
        (100, Fraction(25, 1))
        >>> plan.cost >= 0, plan.uncached
        (True, ())
    """

    name: str
    encoding: Encoding
    segments: tuple[Segment, ...]
    damage: tuple[DamagedStretch, ...] = ()
    start: int = 0
    inputs: Inputs = field(default_factory=Inputs, repr=False, compare=False)

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return self.segments[-1].last if self.segments else 0

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.encoding.rate

    @property
    def cost(self) -> float:
        """Estimated, where encoding a frame costs 1."""
        return sum(segment.cost for segment in self.segments)

    @property
    def uncached(self) -> tuple[str, ...]:
        """Why some segments are not kept for later renders, each reason once."""
        found = dict.fromkeys(segment.uncached for segment in self.segments)
        return tuple(filter(None, found))

    def of(self, action: Action) -> tuple[Segment, ...]:
        """Return the segments of an action.

        Example:
            >>> plan = cut.plan("film.mp4")
            >>> counts = [len(plan.of(one)) for one in ("copy", "cached", "encode")]
            >>> sum(counts) == len(plan.segments)
            True
        """
        return tuple(s for s in self.segments if s.action == action)

    def known(self, store: SegmentStore) -> "Plan":
        """Return the plan with what the store has by now marked as cached.

        :meta private:
        """
        found = tuple(
            dataclasses.replace(s, action="cached", cost=0.0, why="")
            if s.action == "encode" and store.has(s.key)
            else s
            for s in self.segments
        )
        return dataclasses.replace(self, segments=found)

    def to_dataframe(self) -> "pd.DataFrame":
        """Return a row a segment: frames, seconds, action, layers, why, cost, key.

        Example:
            >>> plan = cut.plan("film.mp4").to_dataframe()
            >>> plan[["first", "last"]].iloc[-1].tolist()
            [75, 100]
        """
        rows = [
            {
                "segment": s.number,
                "first": s.first,
                "last": s.last,
                "start_s": float(frame_time(s.first, self.rate)),
                "end_s": float(frame_time(s.last, self.rate)),
                "action": s.action,
                "layers": ", ".join(s.layers),
                "why": s.why,
                "cost": round(s.cost, 1),
                "key": s.key,
            }
            for s in self.segments
        ]
        return table_of(rows)

    def __repr__(self) -> str:
        parts = ", ".join(
            f"{sum(s.frames for s in found)} frames {word}"
            for action, word in _WORDS.items()
            if (found := self.of(action))
        )
        count = len(self.segments)
        lost = sum(len(stretch.frames) for stretch in self.damage)
        damage = f"; {lost} frames of sources do not decode" if lost else ""
        kept = "".join(f"; {why}" for why in self.uncached)
        return (
            f"<Plan {self.name!r} {count} segments: {parts or 'nothing'}{damage}{kept}>"
        )

    def _repr_html_(self) -> str:
        return draw_plan(self.segments, self.rate, repr(self)[6:-1])


def drop_uncached(plan: Plan | None, store: SegmentStore) -> None:
    """Remove what was encoded for this film alone."""
    for segment in plan.segments if plan else ():
        if segment.uncached:
            store.drop(segment.key)


def counted(plan: Plan | None) -> Plan | None:
    """Count what a film has without being encoded, and return its plan.

    The rest counts where it is encoded, and a plan without a film does not.
    """
    actions: tuple[Action, ...] = ("copy", "cached")
    for action in actions:
        found = plan.of(action) if plan else ()
        if found:
            frames = sum(segment.frames for segment in found)
            count("timeline_nb.render.segments", len(found), action=action)
            count("timeline_nb.render.frames", frames, action=action)
    return plan


def make_plan(  # noqa: PLR0913 - what is planned, and what is known of it
    timeline: Timeline,
    library: MediaLibrary,
    encoding: Encoding,
    store: SegmentStore,
    *,
    span: range | None = None,
    journal: Journal | None = None,
) -> Plan:
    """Plan a film; nothing is decoded or encoded.

    Args:
        timeline: What is rendered.
        library: Opens media files.
        encoding: How the rest is encoded.
        store: Segments of earlier renders.
        span: The frames of the timeline that the film has; all if None.
        journal: Of the last render, to explain why segments are not reused.

    Raises:
        CompositionError: A media file is not there, or an effect is not valid.
        MediaError: A media file cannot be read.
    """
    with timed("render.plan") as planning:
        plan = _planned(timeline, library, encoding, store, span)
        frames = {
            name: sum(segment.frames for segment in plan.of(action))
            for name, action in _FACTS.items()
        }
        planning.add(frames=plan.frames, segments=len(plan.segments), **frames)
    last = journal or Journal()
    explained = tuple(
        dataclasses.replace(s, why=s.uncached or last.why(s.key, s.descriptor))
        if s.action == "encode"
        else s
        for s in plan.segments
    )
    return dataclasses.replace(plan, segments=explained)


def _planned(
    timeline: Timeline,
    library: MediaLibrary,
    encoding: Encoding,
    store: SegmentStore,
    span: range | None,
) -> Plan:
    # Before anything is described: what changes after that is noticed.
    inputs = Inputs.of(timeline)
    encoding, segments = cut_film(timeline, library, encoding, span)
    damage = tuple(find_damage(timeline, library, span))
    start = span.start if span else 0
    plan = Plan(timeline.name, encoding, tuple(segments), damage, start, inputs)
    return plan.known(store)
