"""The overlay widget: a player with what was found in the film drawn on it."""

from typing import TYPE_CHECKING, Any, Final

import traitlets

from timeline_nb.errors import RecognitionError
from timeline_nb.media.info import MediaInfo
from timeline_nb.recognition.tables.columns import table_of
from timeline_nb.studio import Studio
from timeline_nb.widgets.overlay_part import DRAWN_COLUMNS, OverlayPart
from timeline_nb.widgets.player import Player
from timeline_nb.widgets.source import studio_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Overlay"]

_FACTS: Final = "timeline_nb"


class Overlay(Player):
    """Draws boxes on the very frames they belong to.

    Args:
        source: A detection result, which knows its film; or an edit, a media file or
            a path, and then the tables.
        tables: Detection tables, or what `media.detect()` gives. On an edit, each
            box follows its clip.
        studio: Whose caches to use; the source's own if not given.

    Attributes:
        playhead: Seconds of the film.
        selection: The selected rows, by their place in the table, counted on through
            several tables.
        visible_classes: The labels that are shown.
        min_score: The least score that is shown.
        drawn_count: How many shapes were drawn; `drawn` holds them.

    Raises:
        RecognitionError: A table lacks a column, or does not tell its film.
    """

    front_end = "overlay"

    selection = traitlets.List(traitlets.Int()).tag(sync=True)
    visible_classes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    min_score = traitlets.Float(0.25, min=0.0, max=1.0).tag(sync=True)
    drawn_count = traitlets.Int(0).tag(sync=True)

    def __init__(self, source: Any, *tables: Any, studio: Studio | None = None) -> None:
        media = getattr(source, "media", None)
        if media is not None and not tables:
            source, tables = media, (source,)
        super().__init__(source, studio=studio_of(source, studio))
        self._tables = [table_of(table) for table in tables]
        if not self._tables:
            raise RecognitionError("an overlay needs what was found: media.detect()")
        self._rows: list[dict[str, Any]] = []
        self._overlay = OverlayPart(
            self.post, self._player.film, lambda: self._tables, self._keep
        )
        self._assemble(self._player, self._overlay)
        self.visible_classes = list(self._overlay.labels)

    @property
    def selected(self) -> "pd.DataFrame":
        """The selected rows of the table."""
        import pandas as pd

        whole = pd.concat(self._tables) if len(self._tables) > 1 else self._tables[0]
        rows = [row for row in self.selection if 0 <= row < len(whole)]
        return whole.iloc[rows]

    @property
    def drawn(self) -> "pd.DataFrame":
        """What was drawn by hand: one row a box or zone, in pixels of its frame.

        `points` are the corners; `x1` to `y2` are the box around them.
        """
        import pandas as pd

        table = pd.DataFrame(self._rows, columns=list(DRAWN_COLUMNS))
        kinds = {"frame": "int64", "pts": "int64", "time_s": "float64"}
        kinds |= dict.fromkeys(("x1", "y1", "x2", "y2"), "float64")
        table = table.astype(kinds)
        if isinstance(self._source, MediaInfo):
            table.attrs[_FACTS] = self._tables[0].attrs[_FACTS]
        return table

    def show(self, *tables: Any) -> None:
        """Show other tables, filtered ones say."""
        self._tables = [table_of(table) for table in tables]
        self._overlay.refresh()
        self.visible_classes = list(self._overlay.labels)
        self.selection = []

    def _keep(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        self.drawn_count = len(self._rows)
