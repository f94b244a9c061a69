"""Crossfades: how one sound goes and the next comes, as shares of their time."""

from typing import Any

import numpy as np

from timeline_nb.effects.registry import crossfade

__all__ = ["dissolve"]


@crossfade("crossfade")
def dissolve(share: Any) -> Any:
    """Of equal power: for sounds that have nothing in common."""
    return np.sin(np.pi / 2 * share)


@crossfade("crossfade")
def equal_power(share: Any) -> Any:
    """The same by its plain name."""
    return np.sin(np.pi / 2 * share)


@crossfade("crossfade")
def equal_gain(share: Any) -> Any:
    """The sum of both stays 1, softly: for takes of the same sound."""
    return np.sin(np.pi / 2 * share) ** 2


@crossfade("crossfade")
def linear(share: Any) -> Any:
    """Evenly."""
    return share
