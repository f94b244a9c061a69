"""Try the effects of a plugin: sizes, values, determinism, time and memory."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.arguments import parameter_values
from timeline_nb.wasm_plugins.authoring.examples import EffectExample, picture_of
from timeline_nb.wasm_plugins.authoring.report import TrialReport
from timeline_nb.wasm_plugins.levels import Limits
from timeline_nb.wasm_plugins.offers import PluginEffect
from timeline_nb.wasm_plugins.plugin import Plugin
from timeline_nb.wasm_plugins.sandbox import Sandbox

__all__ = ["try_effect", "try_effect_example"]

_SIZES: Final = ((1, 1), (2, 2), (3, 200), (63, 41), (64, 36), (320, 180))
_FULL_HD: Final = (1920, 1080)
# What the host gives by itself, and some of the values that it may have.
_GIVEN: Final[Mapping[str, tuple[float, ...]]] = {
    "progress": (0.0, 0.5, 1.0),
    "time_s": (0.0, 1.5, 3600.0),
    "frame_s": (0.04, 1 / 24),
    "seed": (0.0, 4294967295.0),
}
# A player shows 25 pictures a second, and has more to do than this.
_PLAYABLE_S: Final = 0.025
_RUNS: Final = 3
Pictures = list[NDArray[np.uint8]]


class _WatchedSandbox(Sandbox):
    """A sandbox that notes how much memory its instance had."""

    used_bytes = 0

    def drop(self) -> None:
        """Note the memory, and forget the instance."""
        memory: Any = self._exports.get("memory")
        if self._store is not None and memory is not None:
            self.used_bytes = max(self.used_bytes, memory.data_len(self._store))
        super().drop()


def try_effect(
    report: TrialReport, plugin: Plugin, code: bytes, effect: PluginEffect
) -> None:
    """Try an effect with pictures of many sizes, and with the limits of its parameters.

    Args:
        report: What is found.
        plugin: The plugin.
        code: Its compiled code.
        effect: Of its manifest.
    """
    what = f"effect {effect.name}"
    settings = list(_settings(effect))
    with report.trying(f"{what}, sizes"):
        for size in _SIZES:
            given = _pictures(effect, size)
            for values in settings:
                _same_twice(plugin, effect, given, values, size)
        sizes = ", ".join(f"{wide}x{high}" for wide, high in _SIZES)
        report.ok(f"{what}, sizes", f"{sizes}; {len(settings)} settings, each twice")
    with report.trying(f"{what}, 1920x1080"):
        _try_full_hd(report, plugin, code, effect, settings)


def _settings(effect: PluginEffect) -> Iterator[dict[str, float | str]]:
    """Yield the defaults, then each parameter at its ends, or at each choice."""
    defaults = {name: _GIVEN[name][0] for name in effect.given}
    yield dict(defaults)
    for one in effect.parameters:
        if one.name in defaults:
            values: tuple[float | str, ...] = _GIVEN[one.name][1:]
        else:
            values = one.choices or (one.low, one.high)
        for value in values:
            yield {**defaults, one.name: value}


def _pictures(effect: PluginEffect, size: tuple[int, int]) -> Pictures:
    width, height = size
    random = np.random.default_rng(1)
    shape = (height, width, effect.channels)
    return [random.integers(0, 256, shape, np.uint8) for _ in range(effect.inputs)]


def _same_twice(
    plugin: Plugin,
    effect: PluginEffect,
    given: Pictures,
    values: Mapping[str, float | str],
    size: tuple[int, int],
) -> None:
    first = plugin.frame(effect.name, given, values, size=size)
    again = plugin.frame(effect.name, given, values, size=size)
    if not np.array_equal(first, again):
        wide, high = size
        raise PluginError(f"two results of {wide}x{high} with {dict(values)} differ")


def _try_full_hd(
    report: TrialReport,
    plugin: Plugin,
    code: bytes,
    effect: PluginEffect,
    settings: list[dict[str, float | str]],
) -> None:
    limits, number = plugin.limits, plugin.manifest.effects.index(effect)
    given = _pictures(effect, _FULL_HD)
    sandbox = _WatchedSandbox(code, plugin.manifest.id, limits)
    times = []
    for values in [settings[0]] * (_RUNS - 1) + settings:
        numbers = parameter_values(effect, values)
        began = time.thread_time()
        sandbox.frame(number, given, _FULL_HD, numbers, effect.channels)
        times.append(time.thread_time() - began)
    usual_s, slowest_s = min(times[:_RUNS]), max(times)
    slowest = settings[max(0, times.index(slowest_s) - _RUNS + 1)]
    what = f"effect {effect.name}, 1920x1080"
    settings_text = f"with {slowest}" if slowest else "with its defaults"
    report.ok(
        f"{what}, CPU time",
        f"{usual_s * 1e3:.1f} ms; at most {slowest_s * 1e3:.1f} ms {settings_text}, of "
        f"{limits.seconds:g} s",
    )
    used, most = sandbox.used_bytes / 2**20, _most_bytes(effect, limits) / 2**20
    report.ok(f"{what}, memory", f"{used:.1f} MiB of {most:.1f}")
    if usual_s > _PLAYABLE_S:
        text = f"{usual_s * 1e3:.0f} ms are much for a player of 25 frames a second"
        report.note(what, text)


def _most_bytes(effect: PluginEffect, limits: Limits) -> int:
    """Return the memory that an effect on pictures of 1920 x 1080 may take."""
    width, height = _FULL_HD
    return limits.memory_bytes + 4 * width * height * effect.channels


def try_effect_example(
    report: TrialReport, plugin: Plugin, example: EffectExample
) -> None:
    """Compare what an effect makes of an example with what it should make."""
    what = f"effect {example.effect}, example {_words(example.parameters)}".rstrip()
    with report.trying(what, example.error):
        given = [picture_of(rows) for rows in example.pictures]
        made = plugin.frame(
            example.effect, given, example.parameters, size=example.size
        )
        if example.error:
            return
        if example.result is None:
            raise PluginError("the example states neither a result nor an error")
        wanted = picture_of(example.result)
        if made.shape != wanted.shape:
            raise PluginError(f"the result has the shape {made.shape}")
        off = int(np.abs(made.astype(int) - wanted).max())
        if off > example.within:
            raise PluginError(f"{off} levels from the result; it is {_rows_of(made)}")
        report.ok(what, f"within {off} levels" if off else "")


def _words(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _rows_of(picture: NDArray[np.uint8]) -> str:
    rows = [" ".join(bytes(one).hex() for one in row) for row in picture]
    return f"{' / '.join(rows)}"[:300]
