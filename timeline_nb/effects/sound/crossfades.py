"""Crossfade curves: the gain of a sound at a share of the crossfade's time."""

from typing import Any

import numpy as np

from timeline_nb.effects.registry import crossfade

__all__ = ["dissolve"]


@crossfade("crossfade")
def dissolve(share: Any) -> Any:
    """Cross-fade with equal power, for unrelated sounds."""
    return np.sin(np.pi / 2 * share)


@crossfade("crossfade")
def equal_power(share: Any) -> Any:
    """Cross-fade with equal power; the same as `dissolve`."""
    return np.sin(np.pi / 2 * share)


@crossfade("crossfade")
def equal_gain(share: Any) -> Any:
    """Cross-fade with equal gain along a sine, for similar sounds."""
    return np.sin(np.pi / 2 * share) ** 2


@crossfade("crossfade")
def linear(share: Any) -> Any:
    """Cross-fade linearly."""
    return share
