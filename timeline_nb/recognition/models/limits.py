"""What a model from outside may ask for and take."""

from dataclasses import dataclass
from math import inf
from typing import Any, Final

from timeline_nb.errors import RecognitionError

__all__ = ["MOST_LABELS", "MOST_POINTS", "ModelLimits"]

# Objects365, OpenImages and LVIS have 365, 601 and 1,203 classes; ImageNet has 21,841.
MOST_LABELS: Final = 100_000
# Whole-body poses have 133 points, dense faces 478.
MOST_POINTS: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class ModelLimits:
    """What a model that does not come with the package may ask for and take.

    `Settings(model_limits=ModelLimits(...))` sets them for a studio.

    Args:
        time_s: Seconds in which it loads and runs once, and in which each later run
            ends.
        memory_bytes: Memory that it takes to load and to run once.
        side_px: The longest side of its input.
        batch: The most frames a run that its file may demand.

    Raises:
        RecognitionError: One of them is no number above 0.

    Example:
        >>> limits = tl.ModelLimits(time_s=120, memory_bytes=4 * 2**30)
        >>> tl.Settings(model_limits=limits).model_limits.time_s
        120
    """

    time_s: float = 60.0
    memory_bytes: int = 2 * 2**30
    side_px: int = 4096
    batch: int = 64

    def __post_init__(self) -> None:
        for name in ("time_s", "memory_bytes", "side_px", "batch"):
            value: Any = getattr(self, name)
            if not isinstance(value, (int, float)) or not 0 < value < inf:
                raise RecognitionError(f"{name}={value!r}: give a number above 0")

    def check_input(self, name: str, shape: tuple[int | None, ...]) -> None:
        """Refuse the shape of an input that no picture has.

        Args:
            name: How messages call the model.
            shape: `(batch, channels, height, width)` for pictures; a size that is left
                open is None.

        Raises:
            RecognitionError: A side is too long, or the batch too large.

        :meta private:
        """
        longest = max((size or 0 for size in shape[1:]), default=0)
        if longest > self.side_px:
            limit = f"{self.side_px:,} px"
            raise _exceeded(name, f"takes pictures of {shape}", "side_px", limit)
        if shape and (shape[0] or 0) > self.batch:
            what = f"takes {shape[0]} frames a run"
            raise _exceeded(name, what, "batch", str(self.batch))

    def check_side(self, name: str, side: tuple[int, int]) -> None:
        """Refuse a width and height of which no input is.

        Raises:
            RecognitionError: A side is too long or below 1.

        :meta private:
        """
        if min(side) < 1:
            raise RecognitionError(
                f"the model {name} is to take pictures of {side[0]}x{side[1]}: "
                "give side= as width and height in pixels"
            )
        self.check_input(name, (None, None, side[1], side[0]))

    def too_slow(self, name: str, doing: str) -> RecognitionError:
        """Return the error of a model that takes longer than `time_s`.

        :meta private:
        """
        return _exceeded(name, f"does not end {doing}", "time_s", f"{self.time_s:g} s")

    def too_large(self, name: str) -> RecognitionError:
        """Return the error of a model that takes more than `memory_bytes`.

        :meta private:
        """
        shown = f"{self.memory_bytes / 2**20:,.0f} MiB"
        return _exceeded(name, "fills the memory", "memory_bytes", shown)


def _exceeded(name: str, what: str, limit: str, value: str) -> RecognitionError:
    return RecognitionError(
        f"the model {name} {what}: the limit is {value}; where it should be more, open "
        f"a studio with Settings(model_limits=ModelLimits({limit}=...))"
    )
