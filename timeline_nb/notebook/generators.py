"""What an edit shows that no file holds: titles, colors, adjustments, other edits."""

from typing import Any

from msgspec.structs import replace

from timeline_nb.effects.catalog import find
from timeline_nb.effects.chain import check_effect
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.clips import generated_clip, nested_clip, title_clip
from timeline_nb.effects.titles.template_clips import template_clip
from timeline_nb.notebook.looks import LookVerbs
from timeline_nb.notebook.verbs import Verbs
from timeline_nb.timebase import TimeLike, TimeRange, parse_duration
from timeline_nb.timeline.model import Clip, Effect, Timeline

__all__ = ["GeneratorVerbs"]


class GeneratorVerbs(LookVerbs):
    """Clips that are made, each put over the picture as one step of the history."""

    def title(
        self,
        text: str,
        *,
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
        animation: str = "",
        **style: Any,
    ) -> None:
        """Put text over the picture.

        Args:
            text: With line breaks.
            start: When it is first seen.
            end: When it is gone.
            track: On which video track; one of its own above all if not given.
            animation: `fade`, `slide`, `rise`, `typewriter`, `pop`, `roll`, `crawl`.
            style: Parameters of the generator `title`.

        Raises:
            CompositionError: A parameter makes no sense, or a font is missing.
        """
        length = self._time(end) - self._time(start)
        size = self.timeline.size
        clip = title_clip(text, length, size, animation=animation, **style)
        self._lay(clip, start, track)

    def generate(
        self,
        kind: str,
        *,
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
        **parameters: Any,
    ) -> None:
        """Put a `solid`, a `gradient` or an `adjustment` over the picture."""
        length = self._time(end) - self._time(start)
        clip = generated_clip(kind, length, self.timeline.size, **parameters)
        self._lay(clip, start, track)

    def adjust(
        self,
        *effects: Effect | str,
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
    ) -> None:
        """Put an adjustment layer over it: all below is seen through its effects."""
        length = self._time(end) - self._time(start)
        made = tuple(Effect(kind=e) if isinstance(e, str) else e for e in effects)
        for effect in made:
            check_effect(effect)
        clip = generated_clip("adjustment", length, self.timeline.size)
        self._lay(replace(clip, effects=made), start, track)

    def template(
        self,
        name: str,
        /,
        *,
        start: TimeLike,
        duration: TimeLike | None = None,
        track: str | None = None,
        **values: Any,
    ) -> None:
        """Put an intro, a lower third or an outro over the picture."""
        rate, size = self.timeline.rate, self.timeline.size
        length = None if duration is None else parse_duration(duration, rate)
        clip = template_clip(name, rate=rate, size=size, duration=length, **values)
        self._lay(clip, start, track)

    def nest(
        self, other: "Verbs | Timeline", *, at: TimeLike, track: str | None = None
    ) -> None:
        """Put another edit over it as one clip; later changes do not follow."""
        timeline = other if isinstance(other, Timeline) else other.timeline
        self._lay(nested_clip(timeline), at, track)

    def subtitle(
        self,
        text: str,
        *,
        start: TimeLike,
        end: TimeLike,
        track: str | None = None,
        **style: Any,
    ) -> None:
        """Put a line of text on the subtitle track; `style` as of titles."""
        place = TimeRange.between(self._time(start), self._time(end))
        if style:
            values_of(
                find("title", "generator"), Effect(kind="title", parameters=style)
            )
        self.perform("add_subtitle", text, at=place, track=track, style=style or None)

    def _lay(self, clip: Clip, start: TimeLike, track: str | None) -> None:
        at = self._time(start)
        with self.group(clip.name):
            if track is None:
                self.perform("add_track", "video", name=None)
                names = [t.name for t in self.timeline.tracks if t.kind == "video"]
                track = names[-1]
            self.perform("overwrite", [clip], at=at, track=track)
