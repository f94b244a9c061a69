"""Write an edit to files of other programs, with a report of what was lost."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from timeline_nb.commands.session import EditSession
from timeline_nb.compose.offline import offline_files
from timeline_nb.compose.source_places import check_no_media
from timeline_nb.core.jobs import Job, Reporter
from timeline_nb.core.near_names import quoted, suggestion
from timeline_nb.core.output_names import output_path
from timeline_nb.errors import ProjectError
from timeline_nb.interchange import terms
from timeline_nb.interchange.formats import arguments_of, write
from timeline_nb.interchange.registered import FORMATS, Format
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import WriteRequest
from timeline_nb.notebook.bake_effects import EffectBaker
from timeline_nb.notebook.captions import track_data
from timeline_nb.notebook.edit_formats import find_writer
from timeline_nb.notebook.found_media import channels_at, timecode_at
from timeline_nb.notebook.progress import finish
from timeline_nb.project.exporting import (
    export_edit,
    export_path,
    with_known_paths,
    write_files,
)
from timeline_nb.studio import Studio
from timeline_nb.timeline.formats import Exporter
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media

__all__ = ["Exported"]

_SUBTITLES: Final = ("srt", "vtt", "ass")
_BAKES: Final = ("look", "effects")


class Exported:
    """The part of an edit that has to do with files of other programs."""

    session: EditSession
    studio: Studio
    _import_report: Report | None = None

    @property
    def import_report(self) -> Report | None:
        """What the import lost of the file; None of an edit that was not imported.

        Example:
            >>> cut.export("film.otio")
            <Report ...>
            >>> again = tl.load("film.otio")
            >>> again.import_report.summary
            'everything was carried over'
        """
        return self._import_report

    def export(  # noqa: PLR0913 - what is written, as what, and how
        self,
        path: Path | str,
        *,
        format: str | None = None,  # noqa: A002 - what people call it
        dry_run: bool = False,
        strict: bool = False,
        whole_paths: bool | None = None,
        overwrite: bool = False,
        subtitles: str | None = None,
        bake: str | None = None,
        **args: Any,
    ) -> Report:
        """Write the edit to a file of another program, and report what it lost.

        Args:
            path: The file, whole or not at all; its suffix selects the format.
            format: `"otio"` or another name of a format, or `PLUGIN_ID/exporter`, where
                the suffix does not tell.
            dry_run: Write nothing, and report what would be lost.
            strict: Raise an error in place of writing, if anything is lost.
            whole_paths: Whether the file tells where media lie that are not beside or
                below it, rather than their names alone. Plugins get names alone if
                not given.
            overwrite: Replace a file that was not written here, or was changed since.
            subtitles: Write the subtitle tracks beside the file: `"srt"`, `"vtt"` or
                `"ass"`.
            bake: `"look"` puts color effects into tables (.cube) beside the file, for
                formats that can name one. `"effects"` renders clips with effects or
                ramps, and titles, into media beside the file, which stand in for them;
                a second export renders what changed alone.
            args: The format's or the plugin's own arguments.

        Returns:
            The report: a table of what was kept in another form, approximated or lost.

        Raises:
            ProjectError: Nothing writes such files, or several formats do; an argument
                does not fit; something is lost and `strict`; the file cannot be
                written, or another program's file is there.
            PluginError: There is no such plugin, an argument does not fit, or it
                failed.

        Example:
            >>> report = cut.export("film.otio")
            >>> report.is_exact
            True
        """
        return finish(
            lambda: self.start_export(
                path,
                format=format,
                dry_run=dry_run,
                strict=strict,
                whole_paths=whole_paths,
                overwrite=overwrite,
                subtitles=subtitles,
                bake=bake,
                **args,
            )
        )

    def start_export(  # noqa: PLR0913 - what is written, as what, and how
        self,
        path: Path | str,
        *,
        format: str | None = None,  # noqa: A002 - what people call it
        dry_run: bool = False,
        strict: bool = False,
        whole_paths: bool | None = None,
        overwrite: bool = False,
        subtitles: str | None = None,
        bake: str | None = None,
        **args: Any,
    ) -> Job[Report]:
        """Start `export` as a job, which can be awaited, watched and cancelled.

        Example:
            >>> job = cut.start_export("film.otio")
            >>> job.wait().is_exact
            True
        """
        studio, timeline = self.studio, self.session.timeline
        _check_choice("subtitles", subtitles, _SUBTITLES)
        _check_choice("bake", bake, _BAKES)
        if dry_run:
            target = output_path(path, ProjectError, what="the edit")
        else:
            target = export_path(path, studio.written, overwrite=overwrite)
        chosen = find_writer(target, studio, format)
        check_no_media(target, timeline, ProjectError, suffixes=chosen.suffixes)
        export = _Export(
            timeline,
            target,
            studio,
            dry_run=dry_run,
            strict=strict,
            overwrite=overwrite,
        )
        if isinstance(chosen, Format):
            work = export.by_format(
                chosen,
                args,
                whole_paths=whole_paths is not False,
                subtitles=subtitles,
                bake=bake,
            )
        else:
            _refuse_own_choices(chosen, subtitles=subtitles, bake=bake)
            work = export.by_plugin(chosen, args, whole_paths=bool(whole_paths))
        return studio.start(f"export {target.name}", work)


def _refuse_own_choices(exporter: Exporter, **choices: str | None) -> None:
    for name, value in choices.items():
        if value:
            raise ProjectError(f"{name}=: {exporter.name} is a plugin: it takes none")


def _check_choice(name: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise ProjectError(f"{name}={quoted(value)}{suggestion(value, known)}")


class _Export:
    """One export of a timeline to a file."""

    def __init__(  # noqa: PLR0913 - what is written, where and how
        self,
        timeline: Timeline,
        target: Path,
        studio: Studio,
        *,
        dry_run: bool,
        strict: bool,
        overwrite: bool,
    ) -> None:
        self._timeline, self._target, self._studio = timeline, target, studio
        self._dry_run, self._strict = dry_run, strict
        self._overwrite = overwrite

    def by_plugin(
        self, exporter: Exporter, args: dict[str, Any], *, whole_paths: bool
    ) -> Callable[[Reporter], Report]:
        """Return the work of a plugin, which does not say what it loses."""
        checked = exporter.checked(args)

        def work(reporter: Reporter) -> Report:
            report = Report(self._target, exporter.name, "export")
            detail = f"{exporter.name} is a plugin: it does not say what it leaves out"
            report.add(terms.EDIT, "all", "approximated", None, detail)
            if not self._dry_run:
                path = export_edit(
                    exporter,
                    self._timeline,
                    self._target,
                    checked,
                    written=self._studio.written,
                    overwrite=self._overwrite,
                    whole_paths=whole_paths,
                    check=reporter.check,
                )
                report.files = (path,)
            return report

        return work

    def by_format(
        self,
        own: Format,
        args: dict[str, Any],
        *,
        whole_paths: bool,
        subtitles: str | None,
        bake: str | None,
    ) -> Callable[[Reporter], Report]:
        """Return the work of a format: the file, and those beside it."""
        arguments_of(own, "export", args)

        def work(reporter: Reporter) -> Report:
            target, report = self._target, Report(self._target, own.name, "export")
            timeline, baker = self._timeline, None
            if bake == "effects":
                baker = EffectBaker(timeline, target, report)
                timeline = baker.timeline
            known, real = with_known_paths(timeline, target, whole_paths=whole_paths)
            beside = {} if subtitles is None else self._lines(subtitles, report)
            if beside and not own.holds_subtitles:
                known = _without_subtitles(known)
            request = WriteRequest(
                timeline=known,
                path=target,
                report=report,
                timecode_of=self._timecodes(real),
                channels_of=self._channels(real),
                bake=bake,
                check=reporter.check,
            )
            if bake == "look" and not own.holds_looks:
                detail = f"{own.name} cannot name a table{_those_that_can()}"
                report.add(terms.EDIT, "baked looks", "lost", None, detail)
            made = write(own, request, args)
            self._tell_offline(report)
            if self._strict:
                report.refuse_losses()
            if not self._dry_run:
                # The file names them: it comes last.
                again = self._overwrite
                rendered = (
                    baker.render(self._studio, reporter, overwrite=again)
                    if baker
                    else ()
                )
                files = {target.name: made.data, **made.beside, **beside}
                report.files = (*self._write(files), *rendered)
            return report

        return work

    def _tell_offline(self, report: Report) -> None:
        offline = offline_files(self._timeline, self._studio.scope)
        for path in dict.fromkeys(one.path for one in offline):
            report.add_offline(path)

    def _write(self, files: dict[str, bytes]) -> tuple[Path, ...]:
        return write_files(
            self._target,
            files,
            written=self._studio.written,
            overwrite=self._overwrite,
        )

    def _lines(self, kind: str, report: Report) -> dict[str, bytes]:
        name = self._target.with_suffix(f".{kind}").name
        report.add(terms.EDIT, terms.LINES, "kept", None, f"in {name}")
        return {name: track_data(self._timeline, kind)}

    def _channels(self, real: dict[str, str]) -> Callable[[str], int]:
        def channels_of(known: str) -> int:
            return channels_at(real.get(known, known), self._studio.library)

        return channels_of

    def _timecodes(self, real: dict[str, str]) -> Callable[[str], Fraction | None]:
        rates = {path: one.rate for path, one in media(self._timeline).items()}

        def timecode_of(known: str) -> Fraction | None:
            path = real.get(known, known)
            return timecode_at(path, rates.get(path), self._studio.library)

        return timecode_of


def _those_that_can() -> str:
    able = [repr(one.name) for one in FORMATS if one.holds_looks]
    return f"; those that can are {', '.join(able)}" if able else ""


def _without_subtitles(timeline: Timeline) -> Timeline:
    tracks = tuple(t for t in timeline.tracks if t.kind != "subtitle")
    return replace(timeline, tracks=tracks)
