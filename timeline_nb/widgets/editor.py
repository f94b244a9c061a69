"""The editor widget: timeline, player, overlay, media bin, inspector and render."""

from typing import Any

import traitlets
from msgspec.structs import replace

from timeline_nb.collaboration.autosave import Autosave
from timeline_nb.commands.nested_session import NestedSession
from timeline_nb.commands.session import EditSession
from timeline_nb.recognition.tables.columns import table_of
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import duration
from timeline_nb.widgets.bin_part import BinPart
from timeline_nb.widgets.canvas_parts import canvas_parts
from timeline_nb.widgets.drafts import DraftsPart
from timeline_nb.widgets.effects_part import EffectsPart
from timeline_nb.widgets.export_part import ExportPart
from timeline_nb.widgets.file_watch import FileWatch
from timeline_nb.widgets.guides_part import GuidesPart
from timeline_nb.widgets.history_part import HistoryPart
from timeline_nb.widgets.inspector_part import InspectorPart
from timeline_nb.widgets.journal_part import JournalPart
from timeline_nb.widgets.levels_part import LevelsPart
from timeline_nb.widgets.monitor_part import MonitorPart
from timeline_nb.widgets.nested_part import NestedPart
from timeline_nb.widgets.offline_part import OfflinePart
from timeline_nb.widgets.overlay_part import AnnotationSink, OverlayPart
from timeline_nb.widgets.own_bins_part import OwnBinsPart
from timeline_nb.widgets.panels_part import PanelsPart
from timeline_nb.widgets.player_part import PlayerPart
from timeline_nb.widgets.playhead_channel import PlayheadChannel
from timeline_nb.widgets.presets_part import PresetsPart
from timeline_nb.widgets.samples_part import SamplesPart
from timeline_nb.widgets.settings_part import SettingsPart
from timeline_nb.widgets.source import HasSession, session_of, studio_of
from timeline_nb.widgets.speed_part import SpeedPart
from timeline_nb.widgets.stage_part import StagePart
from timeline_nb.widgets.timeline_part import TimelinePart
from timeline_nb.widgets.upload_part import UploadPart

__all__ = ["Editor", "soloed"]


def soloed(timeline: Timeline, solo: list[str]) -> Timeline:
    """Return the timeline with the other tracks of the soloed kinds disabled."""
    kinds = {track.kind for track in timeline.tracks if track.name in solo}
    tracks = tuple(
        replace(track, enabled=False)
        if track.kind in kinds and track.name not in solo and track.enabled
        else track
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tracks) if kinds else timeline


class Editor(PlayheadChannel):
    """Shows and changes an edit: timeline, player, media bin and inspector in one.

    Args:
        edit: The edit, or its session.
        tables: Detection tables of its media, or results of `media.detect()`. Their
            boxes are drawn over the player, and follow their clips.
        studio: Its caches are used; the edit's studio if not given.
        journal: Keeps the steps of an edit; the edit's own if not given.

    Attributes:
        playhead: Timeline seconds.
        selection: The ids of the selected clips.
        solo: The names of the tracks that alone are shown and heard.
        track_looks: How the tracks are shown, by name: `heightPx`, `waveZoom` and
            `target`. No step of the history.
        playing: Whether it plays.

    Raises:
        FileNotFoundError: The front end was not built.
        RecognitionError: A table lacks a column, or does not name its media.

    Example:
        >>> editor = tl.Editor(cut, table)  # a cell shows it
        >>> editor.selection = ["c1"]
        >>> editor.playhead = 1.5
        >>> editor.playhead
        1.5
    """

    front_end = "editor"

    frame = traitlets.Int(0).tag(sync=True)
    playing = traitlets.Bool(default_value=False).tag(sync=True)
    selection = traitlets.List(traitlets.Unicode()).tag(sync=True)
    solo = traitlets.List(traitlets.Unicode()).tag(sync=True)
    track_looks = traitlets.Dict(traitlets.Dict(), traitlets.Unicode()).tag(sync=True)

    def __init__(
        self,
        edit: EditSession | HasSession,
        *tables: Any,
        studio: Studio | None = None,
        journal: Autosave | None = None,
    ) -> None:
        super().__init__()
        self._tables = [table_of(table) for table in tables]
        self._session = session = NestedSession(session_of(edit))
        self._studio = studio = studio_of(edit, studio)
        self._watch = FileWatch(session, studio)
        self._timeline = TimelinePart(self.post, session, studio, self._watch)
        self._make_screen(session, studio)
        self._make_panels(session, studio)
        self._assemble(
            self._timeline,
            *canvas_parts(self.post, session, studio, self._handlers),
            self._player,
            self._overlay,
            self._stage,
            self._bin,
            GuidesPart(self.post, session),
            OwnBinsPart(self.post, session, studio.settings.data_dir),
            MonitorPart(self.post, self._player, studio, self._bin.probe),
            UploadPart(
                self.post,
                studio.scope,
                self._bin.add_uploaded,
                lambda: getattr(edit, "project_path", None),
            ),
            OfflinePart(self.post, session, studio, self._watch),
            ExportPart(self.post, session, studio, edit, watch=self._watch),
            self._drafts,
            self._inspector,
            self._effects,
            self._presets,
            self._samples,
            self._speed,
            self._levels,
            self._panels,
            HistoryPart(self.post, session, edit),
            JournalPart(self.post, journal or getattr(edit, "journal", None)),
            NestedPart(self.post, session, lambda: self.playhead, self._enter),
            SettingsPart(self.post, studio, self._use_language),
            # The last one: the others are ready to hear of it.
            self._watch,
            language=studio.language,
        )
        self._connect()

    def _connect(self) -> None:
        self._watch.changed.connect(self._on_files)
        self.observe(lambda _: self._inspector.inspect(), "selection")
        self.observe(lambda _: self._effects.send_effects(), "selection")
        self.observe(self._on_move, "playhead")
        self.observe(lambda _: self._player.reload(), "solo")

    def _on_move(self, change: Any) -> None:
        self._inspector.send_animated()
        self._effects.send_animated()
        self._levels.measure(change["new"])

    def _on_files(self, paths: frozenset[str]) -> None:
        """Show files that went, came back or changed as they are now."""
        self._player.reload()
        self._levels.reopen()
        self._bin.read_again(paths)

    def _make_screen(self, session: EditSession, studio: Studio) -> None:
        """Make the parts of the picture: the player, and what is drawn over it."""
        self._drafts = DraftsPart(
            self.post,
            session,
            lambda: self.playhead,
            studio.scope,
            self._reload_player,
        )
        self._player = PlayerPart(
            self.post,
            session,
            studio,
            visible=self._shown,
            on_first_frame=self._set_still,
            watch=self._watch,
        )
        self._overlay = OverlayPart(
            self.post, self._player.source_at, lambda: self._tables, AnnotationSink()
        )
        self._stage = StagePart(self.post, session, studio, self._shown)
        self._levels = LevelsPart(self.post, session, studio)

    def _make_panels(self, session: EditSession, studio: Studio) -> None:
        """Make the parts of the panels round the picture."""
        self._bin = BinPart(self.post, session, studio, self._watch)
        self._inspector = InspectorPart(
            self.post, session, lambda: self.selection, lambda: self.playhead
        )
        self._effects = EffectsPart(
            self.post,
            session,
            lambda: self.selection,
            lambda: self.playhead,
            scope=studio.scope,
            favorites=studio.favorite_effects,
        )
        self._presets = PresetsPart(self.post, session, studio.presets)
        self._samples = SamplesPart(self.post, session, studio)
        self._speed = SpeedPart(self.post, session)
        self._panels = PanelsPart(self.post, studio)

    def show(self, *tables: Any) -> None:
        """Draw the boxes of these detection tables instead; of none if none are given.

        Raises:
            RecognitionError: A table lacks a column, or does not name its media.

        Example:
            >>> editor = tl.Editor(cut)
            >>> editor.show(table.query("label == 'car'"))
        """
        self._tables = [table_of(table) for table in tables]
        self._overlay.refresh()

    def _enter(self, at_s: float) -> None:
        """Go to a second of a timeline that was opened: nothing is selected there."""
        self.selection, self.solo = [], []
        self.playhead = at_s

    def _reload_player(self) -> None:
        self._player.reload()

    def _shown(self, timeline: Timeline) -> Timeline:
        return soloed(self._drafts.applied(timeline), self.solo)

    @traitlets.validate("playhead")
    def _within(self, proposal: dict[str, Any]) -> float:
        """Keep the playhead on the timeline."""
        end = float(duration(self._session.timeline))
        return min(max(0.0, float(proposal["value"])), end)

    def _picture(self) -> dict[str, Any]:
        return {"text/html": self._session.timeline._repr_html_()}

    def __repr__(self) -> str:
        return f"<Editor of {self._session.timeline.name!r}>"
