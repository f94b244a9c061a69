"""Filters of MLT that are read as a sound's gain, fades and pan."""

import math
from dataclasses import replace
from typing import Final

from timeline_nb.core.bounded_xml import XmlElement
from timeline_nb.interchange.mlt.animation import Animation, animation_of
from timeline_nb.interchange.mlt.applied import Applied, fade_of
from timeline_nb.interchange.mlt.notes import OWN, keys_of_note
from timeline_nb.interchange.mlt.tree import Tree

__all__ = ["panner", "track_level", "volume"]

_SILENCE_DB: Final = -100.0


def volume(applied: Applied, one: XmlElement, values: dict[str, str]) -> bool:
    """Read a level, or a fade; return whether it is known."""
    text = values.get("level")
    if text is None:
        leveled = any(name.startswith("normali") for name in values)
        return not leveled and _gain(applied, one, values)
    level = applied.animation(one, text)
    if level is None:
        return False
    if not _of_notes(applied, values, level, text):
        _set_level(applied, one, level)
    return True


def _of_notes(
    applied: Applied, values: dict[str, str], level: Animation, text: str
) -> bool:
    """Read a level by its notes; return whether they are valid."""
    value = applied.number(values, "gain_db")
    fades, crosses = applied.fades(values), f"{OWN}crossfade" in values
    if applied.noted(values, text):
        return True
    if value is None or not (fades or crosses or level.is_constant):
        return crosses
    applied.clip = replace(applied.clip, gain_db=value)
    return True


def _set_level(applied: Applied, one: XmlElement, level: Animation) -> None:
    if level.is_constant:
        gain = applied.clip.gain_db + level.first[0]
        applied.clip = replace(applied.clip, gain_db=max(_SILENCE_DB, gain))
        return
    factors = tuple((at, (10 ** (v[0] / 20),), own) for at, v, own in level.keys)
    ends = fade_of(Animation(factors))
    if ends is not None:
        applied.set_fade(ends)
        return
    keys = level.shifted(applied.shift(one), lambda own: max(_SILENCE_DB, own[0]))
    applied.set_keys("gain_db", keys)


def _gain(applied: Applied, one: XmlElement, values: dict[str, str]) -> bool:
    """Read the gain of older files: a factor, or decibels as `-3dB`."""
    text = values.get("gain", "")
    if not text:
        return "max_gain" in values or "window" in values
    end = values.get("end", "")
    found = applied.animation(one, text.lower().removesuffix("db"))
    if found is None:
        return False
    if end and not text.lower().endswith("db"):
        last = applied.animation(one, end)
        first = applied.tree.frames(one, "in", 0)
        frames = applied.tree.frames(one, "out", first) - first + 1
        if last is not None and (found.first[0], last.first[0]) == (0, 1):
            applied.set_fade(("fade_in", frames))
            return True
        if last is not None and (found.first[0], last.first[0]) == (1, 0):
            applied.set_fade(("fade_out", frames))
            return True
        return False
    value = found.first[0]
    if not text.lower().endswith("db"):
        value = 20 * math.log10(value) if value > 1e-5 else _SILENCE_DB
    applied.clip = replace(applied.clip, gain_db=applied.clip.gain_db + value)
    return found.is_constant


def panner(applied: Applied, one: XmlElement, values: dict[str, str]) -> bool:
    """Read a pan; return whether it is known."""
    value = applied.number(values, "pan")
    if value is not None:
        applied.clip = replace(applied.clip, pan=min(1.0, max(-1.0, value)))
        return True
    noted = keys_of_note(values.get(f"{OWN}keys", ""), "pan")
    if noted:
        for name, keys in noted.items():
            applied.set_keys(name, keys)
        return True
    text = values.get("split") or values.get("start") or "0.5"
    found = applied.animation(one, text)
    if found is None or values.get("channel", "-1") != "-1":
        return False
    if found.is_constant:
        applied.clip = replace(applied.clip, pan=_pan(found.first[0]))
        if found.first[0] != 0.5:
            detail = "MLT makes one side quieter; here the power stays"
            applied.approximations.append(("pan", detail))
        return True
    keys = found.shifted(applied.shift(one), lambda own: _pan(own[0]))
    applied.set_keys("pan", keys)
    return True


def _pan(balance: float) -> float:
    return min(1.0, max(-1.0, balance * 2 - 1))


def track_level(
    tree: Tree, filters: list[XmlElement]
) -> tuple[float, float, list[str]]:
    """Return a track's gain and pan, and the names of its other filters."""
    gain, pan, others = 0.0, 0.0, []
    for one in filters:
        values = tree.properties(one)
        service = values.get("mlt_service", "")
        text = values.get(f"{OWN}gain_db") or values.get("level")
        balance = values.get(f"{OWN}pan") or values.get("start") or values.get("split")
        if service == "volume":
            found = animation_of(text or "0", lambda _: None)
            if found is not None:
                gain += found.first[0]
        elif service == "panner":
            found = animation_of(balance or "0.5", lambda _: None)
            if found is not None:
                noted = f"{OWN}pan" in values
                pan = found.first[0] if noted else _pan(found.first[0])
        else:
            others.append(values.get("kdenlive_id") or service)
    return gain, min(1.0, max(-1.0, pan)), others
