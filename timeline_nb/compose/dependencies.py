"""What the pictures of a timeline depend on, beside the timeline itself."""

from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress

from timeline_nb.compose.layers import as_titles
from timeline_nb.effects.catalog import specs_of
from timeline_nb.effects.provided import identity_of, is_provided, plugin_of
from timeline_nb.effects.spec import Spec
from timeline_nb.effects.titles.fonts import find_face
from timeline_nb.errors import CompositionError, MediaError
from timeline_nb.media.file_state import state_of
from timeline_nb.timeline.model import Clip, Effect, Timeline, Transition
from timeline_nb.timeline.queries import clips, media

__all__ = ["Dependencies", "all_effects", "effect_files", "has_foreign"]


class Dependencies:
    """The files and effects of a timeline: whether they are still what they were.

    Args:
        timeline: What is composed.
    """

    def __init__(self, timeline: Timeline) -> None:
        effects = tuple(all_effects(timeline))
        kinds = {e.kind for e in effects} | set(_transitions(timeline))
        # Those of plugins, too, that are not installed: they may be later.
        self.kinds = tuple(sorted(filter(_is_foreign, kinds)))
        known = media(timeline)
        self.files = (*known, *sorted(set(_files(effects)) - set(known)))

    def state(self) -> Hashable:
        """Return a value that changes when a file, a custom effect or a plugin does.

        With an effect that cannot be compared it differs each time.
        """
        return tuple(map(_state, self.files)), tuple(map(_effect_state, self.kinds))


def has_foreign(timeline: Timeline) -> bool:
    """Return whether it has effects of a plugin, or of a person's own."""
    kinds = (effect.kind for effect in all_effects(timeline))
    return any(map(_is_foreign, (*kinds, *_transitions(timeline))))


def _transitions(timeline: Timeline) -> Iterator[str]:
    """Yield the kinds of transitions of the timeline, and of those within it."""
    for track in timeline.tracks:
        yield from (one.kind for one in track.items if isinstance(one, Transition))
    for clip in clips(timeline):
        if clip.media.timeline is not None:
            yield from _transitions(clip.media.timeline)


def _is_foreign(kind: str) -> bool:
    return bool(plugin_of(kind)) or is_provided(kind)


def all_effects(timeline: Timeline) -> Iterator[Effect]:
    """Yield effects and generators of the timeline, and of those within it."""
    yield from timeline.effects
    for track in timeline.tracks:
        yield from track.effects
        if track.kind == "subtitle":
            lines = as_titles(track).items
            made = (line.media.generator for line in lines if isinstance(line, Clip))
            yield from filter(None, made)
    for clip in clips(timeline):
        yield from clip.effects
        if clip.media.generator is not None:
            yield clip.media.generator
        if clip.media.timeline is not None:
            yield from all_effects(clip.media.timeline)


def _files(effects: Iterable[Effect]) -> Iterator[str]:
    """Yield the files that effects read; a font that is missing has none."""
    for effect in effects:
        for spec in specs_of(effect.kind):
            with suppress(CompositionError):
                yield from effect_files(effect, spec)


def effect_files(effect: Effect, spec: Spec | None) -> Iterator[str]:
    """Yield the files that an effect reads: tables, stencils, fonts.

    Raises:
        CompositionError: A font is missing.
    """
    for name, parameter in (spec.parameters if spec else {}).items():
        value = str(effect.parameters.get(name, parameter.default))
        if parameter.kind == "file" and value:
            yield value
        elif parameter.is_font:
            lenient = bool(effect.parameters.get("substitute"))
            yield find_face(value, substitute=lenient).path


def _effect_state(kind: str) -> Hashable:
    """Return what changes with an effect; a missing one stays what it is."""
    identity = identity_of(kind)
    return object() if identity.why and is_provided(kind) else identity.digest


def _state(path: str) -> Hashable:
    """Return the state of a file; None where there is no such file."""
    try:
        return state_of(path)
    except MediaError:
        return None
