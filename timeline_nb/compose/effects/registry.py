"""The effects that there are, by kind, and those of a clip, ready to be applied."""

from typing import Any, Final, Protocol

from timeline_nb.compose.effects.cover import Cover
from timeline_nb.compose.effects.reframe import Reframe
from timeline_nb.compose.naming import naming
from timeline_nb.media.frame import Frame
from timeline_nb.timeline.model import Clip

__all__ = ["KINDS", "PictureEffect", "applied", "effects_of"]


class PictureEffect(Protocol):
    """What changes a clip's pictures."""

    def shown_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size of the picture that comes out of one of `size`, both upright."""

    def apply(self, frame: Frame) -> Frame:
        """The frame, changed; the one given stays as it is."""


KINDS: Final[dict[str, Any]] = {effect.kind: effect for effect in (Cover, Reframe)}


def effects_of(clip: Clip) -> tuple[PictureEffect, ...]:
    """The effects of a clip that are known and switched on, in their order.

    Raises:
        CompositionError: A parameter makes no sense; the clip is named.
    """
    with naming(clip):
        return tuple(
            KINDS[effect.kind](effect.parameters)
            for effect in clip.effects
            if effect.enabled and effect.kind in KINDS
        )


def applied(effects: tuple[PictureEffect, ...], frame: Frame) -> Frame:
    """A frame with effects applied in their order."""
    for effect in effects:
        frame = effect.apply(frame)
    return frame
