"""The shelves on which effects lie, by what they work on."""

from typing import Final

from timeline_nb.effects.spec import Shelf

__all__ = ["crossfade", "generator", "picture", "sound", "time", "transition"]

picture: Final = Shelf("picture")
transition: Final = Shelf("transition")
sound: Final = Shelf("sound")
crossfade: Final = Shelf("crossfade")
generator: Final = Shelf("generator")
time: Final = Shelf("time")
