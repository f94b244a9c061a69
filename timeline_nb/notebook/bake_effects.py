"""Render what another program lacks: effects, ramps and titles become media.

Each such clip of a video track is rendered with its effects and speed at its media's
own size, with handles; its place, opacity and fades stay with the clip, which shows the
rendered file. A title becomes a still with transparency. The files are named by what
they show, so that a second export renders what changed alone.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from PIL import Image

from timeline_nb.compose.compositor import Compositor
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.structs import to_json
from timeline_nb.errors import ProjectError
from timeline_nb.interchange.places import item_place
from timeline_nb.interchange.report import Report
from timeline_nb.media.convert import converted
from timeline_nb.render.profile import Profile
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.layout import layout_of
from timeline_nb.timeline.model import (
    Clip,
    Item,
    Marker,
    MediaReference,
    Timeline,
    Track,
    Transform,
    Transition,
)
from timeline_nb.timeline.speed import available_of, speed_of

__all__ = ["EffectBaker"]

_HANDLE: Final = Fraction(1)
# What editing programs read, of ten bits, with each frame by itself.
_PROFILE: Final = Profile(video="prores", audio="none")
_DIGEST_BYTES: Final = 8


@dataclass(frozen=True)
class _Piece:
    """What is rendered: a timeline of one clip, and the file's name."""

    shown: Timeline
    name: str


class EffectBaker:
    """The rendered media of one export.

    Args:
        timeline: The edit.
        target: The file that is exported: media go beside it.
        report: Gets what is rendered.
    """

    def __init__(self, timeline: Timeline, target: Path, report: Report) -> None:
        self._edit, self._target, self._report = timeline, target, report
        self._pieces: dict[str, _Piece] = {}
        tracks = (
            replace(track, items=tuple(self._items(track)))
            if track.kind == "video"
            else track
            for track in timeline.tracks
        )
        self.timeline: Final = replace(timeline, tracks=tuple(tracks))

    def render(
        self, studio: Studio, reporter: Reporter, *, overwrite: bool
    ) -> tuple[Path, ...]:
        """Render what is not there yet, and return all files.

        Args:
            studio: Renders.
            reporter: Cancels the work.
            overwrite: Replace files of these names that were not written here, or
                were changed since: they may show anything.

        Raises:
            ProjectError: Another program's file is there.
            RenderError: A file cannot be written.
            CompositionError: An effect fails; clip and effect are named.
        """
        written = studio.written
        paths = {self._target.parent / one.name: one for one in self._pieces.values()}
        for path in paths:
            written.check(path, ProjectError, overwrite=overwrite)
        for path, piece in paths.items():
            reporter.check()
            if path.is_file() and written.is_own(path):
                continue
            if path.suffix == ".png":
                data = _still(piece.shown, studio)
                with file_errors(path, ProjectError):
                    written.write(path, data, ProjectError, overwrite=overwrite)
            else:
                renderer = studio.renderer()
                renderer.render(
                    piece.shown, path, _PROFILE, reporter, overwrite=overwrite
                )
        return tuple(paths)

    def _items(self, track: Track) -> Iterator[Item]:
        layout = layout_of(track.items)
        longest = max(
            (
                max(one.in_offset, one.out_offset)
                for one in track.items
                if isinstance(one, Transition)
            ),
            default=Fraction(0),
        )
        for number, item in enumerate(track.items):
            if isinstance(item, Clip) and _is_needed(item):
                place = item_place(
                    track.name, item, layout.start(number), self._edit.rate
                )
                yield self._baked(item, place, max(_HANDLE, longest))
            else:
                yield item

    def _baked(self, clip: Clip, place: str, handle: Fraction) -> Clip:
        if clip.media.generator is not None:
            return self._as_still(clip, place)
        rate = self._edit.rate
        before, after = _handles(clip, handle, rate)
        span = clip.source_range
        wide = TimeRange(span.start - before, span.duration + before + after)
        size = _even(clip.media.size or self._edit.size)
        piece = self._piece(replace(clip, source_range=wide), size, ".mov")
        what = _named(clip)
        detail = f"rendered into {piece.name}"
        self._report.add(place, what, "approximated", None, detail)
        media = MediaReference(
            path=str(self._target.parent / piece.name),
            available_range=TimeRange(Fraction(0), wide.duration),
            rate=rate,
            size=size,
        )
        by = before - span.start
        return replace(
            clip,
            name=clip.name or clip.media.label,
            media=media,
            source_range=TimeRange(before, span.duration),
            effects=(),
            keyframes={
                name: tuple(replace(key, time=key.time + by) for key in keys)
                for name, keys in clip.keyframes.items()
            },
            markers=tuple(self._markers(clip, by, place)),
        )

    def _as_still(self, clip: Clip, place: str) -> Clip:
        piece = self._piece(clip, self._edit.size, ".png")
        detail = f"drawn into {piece.name}"
        self._report.add(place, _named(clip), "approximated", None, detail)
        path = str(self._target.parent / piece.name)
        media = MediaReference(path=path, size=self._edit.size)
        name = clip.name or clip.media.label
        return replace(clip, name=name, media=media, effects=())

    def _piece(self, clip: Clip, size: tuple[int, int], suffix: str) -> _Piece:
        alone = replace(
            clip,
            id="c1",
            name="",
            link="",
            transform=Transform(fit="stretch"),
            keyframes={},
            fade_in=Fraction(0),
            fade_out=Fraction(0),
            markers=(),
            metadata={},
        )
        track = Track(kind="video", name="V1", items=(alone,))
        shown = Timeline(name="baked", rate=self._edit.rate, size=size, tracks=(track,))
        digest = blake2b(to_json(shown), digest_size=_DIGEST_BYTES).hexdigest()
        name = f"{self._target.stem}_baked_{digest}{suffix}"
        return self._pieces.setdefault(name, _Piece(shown, name))

    def _markers(self, clip: Clip, by: Fraction, place: str) -> Iterator[Marker]:
        if speed_of(clip) is None:
            for one in clip.markers:
                start = one.marked_range.start + by
                if start >= 0:
                    moved = TimeRange(start, one.marked_range.duration)
                    yield replace(one, marked_range=moved)
            return
        for one in clip.markers:
            detail = "the rendered file has another time"
            self._report.add(place, f"the marker {one.name!r}", "lost", None, detail)


def _is_needed(clip: Clip) -> bool:
    """Return whether other programs do not show a clip as we do."""
    own = clip.media.generator
    effects = [one for one in clip.effects if one.enabled]
    if own is not None:
        # What moves has no still, and films have no transparency.
        moves = own.keyframes or any(one.keyframes for one in effects)
        return not moves and (own.kind in {"title", "gradient"} or bool(effects))
    looks = any(one.kind != "speed" for one in effects)
    ramps = any(one.kind == "speed" and "rate" in one.keyframes for one in effects)
    return looks or ramps


def _named(clip: Clip) -> str:
    if clip.media.generator is not None:
        return f"the generator {clip.media.generator.kind!r}"
    kinds = ", ".join(repr(one.kind) for one in clip.effects if one.enabled)
    return f"effects {kinds}"


def _handles(clip: Clip, most: Fraction, rate: Fraction) -> tuple[Fraction, Fraction]:
    """Return how much more is rendered before and after a clip, in whole frames."""
    available = available_of(clip)
    if available is None:
        return Fraction(0), Fraction(0)
    span = clip.source_range
    before = min(most, span.start - available.start)
    after = min(most, available.end - span.end)
    first, last = (max(Fraction(0), one * rate) // 1 / rate for one in (before, after))
    return first, last


def _even(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    return max(2, width // 2 * 2), max(2, height // 2 * 2)


def _still(shown: Timeline, studio: Studio) -> bytes:
    """Return a picture with its transparency as PNG."""
    with Compositor(shown, studio.library, clear=True) as compositor:
        (picture,) = compositor.frames(0, 1)
        made = converted(picture, "rgba")
        held = io.BytesIO()
        Image.fromarray(made.to_ndarray()).save(held, "PNG")
    return held.getvalue()
