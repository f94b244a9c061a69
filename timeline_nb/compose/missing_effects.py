"""Effects of plugins that are not installed here: kept, and refused by renders."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from timeline_nb.compose.offline import is_shown
from timeline_nb.effects.provided import missing_plugin, plugin_of
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import Clip, Effect, Item, Timeline, Track, Transition

__all__ = [
    "MissingEffect",
    "missing_effects",
    "missing_in",
    "missing_in_item",
    "refuse_missing_effects",
]


@dataclass(frozen=True)
class MissingEffect:
    """An effect, transition or generator whose plugin is not installed.

    An edit keeps it as it is; previews show pictures without it.

    Args:
        kind: Such as `org.example.blur/gaussian`.
        owner: Whose it is, as messages have it: `clip 'street' (c1)`.
        reason: What is missing, and how to install it.
    """

    kind: str
    owner: str
    reason: str

    @property
    def plugin(self) -> str:
        """The id of the plugin."""
        return plugin_of(self.kind)

    def __str__(self) -> str:
        return f"{self.owner}: {self.reason}"


def missing_effects(timeline: Timeline) -> list[MissingEffect]:
    """Return the missing effects that are switched on, with those of nested timelines.

    Args:
        timeline: Any.
    """
    found = list(missing_in("the timeline", timeline.effects))
    for track in timeline.tracks:
        found += missing_in(f"track {track.name!r}", track.effects)
        for item in track.items:
            found += missing_in_item(track, item)
    return found


def refuse_missing_effects(timeline: Timeline, frames: range) -> None:
    """Check that the plugins of what some frames show are installed.

    Args:
        timeline: At the rate that the frames count.
        frames: The frames that will be shown and heard.

    Raises:
        CompositionError: One is not; it is named, with its owner.
    """
    found = list(missing_in("the timeline", timeline.effects))
    start, end = frames.start / timeline.rate, frames.stop / timeline.rate
    for track in timeline.tracks:
        if not track.enabled or layout_of(track.items).end <= start:
            continue
        found += missing_in(f"track {track.name!r}", track.effects)
        for number, item in enumerate(track.items):
            if is_shown(track, number, start, end):
                found += missing_in_item(track, item)
    if found:
        raise CompositionError(
            Message("{found}; or switch the effect off, or remove it", found=found[0])
        )


def missing_in_item(track: Track, item: Item) -> Iterator[MissingEffect]:
    """Yield the missing effects of an item, with those of a timeline that it shows."""
    if isinstance(item, Transition):
        yield from missing_in(f"track {track.name!r}", [Effect(kind=item.kind)])
    if not isinstance(item, Clip):
        return
    owner = f"clip {item.label}"
    yield from missing_in(owner, item.effects)
    if item.media.generator is not None:
        yield from missing_in(owner, [item.media.generator])
    if item.media.timeline is not None:
        for one in missing_effects(item.media.timeline):
            yield MissingEffect(one.kind, f"{owner}: {one.owner}", one.reason)


def missing_in(owner: str, effects: Iterable[Effect]) -> Iterator[MissingEffect]:
    """Yield those of an owner's effects that are missing, and switched on."""
    for effect in effects:
        if effect.enabled and (reason := missing_plugin(effect.kind)):
            yield MissingEffect(effect.kind, owner, reason)
