"""Commands that hand edits to other programs and take them back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from timeline_nb.cli.hints import in_terminal
from timeline_nb.cli.json_arguments import format_arguments_from
from timeline_nb.cli.output import print_json, warn
from timeline_nb.cli.projects import Allow, Overwrite, open_edit
from timeline_nb.cli.words import t
from timeline_nb.errors import ProjectError

if TYPE_CHECKING:
    from timeline_nb.interchange.report import Report
    from timeline_nb.notebook.edit import Edit

__all__ = ["convert", "export"]

FormatName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--format",
        help="The format to write, such as otio, or PLUGIN_ID/EXPORTER; by the "
        "suffix of the file if not given.",
    ),
]
Args: TypeAlias = Annotated[
    str, typer.Option("--args", help="The format's arguments, as a JSON object.")
]
ShowReport: TypeAlias = Annotated[
    bool,
    typer.Option("--report", help="Print what was kept, approximated and lost."),
]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Write nothing, and print the report.")
]
Strict: TypeAlias = Annotated[
    bool, typer.Option("--strict", help="Write nothing if anything would be lost.")
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print the report as JSON.")
]
WholePaths: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--whole-paths/--names-only", help="Whether the file tells where media lie."
    ),
]
Subtitles: TypeAlias = Annotated[
    str, typer.Option(help="Write the subtitles beside the file: srt, vtt or ass.")
]
Bake: TypeAlias = Annotated[
    str, typer.Option(help="Bake what the format lacks: look or effects.")
]


def export(
    project: Annotated[Path, typer.Argument(help="A .tlp project file.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    name: FormatName = "",
    args: Args = "{}",
    report: ShowReport = False,
    dry_run: DryRun = False,
    strict: Strict = False,
    whole_paths: WholePaths = None,
    subtitles: Subtitles = "",
    bake: Bake = "",
    allow: Allow = None,
    overwrite: Overwrite = False,
    json: AsJson = False,
) -> None:
    """Write a project for another program: `timeline-nb export cut.tlp -o cut.otio`."""
    from timeline_nb.studio import open_studio

    given = format_arguments_from(args, "--args")
    with open_studio() as studio:
        cut = open_edit(project, studio, allow)
        made = cut.export(
            output,
            format=name or None,
            dry_run=dry_run,
            strict=strict,
            whole_paths=whole_paths,
            overwrite=overwrite,
            subtitles=subtitles or None,
            bake=bake or None,
            **given,
        )
    _print(made, json=json, whole=report or dry_run)


def convert(
    source: Annotated[Path, typer.Argument(help="The file to read.")],
    output: Annotated[Path, typer.Argument(help="The file to write.")],
    name: FormatName = "",
    source_format: Annotated[
        str,
        typer.Option(
            "--from",
            help="The format to read, such as otio, or PLUGIN_ID/IMPORTER; by the "
            "suffix and the content of the file if not given.",
        ),
    ] = "",
    args: Args = "{}",
    source_args: Annotated[
        str,
        typer.Option("--from-args", help="The arguments of reading, as a JSON object."),
    ] = "{}",
    report: ShowReport = False,
    dry_run: DryRun = False,
    strict: Strict = False,
    whole_paths: WholePaths = None,
    subtitles: Subtitles = "",
    bake: Bake = "",
    allow: Allow = None,
    overwrite: Overwrite = False,
    json: AsJson = False,
) -> None:
    """Convert an edit from one program to another: `timeline-nb convert a.edl b.otio`.

    A file that ends in .tlp is a project of this one.
    """
    from timeline_nb.studio import open_studio

    given = format_arguments_from(args, "--args")
    taken = format_arguments_from(source_args, "--from-args")
    with open_studio() as studio:
        cut = open_edit(source, studio, allow, format=source_format or None, **taken)
        reports = _read_reports(cut, strict=strict)
        made = _hand_on(
            cut,
            output,
            given,
            format=name or None,
            dry_run=dry_run,
            strict=strict,
            whole_paths=whole_paths,
            overwrite=overwrite,
            subtitles=subtitles or None,
            bake=bake or None,
        )
    _print(*reports, *made, json=json, whole=report or dry_run)
    if not (made or json or dry_run):
        print(output)


def _hand_on(
    cut: "Edit", output: Path, given: dict[str, Any], **wishes: Any
) -> "list[Report]":
    """Export an edit and return the report; save it where its file is a project."""
    if output.suffix.lower() != ".tlp" or wishes["format"]:
        return [cut.export(output, **wishes, **given)]
    for name in ("subtitles", "bake"):
        if wishes[name]:
            raise ProjectError(f"{output.name} is a project, which takes no --{name}")
    if given:
        raise ProjectError(f"{output.name} is a project, which takes no --args")
    if not wishes["dry_run"]:
        cut.save(output, overwrite=wishes["overwrite"])
    return []


def _read_reports(cut: "Edit", *, strict: bool) -> "list[Report]":
    """Return the report of what was read; none of a project."""
    read = cut.import_report
    if read is None:
        return []
    if strict:
        read.refuse_losses()
    return [read]


def _print(*reports: "Report", json: bool, whole: bool) -> None:
    """Print files that were written, and what was lost, to stderr; or whole reports."""
    if json:
        print_json([_plain(one) for one in reports])
        return
    for one in reports:
        for path in one.files:
            print(path)
        if whole:
            print(f"{one.direction} {one.path.name} ({one.format}): {one.summary}")
            for finding in one:
                print(f"  {in_terminal(str(finding))}")
        elif not one.is_exact:
            where = one.path.name
            more = t("--report lists them")
            warn(f"{where} ({one.format}): {one.summary}; {more}")


def _plain(report: "Report") -> dict[str, object]:
    return {
        "file": str(report.path),
        "format": report.format,
        "direction": report.direction,
        "files": [str(path) for path in report.files],
        "findings": [
            {
                "where": one.where,
                "what": one.what,
                "outcome": one.outcome,
                "by_how_much": one.by_how_much,
                "detail": in_terminal(one.detail),
            }
            for one in report
        ],
    }
