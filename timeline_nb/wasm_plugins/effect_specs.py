"""A plugin's effects, transitions and generators as the catalog lists them.

`tnb_frame` is given no picture for a generator, one for an effect, and two for a
transition, from and to, one after the other; it writes one picture to `out`. Of an
effect with `"pixels": "rgba"`, each pixel has a fourth byte, its opacity. Parameters
are f64, in the order of the manifest: a boolean is 0 or 1, a choice its number. The
host itself gives those of these names:

| parameter | of | is |
|---|---|---|
| `progress` | transitions, which need it | from 0 to 1, with its easing |
| `time_s` | effects, generators | seconds of the time in which its keyframes are |
| `frame_s` | effects, generators | seconds of one frame |
| `seed` | effects | a number below 2^32, the same for all frames of its owner |
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from timeline_nb.effects.identity import Identity
from timeline_nb.effects.parameters import (
    Parameter,
    boolean,
    choice,
    integer,
    number,
)
from timeline_nb.effects.picture import Moment, Picture
from timeline_nb.effects.provided import ProvidedSpec
from timeline_nb.effects.spec import Medium, Spec
from timeline_nb.wasm_plugins.manifest import ABI, PluginManifest
from timeline_nb.wasm_plugins.offers import PluginEffect, PluginParameter

__all__ = ["MakeFrame", "provided_effects"]

# By how many pictures an effect takes.
_MEDIA: Final[dict[int, Medium]] = {0: "generator", 1: "picture", 2: "transition"}
_Pixels = NDArray[np.uint8]


class MakeFrame(Protocol):
    """Computes a picture, as `Plugin.frame` does."""

    def __call__(
        self,
        effect: str,
        pictures: Sequence[_Pixels],
        parameters: Mapping[str, float | str],
        *,
        size: tuple[int, int] | None = None,
    ) -> _Pixels:
        """Return the picture that an effect computes from others."""


def provided_effects(manifest: PluginManifest, frame: MakeFrame) -> list[ProvidedSpec]:
    """Return the effects of a plugin for the catalog.

    They are named `PLUGIN_ID/NAME`. They are known by the hash of the module, and by
    what the manifest states of them: a default may change without the module.

    Args:
        manifest: The plugin's.
        frame: Computes its pictures.
    """
    return [_provided(manifest, effect, frame) for effect in manifest.effects]


def _provided(
    manifest: PluginManifest, effect: PluginEffect, frame: MakeFrame
) -> ProvidedSpec:
    medium = _MEDIA[effect.inputs]
    make = {"generator": _generator, "picture": _effect, "transition": _transition}
    spec = Spec(
        f"{manifest.id}/{effect.name}",
        medium,
        manifest.name or manifest.id,
        effect.about,
        {
            one.name: _parameter(one)
            for one in effect.parameters
            if one.name not in effect.given
        },
        make[medium](effect, frame),
        transparent=effect.pixels == "rgba",
        random="seed" in effect.given,
        timed="time_s" in effect.given,
        origin=manifest.id,
    )
    stated = msgspec.json.encode([ABI, manifest.sha256, effect])
    identity = Identity(hashlib.sha256(stated).hexdigest())
    return ProvidedSpec(spec, lambda: identity)


def _parameter(one: PluginParameter) -> Parameter:
    if one.choices:
        first = one.choices[int(one.default)]
        others = [name for name in one.choices if name != first]
        return choice(first, *others, doc=one.about)
    if one.type == "boolean":
        return boolean(default=bool(one.default), doc=one.about)
    if one.type == "integer":
        return integer(round(one.default), round(one.low), round(one.high), one.about)
    return number(one.default, one.low, one.high, one.unit, one.about)


def _effect(effect: PluginEffect, frame: MakeFrame) -> Any:
    def make(picture: Picture, **values: Any) -> Picture:
        given = {**values, **_of_moment(effect, picture.moment)}
        made = frame(effect.name, [_pixels(effect, picture)], given)
        return _picture(made, picture.moment, picture.alpha)

    return make


def _transition(effect: PluginEffect, frame: MakeFrame) -> Any:
    def make(
        outgoing: Picture, incoming: Picture, progress: float, **values: Any
    ) -> Picture:
        pictures = [_pixels(effect, one) for one in (outgoing, incoming)]
        made = frame(effect.name, pictures, {**values, "progress": progress})
        alpha = outgoing.mixed(incoming, progress).alpha
        return _picture(made, outgoing.moment, alpha)

    return make


def _generator(effect: PluginEffect, frame: MakeFrame) -> Any:
    def make(moment: Moment, size: tuple[int, int], **values: Any) -> Picture:
        given = {**values, **_of_moment(effect, moment)}
        return _picture(frame(effect.name, [], given, size=size), moment, None)

    return make


def _of_moment(effect: PluginEffect, moment: Moment) -> dict[str, float]:
    """Return the parameters that the host gives an effect or a generator."""
    known = {
        "time_s": float(moment.time),
        "frame_s": float(moment.duration),
        "seed": float(moment.seed),
    }
    return {name: known[name] for name in effect.given}


def _pixels(effect: PluginEffect, picture: Picture) -> _Pixels:
    if effect.pixels == "rgb":
        return picture.rgb
    return np.asarray(cv2.merge([picture.rgb, picture.opacity]), np.uint8)


def _picture(made: _Pixels, moment: Moment, alpha: _Pixels | None) -> Picture:
    """Return what a plugin made; of pictures without opacity, it has another's."""
    if made.shape[2] == 3:
        return Picture(moment=moment, rgb=made, alpha=alpha)
    opacity = np.ascontiguousarray(made[..., 3])
    rgb = np.ascontiguousarray(made[..., :3])
    is_opaque = bool((opacity == 255).all())
    return Picture(moment=moment, rgb=rgb, alpha=None if is_opaque else opacity)
