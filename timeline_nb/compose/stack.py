"""Compose a stack of layers: by libavfilter graphs, or picture by picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

import av
from msgspec.structs import replace as changed

from timeline_nb.compose.clip_renderer import ClipRenderer, is_animated
from timeline_nb.compose.error_context import clip_context, owner_context
from timeline_nb.compose.graph import StackGraph, blank_picture, kinds_of
from timeline_nb.compose.layers import (
    Adjustment,
    Blend,
    Group,
    Layer,
    Shot,
    lower,
    shots_of,
)
from timeline_nb.compose.placement import Canvas, place
from timeline_nb.compose.sources import MediaOpener
from timeline_nb.core.telemetry.stages import stage
from timeline_nb.effects.blending import MODES, blended, crossed, laid_over
from timeline_nb.effects.chain import Chain
from timeline_nb.effects.frames import frame_of, picture_of
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.transitions.run import TransitionRunner
from timeline_nb.media.color import tagged_colors
from timeline_nb.media.convert import converted
from timeline_nb.media.frame import Frame, FrameId, has_alpha
from timeline_nb.media.orientation import UPRIGHT
from timeline_nb.timeline.model import Timeline, Transition
from timeline_nb.timeline.queries import duration

__all__ = ["FrameRequest", "Stack"]

_Plain: TypeAlias = Shot | Blend
# Graphs of stacks that were seen last; each holds a few frames.
_KEPT_GRAPHS = 6


@dataclass(frozen=True)
class FrameRequest:
    """What is asked of a stack of layers.

    Args:
        number: The frame's, in the timeline.
        time: Timeline seconds.
        base: The picture below the layers; a blank canvas if None.
        clear: Whether a blank canvas is transparent, not black.
        shown: What the only clip shows, where that is made already.
    """

    number: int
    time: Fraction
    base: Frame | None = None
    clear: bool = False
    shown: Frame | None = None

    def on(self, base: Frame | None, *, clear: bool | None = None) -> "FrameRequest":
        """Return the same request on another base."""
        clear = self.clear if clear is None else clear
        return replace(self, base=base, clear=clear)


class Stack:
    """Composes stacks of layers.

    Args:
        timeline: What they are layers of.
        canvas: What is composed on.
        shown: The frames of their clips.
        library: Probes files.
    """

    def __init__(
        self,
        timeline: Timeline,
        canvas: Canvas,
        shown: ClipRenderer,
        library: MediaOpener,
    ) -> None:
        self._timeline = timeline
        self._canvas = canvas
        self._shown = shown
        self._library = library
        self._graphs: dict[object, StackGraph] = {}
        self._tracks: dict[str, Chain] = {}
        self._changes: dict[int, tuple[Transition, TransitionRunner]] = {}
        with owner_context("the timeline"):
            self._chain = Chain(timeline.effects, timeline.name, shown.failed)

    def visible(self, layers: Sequence[Layer]) -> list[Layer]:
        """Return the layers from the topmost that hides all below it."""
        for number in range(len(layers) - 1, -1, -1):
            if self._hides(layers[number]):
                return list(layers[number:])
        return list(layers)

    def whole(self, layers: Sequence[Layer], request: FrameRequest) -> av.VideoFrame:
        """Return the canvas at a time, with the timeline's own effects.

        Raises:
            MediaError: A frame does not decode; its clip is named.
            CompositionError: An effect fails; its owner is named.
        """
        with stage("compose"):
            return self._whole(layers, request)

    def _whole(self, layers: Sequence[Layer], request: FrameRequest) -> av.VideoFrame:
        frame = self._composed(layers, request)
        if not self._chain:
            return self._finished(frame.picture)

        def original(moment: Moment) -> Picture:
            if moment.time == request.time:
                return picture_of(frame, moment)
            return self._elsewhere(self._timeline, moment, clear=request.clear)

        with owner_context("the timeline"), stage("compose", "", "the timeline"):
            made = self._chain.picture(self._moment(request.time), original)
        if not request.clear and made.alpha is not None:
            made = laid_over(picture_of(self._bare(), made.moment), made)
        return self._finished(frame_of(made, frame).picture)

    def _finished(self, picture: av.VideoFrame) -> av.VideoFrame:
        """Return the canvas in its own colors: effects convert to SDR."""
        canvas = self._canvas
        if not canvas.colors.is_hdr or tagged_colors(picture) == canvas.colors:
            return picture
        clear = has_alpha(picture.format.name)
        return converted(picture, canvas.pix_fmt(clear=clear), to=canvas.colors)

    def _moment(self, time: Fraction) -> Moment:
        end = max(duration(self._timeline), time)
        return Moment(time, 1 / self._timeline.rate, end=end)

    def _elsewhere(self, timeline: Timeline, moment: Moment, *, clear: bool) -> Picture:
        """Return what a part of the timeline shows at another time."""
        layers = self.visible(lower(timeline, moment.time))
        request = FrameRequest(moment.number, moment.time, clear=clear)
        frame = self._composed(layers, request)
        return picture_of(frame, moment)

    def _bare(self) -> Frame:
        return self._frame(blank_picture(self._canvas), 0)

    def _frame(self, picture: av.VideoFrame, number: int) -> Frame:
        step = 1 / self._timeline.rate
        return Frame(
            FrameId("", 0, number),
            number,
            number * step,
            step,
            picture,
            UPRIGHT,
            Fraction(1),
        )

    def _composed(
        self,
        layers: Sequence[Layer],
        request: FrameRequest,
    ) -> Frame:
        """Compose layers on the base; on black, or on nothing, if there is none."""
        base = request.base
        run: list[_Plain] = []
        for layer in layers:
            plain = self._as_plain(layer, clear=request.clear)
            if plain is not None:
                run.append(plain)
                continue
            if run:
                base = self._graphed(run, request.on(base))
                run = []
            base = self._special(layer, request.on(base))
        if run or base is None:
            base = self._graphed(run, request.on(base))
        return base

    def _below(self, request: FrameRequest) -> Frame:
        """Return the base, or a blank canvas."""
        return request.base or self._composed([], request)

    def _as_plain(self, layer: Layer, *, clear: bool) -> _Plain | None:
        """Return a layer that a graph can compose; None if it needs pictures."""
        if isinstance(layer, Shot):
            if layer.clip.transform.blend != "normal":
                return None
            return layer
        if isinstance(layer, Blend):
            shots = (layer.outgoing, layer.incoming)
            modes = {shot.clip.transform.blend for shot in shots}
            if clear or modes != {"normal"} or not self._change(layer).is_plain:
                return None
            return layer
        return None

    def _flat(self, layer: _Plain) -> _Plain:
        """Return a layer as a graph takes it: animated clips are placed already."""
        if isinstance(layer, Shot):
            return self._shown.flat(layer)
        outgoing, incoming = map(self._shown.flat, (layer.outgoing, layer.incoming))
        return replace(layer, outgoing=outgoing, incoming=incoming)

    def _graphed(
        self,
        layers: Sequence[_Plain],
        request: FrameRequest,
    ) -> Frame:
        base, time = request.base, request.time
        shots = [shot for layer in layers for shot in shots_of(layer)]
        frames = [request.shown or self._shown.frame(shot, time) for shot in shots]
        if not frames and base is not None:
            return base
        key = (tuple(_layers_key(layers)), kinds_of(frames, base), request.clear)
        graph = self._graphs.pop(key, None)
        if graph is None:
            graph = StackGraph(
                [self._flat(layer) for layer in layers],
                frames,
                self._canvas,
                self._timeline.rate,
                base=base,
                clear=request.clear,
            )
        while len(self._graphs) >= _KEPT_GRAPHS:
            del self._graphs[next(iter(self._graphs))]
        self._graphs[key] = graph
        picture = graph.compose(request.number, time, frames, base)
        return self._frame(picture, request.number)

    def _special(
        self,
        layer: Layer,
        request: FrameRequest,
    ) -> Frame:
        if isinstance(layer, Adjustment):
            return self._adjusted(layer, request)
        if isinstance(layer, Group):
            return self._grouped(layer, request)
        if isinstance(layer, Blend):
            return self._changed(layer, request)
        clip = layer.clip
        plain = changed(clip, transform=changed(clip.transform, blend="normal"))
        above = [replace(layer, clip=plain)]
        alone = self._composed(above, request.on(None, clear=True))
        with clip_context(clip):
            below = self._below(request)
            return self._joined(below, alone, request.time, clip.transform.blend)

    def _joined(self, below: Frame, above: Frame, time: Fraction, mode: str) -> Frame:
        moment = self._moment(time)
        pictures = (picture_of(below, moment), picture_of(above, moment))
        if pictures[0].alpha is not None and mode in MODES:
            return frame_of(laid_over(*pictures), below)
        return frame_of(blended(*pictures, mode), below)

    def _adjusted(
        self,
        layer: Adjustment,
        request: FrameRequest,
    ) -> Frame:
        shot, time = layer.shot, request.time
        below = self._below(request)
        share = float(shot.level_at(time)) * shot.opacity_at(time)
        chain = self._shown.chain(shot.clip)
        if not share or not chain:
            return below
        moment = self._shown.moment(shot, time)

        def original(at: Moment) -> Picture:
            if at.time == moment.time:
                return picture_of(below, at)
            there = replace(at, time=time + at.time - moment.time)
            return self._elsewhere(layer.below, there, clear=request.clear).at(at)

        with clip_context(shot.clip), stage("compose", "", f"clip {shot.clip.label}"):
            before = original(moment)
            after = chain.picture(moment, original)
            if after.alpha is not None and before.alpha is None:
                # Where the effects are transparent, the layers below show.
                after = laid_over(before, after)
            return frame_of(crossed(before, after, share), below)

    def _grouped(
        self,
        layer: Group,
        request: FrameRequest,
    ) -> Frame:
        chain, time = self._track_chain(layer), request.time
        owner = f"track {layer.track.name}"
        with owner_context(f"track {layer.track.name!r}"), stage("compose", "", owner):
            now = self._composed([layer.layer], request.on(None, clear=True))

            def original(moment: Moment) -> Picture:
                if moment.time == time:
                    return picture_of(now, moment)
                return self._elsewhere(layer.alone, moment, clear=True)

            made = chain.picture(self._moment(time), original)
        above = frame_of(made, now)
        return self._joined(self._below(request), above, time, "normal")

    def _changed(
        self,
        layer: Blend,
        request: FrameRequest,
    ) -> Frame:
        change = self._change(layer)
        moment = self._moment(request.time)
        outgoing, incoming = (
            picture_of(self._composed([shot], request), moment)
            for shot in (layer.outgoing, layer.incoming)
        )
        share = float(layer.progress_at(request.time))
        with stage("transition", layer.transition.kind):
            if change.is_plain:
                made = crossed(outgoing, incoming, share)
            else:
                made = change.at(share, outgoing, incoming)
        return self._frame(frame_of(made, self._bare()).picture, request.number)

    def _change(self, layer: Blend) -> TransitionRunner:
        key = id(layer.transition)
        if key not in self._changes:
            clips = f"{layer.outgoing.clip.label} and {layer.incoming.clip.label}"
            with owner_context(f"between {clips}"):
                self._changes[key] = (
                    layer.transition,
                    TransitionRunner(layer.transition, self._shown.failed),
                )
        return self._changes[key][1]

    def _track_chain(self, layer: Group) -> Chain:
        """Return the effects of a track, prepared once."""
        name = layer.track.name
        if name not in self._tracks:
            with owner_context(f"track {name!r}"):
                self._tracks[name] = Chain(
                    layer.track.effects, name, self._shown.failed
                )
        return self._tracks[name]

    def _hides(self, layer: Layer) -> bool:
        if isinstance(layer, Adjustment):
            return False
        if isinstance(layer, Group):
            return not self._track_chain(layer).transparent and self._hides(layer.layer)
        return all(self._hides_all(shot) for shot in shots_of(layer))

    def _hides_all(self, shot: Shot) -> bool:
        """Return whether a clip hides all below it."""
        clip = shot.clip
        chain = self._shown.chain(clip)
        if (
            shot.fades
            or is_animated(clip)
            or chain.transparent
            or not clip.media.is_file
        ):
            return False
        transform = clip.transform
        video = self._library.probe(clip.media.path).video
        return (
            bool(video)
            and transform.opacity == 1
            and transform.blend == "normal"
            and not has_alpha(video[0].pix_fmt)
            and place(
                transform, chain.shown_size(video[0].display_size), self._canvas
            ).covers
        )


def _layers_key(layers: Sequence[_Plain]) -> list[object]:
    """Return the properties of layers that a graph is built for."""
    key: list[object] = []
    for layer in layers:
        if isinstance(layer, Blend):
            key.append(layer.range)
        key += [
            (shot.clip.id, shot.start, shot.clip.transform) for shot in shots_of(layer)
        ]
    return key
