"""The overlay widget: a player with detections drawn over its frames."""

from typing import TYPE_CHECKING, Any, Final

import traitlets

from timeline_nb.errors import RecognitionError
from timeline_nb.i18n import Message
from timeline_nb.media.info import MediaInfo
from timeline_nb.recognition.corrections import Correction, Corrections
from timeline_nb.recognition.tables.columns import source_of, table_of, take_facts
from timeline_nb.recognition.tables.zones import Line, Zone
from timeline_nb.studio import Studio
from timeline_nb.widgets.answers import ShapeView
from timeline_nb.widgets.overlay_part import DRAWN_COLUMNS, AnnotationSink, OverlayPart
from timeline_nb.widgets.player import Player
from timeline_nb.widgets.source import studio_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Overlay"]


# Drawn by a person; zones and lines are sent anew with each change of them.
_MOST_BOXES: Final = 10_000
_MOST_ZONES: Final = 256


class Overlay(Player):
    """Draws boxes over the frames they belong to.

    Args:
        source: A detection result, which knows its media; or an edit, a media file or
            a path, and then the tables.
        tables: Detection tables, or results of `media.detect()`. On an edit, each
            box follows its clip.
        studio: Its caches are used; the source's studio if not given.

    Attributes:
        playhead: Seconds from the start.
        selection: The selected rows, by their place in the table; the rows of several
            tables are numbered one after another.
        visible_classes: The labels that are shown.
        min_score: The lowest score that is shown.
        drawn_count: How many shapes were drawn; `drawn` holds them.
        corrections: A person's corrections of the first table.

    Raises:
        RecognitionError: A table lacks a column, or does not name its media.

    Example:
        >>> overlay = tl.Overlay(result)  # a cell shows it
        >>> overlay.min_score = 0.4
        >>> overlay.visible_classes = ["car"]
        >>> overlay.selection = [0]
        >>> len(overlay.selected)
        1
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
        studio = studio_of(source, studio)
        super().__init__(source, studio=studio)
        self._tables = [table_of(table) for table in tables]
        if not self._tables:
            raise RecognitionError(
                Message(
                    "an overlay needs detections: give the result of media.detect()"
                )
            )
        # By their numbers, which later ones do not take over.
        self._rows: dict[int, dict[str, Any]] = {}
        self._last_number = 0
        self.corrections = Corrections()
        self._zones: list[Zone | Line] = []
        self._annotations = _OverlayAnnotations(self)
        self._overlay = OverlayPart(
            self.post, self._player.source_at, self._shown_tables, self._annotations
        )
        parts = self._player, self._overlay, self._settings
        self._assemble(*parts, language=studio.language)
        self.visible_classes = list(self._overlay.labels)

    @property
    def selected(self) -> "pd.DataFrame":
        """The selected rows of the table.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.selection = [0, 2]
            >>> overlay.selected.index.tolist()
            [0, 2]
        """
        import pandas as pd

        if len(self.corrections):
            whole = self.corrected
            return whole[whole["row"].isin(self.selection)]
        whole = pd.concat(self._tables) if len(self._tables) > 1 else self._tables[0]
        rows = [row for row in self.selection if 0 <= row < len(whole)]
        return whole.iloc[rows]

    @property
    def corrected(self) -> "pd.DataFrame":
        """The first table with the corrections; its column `by` names who made each.

        `corrections` holds them alone: `save` it, and the detector's table stays as it
        was.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.corrected["by"].unique().tolist()  # nobody corrected anything
            ['detector']
            >>> overlay.corrections.save("corrections.csv")
        """
        return self.corrections.applied(self._tables[0])

    @property
    def zones(self) -> "list[Zone]":
        """The zones a person drew, for `df.tl.visits`, named by their labels.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> len(table.tl.visits(overlay.zones))  # nothing is drawn yet
            0
        """
        return [
            Zone(name=row["label"] or f"zone {number}", points=tuple(row["points"]))
            for number, row in self._rows.items()
            if row["shape"] == "zone"
        ]

    @property
    def lines(self) -> "list[Line]":
        """The lines a person drew, for `df.tl.crossings`, named by their labels.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> tracked = result.track().to_dataframe()
            >>> len(tracked.tl.crossings(overlay.lines))  # nothing is drawn yet
            0
        """
        return [
            Line(
                name=row["label"] or f"line {number}",
                start=row["points"][0],
                end=row["points"][-1],
            )
            for number, row in self._rows.items()
            if row["shape"] == "line"
        ]

    def show_zones(self, *zones: "Zone | Line") -> None:
        """Show zones and lines over every frame, besides those that are drawn.

        Example:
            >>> corners = (0, 0), (320, 0), (320, 272), (0, 272)
            >>> overlay = tl.Overlay(result)
            >>> overlay.show_zones(tl.Zone(name="left", points=corners))
        """
        self._zones = list(zones)
        self._overlay.refresh()

    def undo_correction(self) -> None:
        """Undo the last correction.

        Raises:
            RecognitionError: There is none.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.undo_correction()  # doctest: +SKIP
        """
        self.corrections.undo()
        self._overlay.refresh()

    @property
    def drawn(self) -> "pd.DataFrame":
        """The shapes a person drew, one row per shape, in pixels of its frame.

        `points` are the corners; `x1` to `y2` are the box around them. The index has
        the numbers that `remove_drawn` and `rename_drawn` take.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.drawn[["label", "x1", "y1", "x2", "y2"]].shape
            (0, 5)
        """
        import pandas as pd

        table = pd.DataFrame(list(self._rows.values()), columns=list(DRAWN_COLUMNS))
        table.index = pd.Index(list(self._rows), dtype="int64")
        kinds = {"frame": "int64", "pts": "int64", "time_s": "float64"}
        kinds |= dict.fromkeys(("x1", "y1", "x2", "y2"), "float64")
        table = table.astype(kinds)
        if isinstance(self._source, MediaInfo):
            take_facts(table, self._tables[0])
        return table

    def show(self, *tables: Any) -> None:
        """Show other tables instead, such as filtered ones.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.show(table.query("label == 'car'"))
            >>> overlay.visible_classes
            ['car']
        """
        self._tables = [table_of(table) for table in tables]
        self._overlay.refresh()
        self.visible_classes = list(self._overlay.labels)
        self.selection = []

    def keep_drawn(self, row: dict[str, Any]) -> int:
        """Keep a drawn shape; a box is also kept as a correction that adds it.

        Returns:
            The row of a box, by which it is corrected; the number of a zone or line.

        Raises:
            RecognitionError: Too many are drawn.

        :meta private:
        """
        is_box = row["shape"] == "box"
        most = _MOST_BOXES if is_box else _MOST_ZONES
        kept = self._rows.values()
        if sum((one["shape"] == "box") == is_box for one in kept) >= most:
            raise RecognitionError(
                Message(
                    "{most} {what} are drawn, and no more can be: go on in another "
                    "overlay",
                    most=most,
                    what=Message("boxes") if is_box else Message("zones and lines"),
                )
            )
        self._last_number += 1
        self._rows[self._last_number] = row
        self.drawn_count = len(self._rows)
        number = self._add_box(row) if is_box else self._last_number
        self._refresh()
        return number

    def remove_drawn(self, number: int) -> None:
        """Remove a drawn zone or line by its number, the index of `drawn`.

        Raises:
            RecognitionError: There is none of that number, or it is a box, which a
                correction removes.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.remove_drawn(1)  # doctest: +SKIP
        """
        self._check_drawn(number)
        del self._rows[number]
        self.drawn_count = len(self._rows)
        self._overlay.refresh()

    def rename_drawn(self, number: int, label: str) -> None:
        """Change the label of a drawn zone or line.

        Raises:
            RecognitionError: As `remove_drawn`.

        Example:
            >>> overlay = tl.Overlay(result)
            >>> overlay.rename_drawn(1, "stop line")  # doctest: +SKIP
        """
        self._check_drawn(number)
        self._rows[number] = {**self._rows[number], "label": label}
        self._overlay.refresh()

    def _check_drawn(self, number: int) -> None:
        shapes = {n: row for n, row in self._rows.items() if row["shape"] != "box"}
        if number not in shapes:
            there = ", ".join(map(str, shapes)) or Message("none")
            raise RecognitionError(
                Message(
                    "there is no drawn zone or line {number}: there are {there}",
                    number=number,
                    there=there,
                )
            )

    def _refresh(self) -> None:
        """Send what there is now; a label that was not there before is visible."""
        before = set(self._overlay.labels)
        self._overlay.refresh()
        new = [name for name in self._overlay.labels if name not in before]
        missing = [name for name in new if name not in self.visible_classes]
        if missing:
            self.visible_classes = [*self.visible_classes, *missing]

    def _add_box(self, row: dict[str, Any]) -> int:
        source = source_of(self._tables[0])
        held = max(1, round(1 / source.rate / source.time_base))
        added = sum(one.op == "add" for one in self.corrections.made)
        rows = sum(len(table) for table in self._tables)
        number = rows + added
        self.corrections.add(
            Correction(
                row=number,
                op="add",
                label=row["label"],
                box=(row["x1"], row["y1"], row["x2"], row["y2"]),
                frame=self._frame_of(row["pts"], row["frame"]),
                pts=row["pts"],
                end_pts=row["pts"] + held,
            )
        )
        return number

    def _frame_of(self, pts: int, shown: int) -> int:
        """Return the media frame of a PTS, or the shown one if no row has it."""
        table = self._tables[0]
        same = table.loc[table["pts"] == pts, "frame"]
        return int(same.iloc[0]) if len(same) else shown

    def keep_correction(self, correction: Correction) -> None:
        """Keep a correction of a row of the first table.

        :meta private:
        """
        self.corrections.add(correction)
        self._refresh()

    def _shown_tables(self) -> "list[pd.DataFrame]":
        if not len(self.corrections):
            return self._tables
        return [self.corrected, *self._tables[1:]]

    def shape_views(self) -> list[ShapeView]:
        """Return the zones and lines that are shown on every frame.

        :meta private:
        """
        zones: list[tuple[Zone | Line, int]] = [(one, 0) for one in self._zones]
        for kind, drawn in (("zone", self.zones), ("line", self.lines)):
            rows = self._rows.items()
            numbers = [number for number, row in rows if row["shape"] == kind]
            zones += zip(drawn, numbers, strict=True)
        return [
            ShapeView(shape.name, True, list(shape.points), number)
            if isinstance(shape, Zone)
            else ShapeView(shape.name, False, [shape.start, shape.end], number)
            for shape, number in zones
        ]


class _OverlayAnnotations(AnnotationSink):
    """Passes on to an overlay what is drawn and corrected in its views."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay

    def add_shape(self, row: dict[str, Any]) -> int:
        return self._overlay.keep_drawn(row)

    def add_correction(self, correction: Correction) -> None:
        self._overlay.keep_correction(correction)

    def change_shape(self, number: int, *, label: str, remove: bool) -> None:
        if remove:
            self._overlay.remove_drawn(number)
        else:
            self._overlay.rename_drawn(number, label)

    def shapes(self) -> list[ShapeView]:
        return self._overlay.shape_views()
