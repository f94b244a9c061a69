"""Write a pack: a project with the media that it uses, or the stretches of them."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path, PurePath
from typing import Any, Final

from timeline_nb.access.use import open_file, use_scope
from timeline_nb.compose.dependencies import Dependencies
from timeline_nb.compose.file_uses import file_uses
from timeline_nb.compose.offline import offline_files
from timeline_nb.core.bounded_json import dump
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.origins import Origin
from timeline_nb.core.output_names import name_fault
from timeline_nb.core.partials import temporary_folder
from timeline_nb.core.structs import to_canonical
from timeline_nb.core.written_files import WrittenFiles
from timeline_nb.errors import MediaError, ProjectError
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.index import FrameIndex
from timeline_nb.media.info import MediaInfo
from timeline_nb.media.library import MediaLibrary
from timeline_nb.media.sequence import FileSequence, sequence_at
from timeline_nb.media.trimming import (
    FrameRange,
    is_trimmed_alike,
    kept_frames,
    write_trimmed,
)
from timeline_nb.project.document import SUFFIX
from timeline_nb.project.upgrade import CURRENT_VERSION, FORMAT
from timeline_nb.proof.inputs import PACKAGE, effect_facts, numbers_of, portable
from timeline_nb.proof.moved import Replacement, with_replacements
from timeline_nb.proof.pack_format import (
    CHANGED_NS,
    MANIFEST,
    Pack,
    PackedFile,
    entry_of,
    pack_text,
)
from timeline_nb.proof.stretches import Stretch, used_stretches
from timeline_nb.recognition.exchange.files import BESIDE
from timeline_nb.timebase import TimeRange
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media

__all__ = ["PackRequest"]

_CHUNK_BYTES: Final = 1 << 20
_ZIP64_BYTES: Final = (1 << 31) - 1


@dataclass(frozen=True, kw_only=True)
class PackRequest:
    """A pack that is to be written.

    Args:
        path: Of the zip file.
        timeline: The edit.
        handles: Seconds of media that are kept around what is used.
        whole: Whether all media are carried whole.
        library: Opens the media.
        origins: What the steps of the edit have read.
        plugins: Returns the version of each plugin of some ids.
        written: Knows what was written here.
        overwrite: Replace a file that was not written here.
        editor: What is kept for the editor, by field.
    """

    path: Path
    timeline: Timeline
    handles: Fraction
    whole: bool
    library: MediaLibrary
    origins: tuple[Origin, ...]
    plugins: Callable[[list[str]], dict[str, str]]
    written: WrittenFiles
    overwrite: bool
    editor: Mapping[str, Any] = field(default_factory=dict)

    def write(self, reporter: Reporter) -> Pack:
        """Write the pack, all of it or none, and return what it holds.

        Raises:
            ProjectError: A file is offline, or the pack cannot be written.
            MediaError: A file cannot be read.
            JobCancelledError: The job was cancelled.
        """
        with ExitStack() as stack:
            stack.enter_context(use_scope(self.library.scope))
            stack.enter_context(file_errors(self.path, ProjectError))
            offline = offline_files(self.timeline, self.library.scope)
            if offline:
                raise ProjectError(f"{self.path.name} cannot be packed: {offline[0]}")
            folder = stack.enter_context(temporary_folder())
            partial = stack.enter_context(
                self.written.replacing(
                    self.path, ProjectError, overwrite=self.overwrite
                )
            )
            archive = stack.enter_context(zipfile.ZipFile(partial, "w"))
            return _Writer(self, folder, archive, reporter).run()


@dataclass
class _Writer:
    """Writes one pack."""

    request: PackRequest
    folder: Path
    archive: zipfile.ZipFile
    reporter: Reporter
    files: list[PackedFile] = field(default_factory=list)
    # New paths, and what replaces media, by old paths.
    paths: dict[str, str] = field(default_factory=dict)
    media: dict[str, Replacement] = field(default_factory=dict)

    def run(self) -> Pack:
        timeline = self.request.timeline
        shown = used_stretches(timeline, self.request.handles)
        numbers = numbers_of(timeline)
        kinds = {use.path: use.what == "the media" for use in file_uses(timeline)}
        for done, (path, number) in enumerate(numbers.items()):
            self.reporter.report("pack", done, len(numbers), unit="file")
            place = f"media/{number}" if kinds[path] else f"files/{number}"
            self._add_used(path, place, shown.get(path, []))
        self._add_beside()
        moved = with_replacements(
            timeline, self.media, lambda path: self.paths.get(path, path)
        )
        document = {"format": FORMAT, "version": CURRENT_VERSION}
        content = {**document, "timeline": to_canonical(moved)}
        if self.request.editor:
            content["editor"] = self._editor()
        text = dump(content)
        name = _plain(timeline.name, "project") + SUFFIX
        self._add_data(name, text.encode(), "project", name)
        digests, plugins = effect_facts(timeline)
        made = Pack(
            project=name,
            files=tuple(self.files),
            plugins=dict.fromkeys(plugins, "") | self.request.plugins(plugins),
            effects=tuple(kind for kind in digests if "/" not in kind),
        )
        data = pack_text(made)
        with self.archive.open(entry_of(MANIFEST, len(data)), "w") as out:
            out.write(data)
        self.reporter.report("pack", len(numbers), len(numbers), unit="file")
        return made

    def _editor(self) -> dict[str, Any]:
        """Return what is kept for the editor: bins name media by their contents."""
        own = media(self.request.timeline)
        new = {own[path].fingerprint: to.fingerprint for path, to in self.media.items()}
        fields = dict(self.request.editor)
        if isinstance(fields.get("bins"), Mapping):
            fields["bins"] = {
                name: [new.get(one, one) for one in held]
                for name, held in fields["bins"].items()
            }
        return fields

    def _add_used(self, path: str, place: str, shown: list[Stretch]) -> None:
        """Add a file that the edit names, or a shorter one."""
        sequence = sequence_at(path)
        if sequence is not None:
            self._add_sequence(path, sequence, place)
            return
        is_media = place.startswith("media")
        what = "media" if is_media else "file"
        name = f"{place}/{_plain(PurePath(path).name, 'file')}"
        self.paths[path] = name
        if is_media and shown and not self.request.whole:
            short = self._trimmed(path, shown)
            if short is not None:
                self._add_file(name, short, what, Path(path).name, is_whole=False)
                short.unlink()
                return
        self._add_file(name, Path(path), what, Path(path).name)

    def _trimmed(self, path: str, shown: list[Stretch]) -> Path | None:
        """Write the stretches of a film that are used; None if it is carried whole."""
        library = self.request.library
        info = library.probe(path)
        if info.kind != "video":
            return None
        index = library.index(info, reporter=self.reporter)
        ranges = kept_frames(info, index, shown)
        if not ranges:
            return None
        target = next(
            filter(
                None,
                (
                    self._attempt(info, index, ranges, shown, whole_sound=whole_sound)
                    for whole_sound in ((False, True) if info.audio else (False,))
                ),
            ),
            None,
        )
        if target is None:
            return None
        # The first frame alone is no media that an edit can show more of.
        is_early = index.frame_at(shown[0][0]) < ranges[0][1]
        begins = Fraction(0) if is_early else index.time_of(ranges[1][0])
        ends = max(index.end_of(ranges[-1][1] - 1), shown[-1][1])
        span = TimeRange.between(begins, ends)
        with use_scope(None):
            self.media[path] = Replacement(fingerprint(target), span)
        return target

    def _attempt(
        self,
        info: MediaInfo,
        index: FrameIndex,
        ranges: list[FrameRange],
        shown: list[Stretch],
        *,
        whole_sound: bool,
    ) -> Path | None:
        """Write a shorter film; None if it is not shorter, or not the same."""
        kind = "whole" if whole_sound else "short"
        target = self.folder / f"{kind}{Path(info.path).suffix.lower()}"
        check = self.reporter.check
        try:
            write_trimmed(info, index, ranges, target, check, whole_sound=whole_sound)
            alike = target.stat().st_size < info.size_bytes
            with use_scope(None):
                alike = alike and is_trimmed_alike(
                    info,
                    target,
                    ranges=ranges,
                    stretches=[(low, min(high, info.duration)) for low, high in shown],
                    library=self.request.library,
                    own=MediaLibrary(self.folder / "cache"),
                    check=check,
                )
        except MediaError:
            # What does not work for a part of it, works for all of it.
            alike = False
        if not alike:
            target.unlink(missing_ok=True)
        return target if alike else None

    def _add_sequence(self, path: str, sequence: FileSequence, place: str) -> None:
        files = sequence.files()
        names = [file.name for file in files]
        if sequence.names or any(map(_fault, names)):
            names = [f"{n:06d}{file.suffix}" for n, file in enumerate(files)]
            sequence = FileSequence(Path(place), names[0], sequence.rate, tuple(names))
        self.paths[path] = sequence.within(Path(place)).path
        sizes = [
            self._add_file(f"{place}/{name}", file, "media", file.name)
            for name, file in zip(names, files, strict=True)
        ]
        digest = sequence.digest_of((size, CHANGED_NS) for size in sizes)
        self.media[path] = Replacement(digest)

    def _add_beside(self) -> None:
        """Add fonts of this system, and what steps of the edit have read."""
        timeline = self.request.timeline
        for number, path in enumerate(self._fonts(timeline), 1):
            name = f"fonts/{number}/{_plain(Path(path).name, 'font')}"
            self._add_file(name, Path(path), "font", Path(path).name)
        for number, origin in enumerate(self.request.origins, 1):
            if origin.path and origin.what != "model" and Path(origin.path).is_file():
                name = f"sources/{number}/{_plain(origin.name, 'source')}"
                self._add_file(name, Path(origin.path), "source", origin.name)
                beside = Path(f"{origin.path}{BESIDE}")
                if beside.is_file():
                    self._add_file(f"{name}{BESIDE}", beside, "source", beside.name)

    def _fonts(self, timeline: Timeline) -> Iterator[str]:
        known = numbers_of(timeline)
        for path in Dependencies(timeline).files:
            own = portable(path, self.folder).startswith(PACKAGE)
            if path not in known and not own:
                yield path

    def _add_file(
        self, name: str, path: Path, what: str, of: str, *, is_whole: bool = True
    ) -> int:
        """Add a file, and return its size."""
        digest, size = hashlib.sha256(), 0
        scope = self.request.library.scope if is_whole else None
        with (
            use_scope(scope),
            file_errors(path, MediaError, verb="read"),
            open_file(path) as file,
        ):
            announced = path.stat().st_size
            large = announced > _ZIP64_BYTES
            with self.archive.open(
                entry_of(name, announced), "w", force_zip64=large
            ) as out:
                while data := file.read(_CHUNK_BYTES):
                    self.reporter.check()
                    digest.update(data)
                    size += len(data)
                    out.write(data)
        self._note(name, size, digest.hexdigest(), what, of, is_whole=is_whole)
        return size

    def _add_data(self, name: str, data: bytes, what: str, of: str) -> None:
        with self.archive.open(entry_of(name, len(data)), "w") as out:
            out.write(data)
        digest = hashlib.sha256(data).hexdigest()
        self._note(name, len(data), digest, what, of, is_whole=True)

    def _note(  # noqa: PLR0913 - the facts of a file
        self, name: str, size: int, digest: str, what: str, of: str, *, is_whole: bool
    ) -> None:
        self.files.append(
            PackedFile(
                name=name,
                bytes=size,
                sha256=digest,
                what=what,  # type: ignore[arg-type]
                of=_shown(of),
                is_whole=is_whole,
            )
        )


def _fault(name: str) -> str:
    return name_fault(name, windows=True) or ("" if _shown(name) == name else "odd")


def _plain(name: str, other: str) -> str:
    """Return a name that every system takes: `other` in place of others."""
    plain = name.replace("/", "_")
    return other + PurePath(name).suffix[:9] if _fault(plain) else plain


def _shown(name: str) -> str:
    """Return a name as text, which need not be UTF-8 (PEP 383)."""
    return name.encode("utf-8", "replace").decode()
