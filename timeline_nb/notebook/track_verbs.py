"""Methods of an edit that add, order and remove tracks."""

from timeline_nb.commands.changing import AddTrack, MoveTrack, RemoveTrack
from timeline_nb.commands.session import EditSession
from timeline_nb.timeline.model import TrackKind

__all__ = ["TrackVerbs"]


class TrackVerbs:
    """The methods of an edit for its tracks as such; each is one step."""

    session: EditSession

    def add_track(self, kind: TrackKind, *, name: str | None = None) -> None:
        """Add an empty track above those of its kind.

        Example:
            >>> cut.add_track("audio", name="music")
            >>> [track.name for track in cut.timeline.tracks]
            ['V1', 'V2', 'music']
        """
        self.session.perform(AddTrack(kind=kind, name=name))

    def move_track(self, track: str, to: int) -> None:
        """Move a track among those of its kind; of video tracks, 0 is the lowest.

        Example:
            >>> cut.move_track("V2", 0)  # the title's track goes below the picture's
            >>> [track.name for track in cut.timeline.tracks]
            ['V2', 'V1']
        """
        self.session.perform(MoveTrack(track=track, to=to))

    def remove_track(self, track: str) -> None:
        """Remove a track with everything on it.

        Example:
            >>> cut.remove_track("V2")
            >>> [track.name for track in cut.timeline.tracks]
            ['V1']
        """
        self.session.perform(RemoveTrack(track=track))
