"""Handle the requests of the editor's media bin: files, folders, and placing them."""

from collections.abc import Collection
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal, TypeAlias

from msgspec.structs import replace

from timeline_nb.commands import placing
from timeline_nb.commands.session import EditSession
from timeline_nb.compose.reference import clip_of_media
from timeline_nb.core.jobs import Job, JobStatus, Reporter
from timeline_nb.core.latest_queue import LatestQueue
from timeline_nb.core.locks import new_lock
from timeline_nb.core.progress import Progress
from timeline_nb.errors import MediaError, TimelineNbError
from timeline_nb.i18n import Message, message_of
from timeline_nb.media.events import post_imported
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.scan import ScanReport, scan
from timeline_nb.media.sequence import shown_name
from timeline_nb.preview.thumbs import ThumbMaker
from timeline_nb.studio import Studio
from timeline_nb.timeline.model import Clip, Timeline
from timeline_nb.widgets import requests as ask
from timeline_nb.widgets.answers import ScanView
from timeline_nb.widgets.bin_requests import (
    AskUsesRequest,
    Bin,
    BinUses,
    MatchedFrame,
    MatchFrameRequest,
    MediaFrame,
    MediaFrameRequest,
    RemoveMediaRequest,
    Uses,
)
from timeline_nb.widgets.bin_rows import bin_rows
from timeline_nb.widgets.bin_uses import (
    matched_frame,
    media_of_edit,
    use_counts,
    users_of,
)
from timeline_nb.widgets.channel import Handler, Part, SendAnswer
from timeline_nb.widgets.file_watch import FileWatch
from timeline_nb.widgets.gestures import exact_time
from timeline_nb.widgets.refusal import said
from timeline_nb.widgets.source_requests import EditMediaRequest, PlacedMedia
from timeline_nb.widgets.three_points import (
    end_of_placed,
    new_track,
    three_point_command,
)
from timeline_nb.widgets.typed_path import typed_path

__all__ = ["BinPart"]

Asker: TypeAlias = Literal["edit", "changed", "person", "upload", "scan"]

_MOST_PROBLEMS: Final = 20
# Each has a picture, which is sent with every change of the bin.
_MOST_MEDIA: Final = 1_000
# Sharp as a tile on a screen of two pixels a point.
_PICTURE_PX: Final = 128


class BinPart(Part):
    """Sends the media bin, reads files and folders into it, and places its media.

    A folder is scanned by a job, one at a time, which ends when it is canceled or the
    last view closes. The lock guards what the bin holds.

    Args:
        post: Sends an answer to the browser.
        session: The edit's session.
        studio: Opens media, runs scans, and says what may be read.
        watch: Sees which files go, come back or change.
    """

    def __init__(
        self, post: SendAnswer, session: EditSession, studio: Studio, watch: FileWatch
    ) -> None:
        super().__init__(post)
        self._session = session
        self._studio = studio
        self._watch = watch
        self._lock = new_lock("a media bin")
        self._bin: dict[str, MediaInfo] = {}
        self._problems: list[str] = []
        self._scan: Job[ScanReport] | None = None
        self._scan_view = ScanView(folder="", done=0, total=0)
        self._thumbs = ThumbMaker(studio.library, studio.proxies, height_px=_PICTURE_PX)
        # Files to be read, by who asks for them, the edit or a person; what one person
        # opens file by file has a list for each, so that none replaces another.
        self._work: LatestQueue[tuple[Asker, str], tuple[str, ...]] = LatestQueue(
            "timeline_nb bin", self._fill
        )
        # The one frame that each view wants, of the file under its pointer.
        self._frames: LatestQueue[str, MediaFrameRequest] = LatestQueue(
            "timeline_nb bin frames", self._send_frame
        )
        self._counts: dict[str, int] = {}
        # The media that the edit uses, and has ever used while it was shown.
        self._now: set[str] = set()
        self._past: set[str] = set()
        watch.include(lambda: tuple(self._bin))

    def handlers(self) -> dict[type[ask.Request], Handler]:
        """Return the handlers of the bin."""
        return {
            ask.OpenMediaRequest: self._open,
            ask.CancelScanRequest: self._cancel,
            ask.PlaceMediaRequest: self._place,
            RemoveMediaRequest: self._remove,
            MediaFrameRequest: self._want_frame,
            AskUsesRequest: self._uses,
            MatchFrameRequest: self._match,
            EditMediaRequest: self._edit,
        }

    def start(self) -> None:
        """Connect to the edit's changes."""
        self._session.changed.connect(self._follow)

    def stop(self) -> None:
        """Disconnect from the edit's changes, and cancel a scan."""
        self._session.changed.disconnect(self._follow)
        self._work.clear()
        self._frames.clear()
        self._cancel()

    def on_view_opened(self, view: str) -> None:
        """Send a new view the bin, and how far a scan is."""
        used = media_of_edit(self._session)
        with self._lock:
            self._past, self._now = self._past | set(used), set(used)
        self._work.put(("edit", ""), [tuple(used)])
        self._turns.run(("scan", view), lambda: self._send_scan(view))
        self._turns.run(("uses", view), lambda: self._send_counts(view))

    def on_view_closed(self, view: str) -> None:
        """Drop the frame that a view wants."""
        self._frames.drop(lambda asker: asker == view)

    def add_uploaded(self, path: Path) -> None:
        """Add a file that was uploaded; it is removed if it holds no media."""
        self._work.put(("upload", str(path)), [(str(path),)])

    def read_again(self, paths: Collection[str]) -> None:
        """Read files of the bin that have changed, and those of the edit that came."""
        used = media_of_edit(self._session)
        with self._lock:
            names = [path for path in paths if path in self._bin or path in used]
        for path in sorted(names):
            self._work.put(("changed", path), [(path,)])

    def probe(self, path: str) -> MediaInfo:
        """Return the facts of a file in the bin.

        Raises:
            MediaError: It is not there.
        """
        with self._lock:
            info = self._bin.get(path)
        if info is None:
            raise MediaError(
                Message("{path} is not in the media bin: open it first", path=path)
            )
        return info

    def _follow(self, _old: Timeline, _new: Timeline) -> None:
        self._turns.run(("uses", ""), lambda: self._send_counts(""))
        used = set(media_of_edit(self._session))
        with self._lock:
            fresh = used - set(self._bin)
            gone = self._now - used
            self._past, self._now = self._past | used, used
        if fresh or gone:
            self._work.put(("edit", ""), [tuple(sorted(fresh))])

    def _open(self, request: ask.OpenMediaRequest) -> None:
        if not request.adds:
            with self._lock:
                self._problems = []
        path = typed_path(request.path, self._studio.scope)
        if path.is_dir():
            self._start_scan(path)
        else:
            self._work.put(("person", str(path)), [(str(path),)])

    def _start_scan(self, folder: Path) -> None:
        def work(reporter: Reporter) -> ScanReport:
            return scan(
                folder, library=self._studio.library, workers=2, reporter=reporter
            )

        with self._lock:
            if self._scan is not None:
                raise MediaError(
                    Message("a folder is being scanned: wait for it, or cancel it")
                )
            job = self._scan = Job(f"scan {folder.name}", work)
        job.progressed.connect(lambda now: self._show_scan(folder, now))
        job.finished.connect(lambda status: self._end_scan(job, folder, status))
        self._show_scan(folder, Progress("scan", 0, 0, 0.0))
        self._studio.run(job)

    def _cancel(self, _: ask.CancelScanRequest | None = None) -> None:
        with self._lock:
            job = self._scan
        if job is not None:
            job.cancel()

    def _show_scan(self, folder: Path, now: Progress) -> None:
        self._scan_view = ScanView(
            folder=str(folder), done=now.done, total=now.total or 0
        )
        self._turns.run(("scan", ""), lambda: self._send_scan(""))

    def _end_scan(self, job: Job[ScanReport], folder: Path, status: JobStatus) -> None:
        # From here on the next scan may begin; its state is sent then.
        with self._lock:
            self._scan_view = ScanView(folder="", done=0, total=0)
            self._scan = None
        self._turns.run(("scan", ""), lambda: self._send_scan(""))
        if status is JobStatus.CANCELLED:
            return
        try:
            report = job.wait(0)
        except TimelineNbError as error:
            self._add([], [message_of(error)])
        else:
            problems: list[str] = [
                Message("{path}: {why}", path=p.path, why=p.message)
                for p in report.problems
            ]
            if not report.media:
                problems.insert(
                    0, Message("{folder}: no media file was found", folder=folder)
                )
            self._add(list(report.media), problems)
        # Pictures are made by the queue, not by the job's thread.
        self._work.put(("scan", ""), [()])

    def _send_scan(self, view: str) -> None:
        self._post(replace(self._scan_view, view=view))

    def _fill(self, key: tuple[Asker, str], names: tuple[str, ...]) -> None:
        """Add files to the bin; run by the queue."""
        asker, _ = key
        infos, problems = [], []
        for name in names:
            try:
                infos.append(self._studio.library.probe(name))
            except TimelineNbError as error:
                problems.append(message_of(error))
                if asker == "upload":
                    Path(name).unlink(missing_ok=True)
        if asker == "changed":
            with self._lock:
                self._bin |= {one.path: one for one in infos if one.path in self._bin}
        if asker in {"edit", "changed"}:
            # The player says what is wrong with the media of the edit.
            self._add(infos, None)
        elif asker != "scan":
            self._add(infos, problems)
        self._turns.run(("bin", ""), self._send_bin)

    def _add(self, infos: list[MediaInfo], problems: list[str] | None) -> None:
        """Add media, as many as the bin holds, and problems to those listed."""
        with self._lock:
            added = [info for info in infos if info.path not in self._bin]
            room = _MOST_MEDIA - len(self._bin)
            kept = added[:room]
            self._bin |= {info.path: info for info in kept}
            if problems is not None:
                known = [one for one in self._problems if one not in problems]
                self._problems = [*known, *problems][-_MOST_PROBLEMS:]
            if added[room:]:
                self._problems.insert(
                    0,
                    Message.counted(
                        "{count} media file is left out: the bin holds {most}; open a "
                        "smaller folder",
                        "{count} media files are left out: the bin holds {most}; open "
                        "a smaller folder",
                        len(added) - room,
                        most=_MOST_MEDIA,
                    ),
                )
        if problems is not None:
            # Those of the edit were imported before.
            post_imported(self._studio.events, kept)

    def _send_bin(self) -> None:
        used, is_offline = media_of_edit(self._session), self._watch.is_offline
        with self._lock:
            gone = self._past.difference(used)
            past = [path for path in self._bin if path in gone]
        # What the edit had used is dead once it has gone, unless a step brings it back.
        dead = [path for path in past if is_offline(path)]
        with self._lock:
            for path in dead:
                self._bin.pop(path, None)
            infos, problems = list(self._bin.values()), list(self._problems)
        rows = bin_rows(infos, used, self._thumbs, is_offline)
        told = list(map(said, (*problems, *rows.problems)))
        self._post(Bin(items=rows.items, problems=told), rows.pictures)

    def _edit(self, request: EditMediaRequest) -> PlacedMedia:
        start = exact_time(self._session.timeline, max(0.0, request.at_s))
        whole = self._clip_of(request.path)
        label = "fit to fill" if request.mode == "fitToFill" else request.mode
        with self._session.group(label):
            if request.on_new_track:
                has_picture = whole.media.size is not None and request.only != "sound"
                track = new_track(self._session, has_picture=has_picture)
                field = "track" if has_picture else "sound_track"
                request = replace(request, **{field: track})
            before = self._session.timeline
            command = three_point_command(before, whole, request, start)
            after = self._session.perform(command)
        return PlacedMedia(until_s=float(end_of_placed(command, before, after)))

    def _clip_of(self, path: str) -> Clip:
        """Return a clip of all of a file in the bin."""
        return clip_of_media(self.probe(path), self._studio.library)

    def _place(self, request: ask.PlaceMediaRequest) -> None:
        clip = self._clip_of(request.path)
        # A file without pictures cannot go on the video track it was dropped on.
        track = request.track if clip.media.size is not None else None
        if request.mode == "append":
            self._session.perform(placing.Append(clips=(clip,), track=track))
            return
        at = exact_time(self._session.timeline, max(0.0, request.at_s))
        kind = placing.Insert if request.mode == "insert" else placing.Overwrite
        with self._session.group(kind.label):
            if request.on_new_track:
                has_picture = clip.media.size is not None
                track = new_track(self._session, has_picture=has_picture)
            self._session.perform(kind(clips=(clip,), at=at, track=track))

    def _remove(self, request: RemoveMediaRequest) -> None:
        timeline = self._session.timeline
        for path in request.paths:
            if users := users_of(timeline, path):
                first = users[0]
                raise MediaError(
                    Message.counted(
                        "{file} is used by {clip} on {track}: remove that clip first",
                        "{file} is used by {count} clips, such as {clip} on {track}: "
                        "remove them first",
                        len(users),
                        file=shown_name(path),
                        clip=repr(first.name),
                        track=first.track,
                    )
                )
        with self._lock:
            for path in request.paths:
                self._bin.pop(path, None)
        self._work.put(("scan", ""), [()])

    def _want_frame(self, request: MediaFrameRequest) -> None:
        self.probe(request.path)
        self._frames.put(request.view, [request])

    def _send_frame(self, view: str, request: MediaFrameRequest) -> None:
        try:
            info = self.probe(request.path)
            at = min(max(Fraction(request.at_s), Fraction(0)), info.duration)
            picture = self._thumbs.thumb(info.path, at)
        except MediaError:
            return
        answer = MediaFrame(path=request.path, at_s=request.at_s, view=view)
        self._post(answer, [picture])

    def _uses(self, request: AskUsesRequest) -> Uses:
        return Uses(clips=users_of(self._session.timeline, request.path))

    def _match(self, request: MatchFrameRequest) -> MatchedFrame:
        timeline = self._session.timeline
        at = exact_time(timeline, max(0.0, request.at_s))
        path, media_time = matched_frame(timeline, at, request.item)
        self.probe(path)
        return MatchedFrame(path=path, at_s=float(media_time))

    def _send_counts(self, view: str) -> None:
        """Send how often each file is used: to a new view, or if it has changed."""
        counts = use_counts(self._session.timeline)
        with self._lock:
            is_known = counts == self._counts
            self._counts = counts
        if view or not is_known:
            self._post(BinUses(counts=counts, view=view))
