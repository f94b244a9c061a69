"""`cut.redact`, `cut.follow` and `cut.audit`: what is done with detected objects."""

from pathlib import Path
from typing import TYPE_CHECKING

from timeline_nb.commands.session import EditSession
from timeline_nb.notebook import redact
from timeline_nb.notebook.audit import audit
from timeline_nb.studio import Studio
from timeline_nb.timebase import TimeLike

if TYPE_CHECKING:
    import pandas as pd

    from timeline_nb.notebook.detection_result import DetectionResult

__all__ = ["RedactionVerbs"]


class RedactionVerbs:
    """The methods of an edit that hide detected objects, or keep them in view."""

    session: EditSession
    studio: Studio

    def redact(
        self,
        found: "DetectionResult | pd.DataFrame",
        *,
        how: str = "pixelate",
        grow: float = 0.15,
        hold: TimeLike = "0.5s",
        cells: float = 6,
    ) -> None:
        """Redact detected objects in every clip of their media, also clips added later.

        Boxes follow their frames through every cut. A tracked object is hidden from
        its first to its last frame, also where the detector missed it; rows without
        tracks are linked first. Frames that were not examined are hidden whole.
        `audit` checks the result.

        Args:
            found: A detection result, or rows of its table.
            how: `pixelate`, `blur` or `fill`.
            grow: Added to each side of a box, as a share of its size.
            hold: How long a box stays before and after its detection.
            cells: How many pixelation cells lie across a box.

        Raises:
            RecognitionError: The edit has no clip of that media, or a value is wrong.

        Example:
            >>> cut.redact(table.query("score > 0.4"), how="blur", grow=0.2)
            >>> cut.frame("1s").shape
            (180, 320, 3)
        """
        redact.cover(self.session, found, how=how, grow=grow, hold=hold, cells=cells)

    def follow(
        self,
        found: "DetectionResult | pd.DataFrame",
        *,
        smooth: TimeLike = "1s",
        height: float = 1.0,
    ) -> None:
        """Reframe the clips of a media file to keep detected objects in view.

        Args:
            found: The detections to follow, such as the rows of one track.
            smooth: The time over which the window's movement is smoothed.
            height: Height of the window as a share of the media's.

        Raises:
            RecognitionError: The edit has no clip of that media, or there are no rows.

        Example:
            >>> cut.resize(size=(360, 640))
            >>> cut.follow(table.query("score > 0.4"), height=0.8)
            >>> cut.frame("1s").shape
            (640, 360, 3)
        """
        redact.follow(self.session, found, smooth=smooth, height=height)

    def audit(
        self, found: "DetectionResult | pd.DataFrame", film: Path | str | None = None
    ) -> "pd.DataFrame":
        """Check in every frame of the edit whether each detected box is redacted.

        Args:
            found: The detections that must be hidden.
            film: A film rendered from the edit, whose pixels are checked too.

        Returns:
            One row per box and frame: `covered` by the edit, and `hidden` in the film.

        Example:
            >>> cut.redact(table)
            >>> report = cut.audit(table)
            >>> bool(report["covered"].all())
            True
        """
        path = None if film is None else Path(film)
        return audit(self.session.timeline, found, self.studio, film=path)
