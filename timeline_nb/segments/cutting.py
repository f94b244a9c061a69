"""Cut a film into segments, and make their keys."""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as with_changed
from typing import Any, Final

import av
from msgspec.structs import replace

from timeline_nb.compose.compositor import Compositor
from timeline_nb.compose.layers import Adjustment, Layer, Shot, shots_of
from timeline_nb.compose.sources import MediaOpener
from timeline_nb.core.structs import to_builtins
from timeline_nb.media.library import MediaLibrary
from timeline_nb.segments.chunks import anchor_of, chunks
from timeline_nb.segments.copying import find_copied, matched
from timeline_nb.segments.descriptor import Describer, digest
from timeline_nb.segments.encoding import Encoding
from timeline_nb.segments.segment import Copied, Segment
from timeline_nb.timeline.model import Timeline

__all__ = ["Named", "Namer", "cut_film", "cut_from"]

# Raised when composition or cutting changes: older segments are not reused.
_ENGINE: Final = 4
# What a layer adds to the cost of a frame, where encoding it costs 1; roughly,
# of 1080p with x264's "veryfast" (tests/bench/standard_edit.py).
_DECODING, _COMPOSING, _EFFECT, _COPYING = 0.25, 0.3, 0.3, 0.01


@dataclass(frozen=True)
class _Stretch:
    first: int
    last: int
    layers: Sequence[Layer]
    copied: Copied | None = None


@dataclass(frozen=True)
class Named:
    """A run of frames under its key.

    Args:
        key: Of the frames, encoded.
        descriptor: Of what they show.
        uncached: Why the key does not tell all that they show; empty where it does.
    """

    key: str
    descriptor: Any
    uncached: str


class Namer:
    """Makes the keys of runs of frames.

    Args:
        compositor: Of the timeline.
        timeline: What is shown.
        library: Probes files.
        encoding: What they are encoded as.
    """

    def __init__(
        self,
        compositor: Compositor,
        timeline: Timeline,
        library: MediaOpener,
        encoding: Encoding,
    ) -> None:
        self._describer = Describer(compositor, timeline, library)
        self._encoding = encoding
        versions = sorted(av.library_versions.items())
        if encoding.on_damage == "error":
            # What was rendered without an error looks the same either way.
            encoding = replace(encoding, on_damage="hold")
        self._engine = [_ENGINE, versions, to_builtins(encoding), timeline.size]

    def name(self, first: int, last: int) -> Named:
        """Describe what frames `first:last` show, and make their key."""
        self._describer.uncached.clear()
        descriptor = self._describer.frames(first, last)
        why = "; ".join(
            f"the effect {kind!r} is not cached, since {reason} "
            "(@tl.effect(version=...) says what identifies it)"
            for kind, reason in self._describer.uncached.items()
        )
        return Named(digest([self._engine, descriptor]), descriptor, why)


def cut_film(
    timeline: Timeline,
    library: MediaLibrary,
    encoding: Encoding,
    span: range | None = None,
) -> tuple[Encoding, list[Segment]]:
    """Cut a film into segments, whether or not they are in the cache.

    Args:
        timeline: What is shown.
        library: Opens media files.
        encoding: What frames are encoded as.
        span: The frames of the timeline that the film has; all if None. Segments count
            from the first of them. Away from its ends they are those of the whole
            film, and have their keys.

    Returns:
        How the rest is encoded where something is copied, and the segments.

    Raises:
        CompositionError: A media file is not there, or an effect is not valid.
        MediaError: A media file cannot be read.
    """
    with Compositor(
        timeline, library, size=encoding.size, colors=encoding.canvas
    ) as compositor:
        span = range(len(compositor)) if span is None else span
        stretches = list(_stretches(compositor, span))
        if encoding.copies:
            stretches = _with_copies(stretches, compositor, library, encoding)
            encoding = matched(encoding, [s.copied for s in stretches if s.copied])
        namer = Namer(compositor, timeline, library, encoding)
        runs = _runs(stretches, encoding)
        segments = [_segment(number, run, namer) for number, run in enumerate(runs)]
    return encoding, [_shifted(segment, -span.start) for segment in segments]


def cut_from(
    first: int,
    compositor: Compositor,
    timeline: Timeline,
    library: MediaOpener,
    encoding: Encoding,
) -> Iterator[Segment]:
    """Yield segments from the one of a frame on, which has the number 0.

    Each is looked for when it is needed, and its key is made then.

    Raises:
        CompositionError: A segment shows what is offline; its owner is named.
    """
    namer = Namer(compositor, timeline, library, encoding)
    # One that cannot be cut is a single segment.
    begin = first if encoding.chunk else 0
    stretches = (_Stretch(*found) for found in compositor.stretches(begin))
    runs = (run for run in _runs(stretches, encoding) if run[-1].last > first)
    for number, run in enumerate(runs):
        for stretch in run:
            compositor.check_shown(stretch.layers)
        yield _segment(number, run, namer)


def _stretches(compositor: Compositor, span: range) -> Iterator[_Stretch]:
    """Yield the stretches of a span of frames."""
    for begin, end, layers in compositor.stretches():
        first, last = max(begin, span.start), min(end, span.stop)
        if first < last:
            yield _Stretch(first, last, layers)


def _shifted(segment: Segment, by: int) -> Segment:
    """Return the segment with its frames moved by a number of frames."""
    copied = segment.copied
    if copied is not None:
        copied = with_changed(copied, first=copied.first + by, last=copied.last + by)
    return with_changed(
        segment, first=segment.first + by, last=segment.last + by, copied=copied
    )


def _runs(
    stretches: Iterable[_Stretch], encoding: Encoding
) -> Iterator[list[_Stretch]]:
    """Yield the stretches of each segment: one, unless the film cannot be cut."""
    if not encoding.chunk:
        yield list(stretches)
        return
    for stretch in stretches:
        if stretch.copied is not None:
            yield [stretch]
            continue
        layers = stretch.layers
        anchor = anchor_of(layers, stretch.first, encoding.rate)
        for first, last in chunks(
            stretch.first, stretch.last, anchor=anchor, length=encoding.chunk
        ):
            yield [_Stretch(first, last, layers)]


def _segment(number: int, run: list[_Stretch], namer: Namer) -> Segment:
    first, last = run[0].first, run[-1].last
    copied = run[0].copied
    named = namer.name(first, last)
    # What no key tells is encoded for one film: no other finds it.
    alone = f"-{secrets.token_hex(8)}" if named.uncached else ""
    names = dict.fromkeys(name for stretch in run for name in _names(stretch.layers))
    return Segment(
        number=number,
        first=first,
        last=last,
        action="copy" if copied else "encode",
        key=named.key + alone,
        layers=tuple(names),
        cost=sum(_cost(stretch) for stretch in run),
        copied=copied,
        uncached=named.uncached,
        descriptor=named.descriptor,
    )


def _with_copies(
    stretches: list[_Stretch],
    compositor: Compositor,
    library: MediaLibrary,
    encoding: Encoding,
) -> list[_Stretch]:
    """Cut stretches where packets can be copied from sources of one parameter set."""
    found: dict[int, Copied] = {}
    for number, stretch in enumerate(stretches):
        shot = compositor.single_shot(stretch.layers)
        if shot is not None:
            span = range(stretch.first, stretch.last)
            copied = find_copied(shot, span, library, encoding)
            if copied is not None:
                found[number] = copied
    # A film has one header: of sources with different ones the most used is copied.
    votes: Counter[tuple[bytes, ...]] = Counter()
    for copied in found.values():
        votes[copied.sets] += copied.last - copied.first
    chosen = votes.most_common(1)[0][0] if votes else ()
    cut: list[_Stretch] = []
    for number, stretch in enumerate(stretches):
        copied = found.get(number)
        if copied is None or copied.sets != chosen:
            cut.append(stretch)
            continue
        edges = (
            (stretch.first, copied.first, None),
            (copied.first, copied.last, copied),
            (copied.last, stretch.last, None),
        )
        cut += [_Stretch(a, b, stretch.layers, c) for a, b, c in edges if a < b]
    return cut


def _names(layers: Sequence[Layer]) -> Iterator[str]:
    for layer in layers:
        shots = (layer.shot,) if isinstance(layer, Adjustment) else shots_of(layer)
        yield from (shot.clip.name or shot.clip.id for shot in shots)


def _cost(stretch: _Stretch) -> float:
    """Estimate the cost of a stretch, where encoding a frame costs 1."""
    frames = stretch.last - stretch.first
    if stretch.copied is not None:
        return _COPYING * frames
    layers = stretch.layers
    shots = [shot for layer in layers for shot in shots_of(layer)]
    composed = len(shots) if len(shots) > 1 else 0
    composed += sum(not isinstance(layer, Shot) for layer in layers)
    effects = sum(len(shot.clip.effects) for shot in shots)
    cost = 1 + _DECODING * len(shots) + _COMPOSING * composed + _EFFECT * effects
    return cost * frames
