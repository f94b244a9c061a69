"""Settings of a detection: thresholds, region, tiles."""

import msgspec

from timeline_nb.core.structs import to_json
from timeline_nb.errors import RecognitionError

__all__ = ["Search"]


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that, with media and model, determine a detection's result.

    Args:
        score: The least score that counts, 0 to 1.
        iou: Boxes of a class that overlap more than this are one object.
        region: Left, top, right and bottom of the part that is searched, in pixels of
            the upright frame; all of it if None.
        tiles: Columns and rows of tiles that are searched beside the whole, for small
            objects; (1, 1) is the whole alone.
        overlap: The share of a tile that its neighbor covers too, 0 to 0.5.
        tight: Leave out the gray that pads wide frames, where the model's file can be
            made smaller for them.

    Raises:
        RecognitionError: A value is out of its range.
    """

    score: float = 0.25
    iou: float = 0.6
    region: tuple[int, int, int, int] | None = None
    tiles: tuple[int, int] = (1, 1)
    overlap: float = 0.2
    tight: bool = True

    def __post_init__(self) -> None:
        for name, value in (("score", self.score), ("iou", self.iou)):
            if not 0 <= value <= 1:
                raise RecognitionError(f"the {name} threshold {value} is not 0 to 1")
        if min(self.tiles) < 1 or max(self.tiles) > 16:
            raise RecognitionError(
                f"tiles={self.tiles}: give columns and rows, 1 to 16 each"
            )
        if not 0 <= self.overlap <= 0.5:
            raise RecognitionError(f"the overlap {self.overlap} is not 0 to 0.5")

    def shape_of(self, size: tuple[int, int]) -> tuple[int, int] | None:
        """Return the size of all network inputs; None if tiles or `tight` forbid one.

        Args:
            size: Width and height of the frame.
        """
        if not self.tight or self.tiles != (1, 1):
            return None
        if self.region is None:
            return size
        left, top, right, bottom = self.region
        return right - left, bottom - top

    @property
    def key(self) -> bytes:
        """The settings as JSON, part of the cache key."""
        return to_json(self)
