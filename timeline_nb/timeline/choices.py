"""Choices: the fields of the model that take one of a few words."""

from typing import Literal, TypeAlias

__all__ = ["BlendMode", "Fit", "Interpolation", "SyncLock", "TrackKind"]

TrackKind: TypeAlias = Literal["video", "audio", "subtitle"]
# What a track does when an edit on another takes time out or puts time in.
SyncLock: TypeAlias = Literal["auto", "on", "off"]
Fit: TypeAlias = Literal["fit", "fill", "stretch", "none"]
# W3C Compositing and Blending, level 1, with add and subtract.
BlendMode: TypeAlias = Literal[
    "normal",
    "multiply",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "add",
    "subtract",
    "difference",
    "exclusion",
    "hard_light",
    "soft_light",
    "color_dodge",
    "color_burn",
]
Interpolation: TypeAlias = Literal[
    "hold", "linear", "bezier", "ease", "ease_in", "ease_out", "ease_in_out"
]
