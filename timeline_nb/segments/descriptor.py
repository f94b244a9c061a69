"""Descriptors of stretches of frames: equal ones mean equal pictures.

A descriptor covers all that a stretch shows and nothing else: contents of files, not
their paths; times of clips, not of the timeline; no ids, names or sound. A clip that
moves keeps its descriptors, and one that changes invalidates those it is seen in.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.dependencies import Dependencies, effect_files
from timeline_nb.compose.layers import Blend, Group, Layer, Shot
from timeline_nb.compose.sources import MediaOpener
from timeline_nb.core.structs import to_canonical
from timeline_nb.effects.catalog import find_picture, specs_of
from timeline_nb.effects.chain import SOURCED
from timeline_nb.effects.identity import Identity
from timeline_nb.effects.provided import identity_of
from timeline_nb.effects.spec import Spec
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.timebase import frame_at, frame_time
from timeline_nb.timeline.model import Effect, Timeline
from timeline_nb.timeline.queries import duration, media
from timeline_nb.timeline.speed import speed_of

__all__ = ["Describer", "digest"]

_DIGEST_BYTES: Final = 16
_SEEN_KEYFRAMES: Final = ("position", "scale", "rotation_deg", "opacity")


def digest(descriptor: Any) -> str:
    """Return 32 hex digits that identify a descriptor."""
    data = json.dumps(descriptor, sort_keys=True, separators=(",", ":"), default=str)
    return blake2b(data.encode(), digest_size=_DIGEST_BYTES).hexdigest()


class Describer:
    """Describes what stretches of a timeline show.

    Args:
        compositor: Of the timeline.
        timeline: What is shown.
        library: Probes files.
        uncached: Gets the effects that are described and cannot be compared, with why.
    """

    def __init__(
        self,
        compositor: Compositor,
        timeline: Timeline,
        library: MediaOpener,
        uncached: dict[str, str] | None = None,
    ) -> None:
        self._compositor = compositor
        self._timeline, self._library = timeline, library
        self._rate = timeline.rate
        self.uncached = {} if uncached is None else uncached
        self._identities: dict[str, Identity] = {}
        self._effects: dict[int, tuple[Effect, str]] = {}
        self._nests: dict[int, tuple[Timeline, Describer]] = {}
        self._wholes: dict[int, tuple[Timeline, str, tuple[str, ...]]] = {}

    def __len__(self) -> int:
        return len(self._compositor)

    def frames(self, first: int, last: int) -> list[dict[str, Any]]:
        """Describe frames `first:last`, stretch by stretch.

        Raises:
            MediaError: A file cannot be read.
            CompositionError: A font is missing.
        """
        found = []
        for begin, end, layers in self._compositor.stretches(first):
            if begin >= last:
                break
            found.append(self._stretch(max(first, begin), min(last, end), layers))
        return found

    def _stretch(
        self, first: int, last: int, layers: Sequence[Layer]
    ) -> dict[str, Any]:
        """Describe frames that all show the same layers."""
        described: dict[str, Any] = {
            "frames": last - first,
            "layers": [self._layer(layer, first, last) for layer in layers],
        }
        if self._timeline.effects:
            timeline = self._timeline
            described |= self._owned(timeline.effects, first, timeline, timeline.name)
        return described

    def _layer(self, layer: Layer, first: int, last: int) -> dict[str, Any]:
        if isinstance(layer, Shot):
            return self._shot(layer, first, last)
        start = frame_time(first, self._rate)
        if isinstance(layer, Blend):
            kind, values = layer.transition.kind, layer.transition.parameters
            return {
                "transition": [kind, values, *self._foreign(kind)],
                "begun": str(start - layer.range.start),
                "lasts": str(layer.range.duration),
                "outgoing": self._shot(layer.outgoing, first, last),
                "incoming": self._shot(layer.incoming, first, last),
            }
        if isinstance(layer, Group):
            track = layer.track
            owned = self._owned(track.effects, first, layer.alone, track.name)
            return {"layer": self._layer(layer.layer, first, last), **owned}
        described = self._shot(layer.shot, first, last)
        if _is_temporal(layer.shot.clip.effects):
            described["below"] = self._whole(layer.below)
        return described

    def _shot(self, shot: Shot, first: int, last: int) -> dict[str, Any]:
        clip = shot.clip
        begin, end = (frame_time(n, self._rate) for n in (first, last - 1))
        described: dict[str, Any] = {
            "at": str(shot.clip_time(begin)),
            "media": self._media(shot, first, last),
            "transform": to_canonical(clip.transform),
            "keyframes": {
                name: to_canonical(clip.keyframes[name])
                for name in _SEEN_KEYFRAMES
                if name in clip.keyframes
            },
        }
        effects = self._describe_effects(clip.effects)
        if effects:
            described["effects"] = effects
            described |= _random_owner(clip.effects, clip.id)
        if _is_temporal(clip.effects) or speed_of(clip) is not None:
            # Temporal effects look within the clip; speeds count from its start.
            span = clip.source_range
            described["range"] = [str(span.start), str(span.end)]
        if shot.fades:
            described["fades"] = True
            levels = [shot.level_at(time) for time in (begin, end)]
            if min(levels) < 1 or clip.duration < clip.fade_in + clip.fade_out:
                passed = begin - shot.start
                lengths = (passed, clip.fade_in, clip.duration, clip.fade_out)
                described["fade"] = [str(length) for length in lengths]
        return described

    def _media(self, shot: Shot, first: int, last: int) -> Any:
        clip = shot.clip
        if clip.media.generator is not None:
            return {"made": self._describe_generator(clip.media.generator)}
        if clip.media.timeline is None:
            described = {"file": self._library.probe(clip.media.path).fingerprint}
            assumed = clip.media.assumed
            return (
                {**described, "assumed": to_canonical(assumed)}
                if assumed
                else described
            )
        within = clip.media.timeline
        nest = self._nest(within)
        begin, end = 0, len(nest)
        if speed_of(clip) is None and not _is_temporal(clip.effects):
            begin, end = (
                frame_at(shot.clip_time(frame_time(n, self._rate)), within.rate)
                for n in (first, last - 1)
            )
        shown = nest.frames(max(0, begin), end + 1)
        return {"timeline": shown, "size": within.size, "rate": str(within.rate)}

    def _nest(self, timeline: Timeline) -> "Describer":
        known = self._nests.get(id(timeline))
        if known is None:
            inner = self._compositor.nested(timeline)
            nested = Describer(inner, timeline, self._library, self.uncached)
            known = (timeline, nested)
            self._nests[id(timeline)] = known
        return known[1]

    def _owned(
        self, effects: Sequence[Effect], first: int, around: Timeline, owner: str
    ) -> dict[str, Any]:
        """Describe effects of a track or the timeline, which run in timeline time."""
        described = self._describe_effects(effects)
        if not described:
            return {}
        start = str(frame_time(first, self._rate))
        owned = {"effects": described, "from": start, **_random_owner(effects, owner)}
        if _is_temporal(effects):
            owned["until"] = str(duration(self._timeline))
            owned["around"] = self._whole(around)
        return owned

    def _whole(self, timeline: Timeline) -> str:
        """Describe a whole timeline, where an effect may look at any time of it."""
        known = self._wholes.get(id(timeline))
        if known is None:
            needs = Dependencies(timeline)
            files = {p: self._library.probe(p).fingerprint for p in media(timeline)}
            read = [p for p in needs.files if p not in files and Path(p).is_file()]
            custom = [self._identity(kind) for kind in needs.kinds]
            others = [fingerprint(path) for path in read]
            described = [to_canonical(timeline), files, others, custom]
            known = (timeline, digest(described), needs.kinds)
            self._wholes[id(timeline)] = known
        for kind in known[2]:
            self._identity(kind)
        return known[1]

    def _identity(self, kind: str) -> str:
        """Identify a kind of effect; one that cannot be compared is noted."""
        known = self._identities.get(kind)
        if known is None:
            known = self._identities[kind] = identity_of(kind)
        if known.why:
            self.uncached[kind] = known.why
        return known.digest

    def _describe_effects(self, effects: Iterable[Effect]) -> list[list[str]]:
        """Describe effects that change pictures, each by its kind and a digest."""
        return [
            [effect.kind, self._effect(effect)]
            for effect in effects
            if effect.enabled and _is_seen(effect)
        ]

    def _effect(self, effect: Effect) -> str:
        identity = self._identity(effect.kind)
        known = self._effects.get(id(effect))
        if known is None:
            spec = find_picture(effect.kind)
            described = [to_canonical(effect), identity, _files(effect, spec)]
            known = (effect, digest(described))
            self._effects[id(effect)] = known
        return known[1]

    def _describe_generator(self, generator: Effect) -> list[Any]:
        spec = next(specs_of(generator.kind, "generator"), None)
        files = _files(generator, spec)
        return [to_canonical(generator), files, *self._foreign(generator.kind)]

    def _foreign(self, kind: str) -> list[str]:
        """Identify a kind that is not the package's own; empty for one that is."""
        identity = self._identity(kind)
        return [identity] if identity else []


def _is_seen(effect: Effect) -> bool:
    """Return whether an effect changes pictures, or which are shown."""
    known = effect.kind in SOURCED or effect.kind == "speed"
    return known or find_picture(effect.kind) is not None


def _is_temporal(effects: Iterable[Effect]) -> bool:
    return any(spec.temporal for spec in _specs(effects))


def _random_owner(effects: Iterable[Effect], owner: str) -> dict[str, Any]:
    """Describe the owner of effects, if random ones among them depend on it."""
    return {"owner": owner} if any(spec.random for spec in _specs(effects)) else {}


def _specs(effects: Iterable[Effect]) -> Iterator[Spec]:
    for effect in effects:
        spec = find_picture(effect.kind) if effect.enabled else None
        if spec is not None:
            yield spec


def _files(effect: Effect, spec: Spec | None) -> list[str]:
    """Fingerprint the files that an effect reads: tables, stencils, fonts."""
    paths = effect_files(effect, spec)
    return [fingerprint(path) for path in paths if Path(path).is_file()]
