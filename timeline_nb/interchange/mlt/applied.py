"""A clip to which MLT's filters are applied, one after the other."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from msgspec.structs import replace as changed

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.flat import FlatClip, FlatKey
from timeline_nb.interchange.mlt.animation import Animation, animation_of
from timeline_nb.interchange.mlt.clock import frames_of
from timeline_nb.interchange.mlt.notes import OWN, fraction_of_note, keys_of_note
from timeline_nb.interchange.mlt.tree import Tree

__all__ = ["Applied", "fade_of"]


@dataclass
class Applied:
    """A clip to which filters are applied, one after the other.

    Args:
        tree: The document.
        clip: The clip.
        kind: `video` or `audio`.
        frame: The frame of the service that the clip shows first.
        canvas: Width and height of the edit.
        losses: What is not carried over, and why.
        approximations: What is near to what it was, and why.
    """

    tree: Tree
    clip: FlatClip
    kind: str
    frame: int
    canvas: tuple[int, int]
    losses: list[tuple[str, str]] = field(default_factory=list)
    approximations: list[tuple[str, str]] = field(default_factory=list)

    def animation(
        self, one: XmlElement, text: str, sizes: tuple[float, ...] = ()
    ) -> Animation | None:
        """Return the value of a filter's property; None if it cannot be read."""
        rate = self.tree.rate
        first = self.tree.frames(one, "in", 0)
        length = self.tree.frames(one, "out", first) - first + 1

        def frames(told: str) -> int | None:
            return frames_of(told, rate)

        found = animation_of(text, frames, length=length, sizes=sizes)
        if found is not None and not found.is_exact:
            detail = "MLT's smooth curves are straight lines or eased here"
            self.approximations.append(("keyframes", detail))
        return found

    def shift(self, one: XmlElement) -> int:
        """Return what turns frames of a filter to those from the clip's start."""
        return self.tree.frames(one, "in", 0) - self.frame

    def set_keys(self, name: str, keys: tuple[FlatKey, ...]) -> None:
        """Put keyframes in the place of those of a parameter."""
        kept = tuple(pair for pair in self.clip.keyframes if pair[0] != name)
        self.clip = replace(self.clip, keyframes=(*kept, (name, keys)))

    def noted(self, values: dict[str, str], written: str) -> bool:
        """Take keyframes from a note; return whether it is valid."""
        noted = keys_of_note(values.get(f"{OWN}keys", ""), written)
        for name, keys in noted.items():
            self.set_keys(name, keys)
        return bool(noted)

    def fades(self, values: dict[str, str]) -> bool:
        """Take fades from notes; return whether there are any."""
        fades = [
            fraction_of_note(values.get(f"{OWN}{name}", "")) or Fraction(0)
            for name in ("fade_in", "fade_out")
        ]
        if not any(fades) or min(fades) < 0:
            return False
        self.clip = replace(self.clip, fade_in=fades[0], fade_out=fades[1])
        return True

    def number(self, values: dict[str, str], name: str) -> float | None:
        """Return a number that was noted; None if there is none."""
        found = animation_of(values.get(f"{OWN}{name}", ""), lambda _: None)
        return found.first[0] if found is not None else None

    def set_opacity(self, value: float) -> None:
        """Put an opacity in the place of the clip's."""
        own = changed(self.clip.transform, opacity=min(1.0, max(0.0, value)))
        self.clip = replace(self.clip, transform=own)

    def set_fade(self, ends: tuple[str, int]) -> None:
        """Put a fade in the place of that at one end."""
        name, frames = ends
        if name == "fade_in":
            self.clip = replace(self.clip, fade_in=Fraction(frames))
        else:
            self.clip = replace(self.clip, fade_out=Fraction(frames))


def fade_of(level: Animation) -> tuple[str, int] | None:
    """Return which end fades, and over how many frames; None of another curve."""
    keys = level.keys
    if len(keys) != 2 or keys[1][0] <= keys[0][0]:
        return None
    frames = keys[1][0] - keys[0][0] + 1
    low, high = keys[0][1][0], keys[1][1][0]
    if low <= 0.0011 and abs(high - 1) < 0.01:
        return "fade_in", frames
    if high <= 0.0011 and abs(low - 1) < 0.01:
        return "fade_out", frames
    return None
