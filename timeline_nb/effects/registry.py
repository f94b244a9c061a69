"""The registries of effects, one for each medium."""

from typing import Final

from timeline_nb.effects.spec import EffectRegistry

__all__ = ["crossfade", "generator", "picture", "sound", "time", "transition"]

picture: Final = EffectRegistry("picture")
transition: Final = EffectRegistry("transition")
sound: Final = EffectRegistry("sound")
crossfade: Final = EffectRegistry("crossfade")
generator: Final = EffectRegistry("generator")
time: Final = EffectRegistry("time")
