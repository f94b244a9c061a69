"""The events of projects: begun, opened, saved, changed and gone."""

import weakref
from pathlib import Path

from timeline_nb.commands.session import EditSession
from timeline_nb.core.event_types import (
    ProjectCreated,
    ProjectOpened,
    ProjectSaved,
    TimelineChanged,
)
from timeline_nb.core.events import Events
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import clips, duration

__all__ = ["ProjectEvents"]


class ProjectEvents:
    """Posts what happens to one edit, until nothing holds its session any more.

    Args:
        events: Where it is posted.
        session: The edit's session.
    """

    def __init__(self, events: Events, session: EditSession) -> None:
        self._events, self.handle = events, events.open_project()
        handle = self.handle

        def follow(_: Timeline, new: Timeline) -> None:
            events.post(
                "timeline_changed",
                lambda: TimelineChanged(
                    project=handle,
                    name=new.name,
                    duration_s=float(duration(new)),
                    tracks=len(new.tracks),
                    clips=sum(1 for _ in clips(new)),
                ),
                subject=handle,
            )

        # It holds no session, so that one that is not used any more can go.
        session.changed.connect(follow)
        ending = weakref.finalize(session, events.close_project, handle)
        # The studio posts the end of what is left.
        ending.atexit = False

    def created(self, timeline: Timeline) -> None:
        """Post that the edit was begun."""
        width, height = timeline.size
        self._events.post(
            "project_created",
            lambda: ProjectCreated(
                project=self.handle,
                name=timeline.name,
                width_px=width,
                height_px=height,
                rate=float(timeline.rate),
            ),
            subject=self.handle,
        )

    def opened(self, timeline: Timeline, path: Path, offline: int) -> None:
        """Post that the edit was read from a file, some of whose media are offline."""
        self._events.post(
            "project_opened",
            lambda: ProjectOpened(
                project=self.handle,
                name=timeline.name,
                file=path.name,
                path=str(path),
                duration_s=float(duration(timeline)),
                offline=offline,
            ),
            subject=self.handle,
        )

    def saved(self, timeline: Timeline, path: Path) -> None:
        """Post that the edit was written to a file."""
        self._events.post(
            "project_saved",
            lambda: ProjectSaved(
                project=self.handle,
                name=timeline.name,
                file=path.name,
                path=str(path),
            ),
            subject=self.handle,
        )
