"""The commands of `timeline-nb`, each a thin layer over the studio."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeline_nb import __version__
from timeline_nb.cli.accounts import accounts_app
from timeline_nb.cli.compare import diff, merge
from timeline_nb.cli.credentials import (
    Certificate,
    SigningKey,
    credentials,
    credentials_of,
)
from timeline_nb.cli.edit import edit, new
from timeline_nb.cli.exchange import convert, export
from timeline_nb.cli.git import git_app
from timeline_nb.cli.hints import in_terminal
from timeline_nb.cli.keys import keys_app
from timeline_nb.cli.models import models_app
from timeline_nb.cli.output import print_json, print_rows, warn
from timeline_nb.cli.plugin_uses import analyze
from timeline_nb.cli.plugins import plugins_app
from timeline_nb.cli.projects import Allow, Overwrite, open_edit
from timeline_nb.cli.proof import pack, unpack, verify
from timeline_nb.cli.publish import publish
from timeline_nb.cli.relink import relink
from timeline_nb.cli.run import run
from timeline_nb.cli.serve import serve
from timeline_nb.cli.words import said, translate_help
from timeline_nb.core.awaited_jobs import all_awaited
from timeline_nb.core.heard_interrupts import interrupts_heard
from timeline_nb.errors import TimelineNbError
from timeline_nb.media.info import VideoStream

if TYPE_CHECKING:
    from timeline_nb.render.result import RenderResult
    from timeline_nb.segments.plan import Plan

__all__ = ["app", "main"]

_SOME_FILES_FAILED = 3
_SOME_CHECKS_FAILED = 4
_INTERRUPTED = 130

app = typer.Typer(
    name="timeline-nb",
    help="Probe, analyze, edit, render and publish video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(new)
app.command()(edit)
app.command()(diff)
app.command()(merge)
app.command()(publish)
app.command()(run)
app.command()(verify)
app.command()(pack)
app.command()(unpack)
app.command()(credentials)
app.command()(serve)
app.command()(analyze)
app.command()(convert)
app.command()(export)
app.command()(relink)
app.add_typer(models_app, name="models", no_args_is_help=True)
app.add_typer(git_app, name="git", no_args_is_help=True)
app.add_typer(keys_app, name="keys", no_args_is_help=True)
app.add_typer(accounts_app, name="accounts", no_args_is_help=True)
app.add_typer(plugins_app, name="plugins", no_args_is_help=True)
Lock = Annotated[
    bool, typer.Option("--lock", help="Write FILM.lock, which proves the film.")
]
LockFile = Annotated[
    Path | None, typer.Option(help="Write the lock to this file instead.")
]
LockFrames = Annotated[
    bool,
    typer.Option(
        "--lock-frames",
        help="Have the lock hold hashes of what the media decode to, too.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def main() -> None:
    """Run the command line."""
    try:
        command = typer.main.get_command(app)
        translate_help(command)
        with all_awaited(), interrupts_heard():
            command()
    except TimelineNbError as error:
        warn(in_terminal(said(error)))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _show_version(is_given: bool) -> None:
    if is_given:
        print(__version__)
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """Probe, analyze, edit, render and publish video."""


@app.command()
def probe(
    file: Annotated[Path, typer.Argument(help="A video, audio or image file.")],
    json: Json = False,
) -> None:
    """Print the format, streams and tags of a media file."""
    from timeline_nb.media.probe import probe as probe_file

    info = probe_file(file)
    if json:
        print_json(info)
        return
    rows: list[tuple[str, object]] = [
        ("file", info.path),
        ("kind", f"{info.kind} ({info.container})"),
        ("duration", f"{float(info.duration):.3f} s"),
        ("fingerprint", info.fingerprint),
    ]
    rows += [
        (f"stream {stream.index}", _description_of(stream)) for stream in info.video
    ]
    rows += [
        (
            f"stream {sound.index}",
            f"{sound.codec} {sound.sample_rate_hz} Hz, {sound.layout}",
        )
        for sound in info.audio
    ]
    rows += [(f"tag {name}", value) for name, value in info.tags.items()]
    print_rows(rows)


def _description_of(stream: VideoStream) -> str:
    width, height = stream.display_size
    facts = [f"{stream.codec} {width}x{height}", stream.pix_fmt]
    facts.append(f"{float(stream.rate):.6g} fps{' on average' * stream.is_vfr}")
    if not stream.orientation.is_upright:
        facts.append(str(stream.orientation))
    if stream.is_interlaced:
        facts.append(f"interlaced ({stream.field_order})")
    if stream.is_hdr:
        facts.append("HDR")
    return ", ".join(facts)


@app.command()
def scan(
    folder: Annotated[
        Path, typer.Argument(help="The folder, searched with its subfolders.")
    ],
    workers: Annotated[
        int, typer.Option(min=1, help="How many files are read at once.")
    ] = 4,
    json: Json = False,
) -> None:
    """List the media files in a folder; exit with 3 if some cannot be read."""
    from timeline_nb.media.scan import scan as scan_folder
    from timeline_nb.notebook.naming import allow_folder
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        allow_folder(studio, folder)
        report = scan_folder(folder, library=studio.library, workers=workers)
    if json:
        print_json(report)
    else:
        for info in report.media:
            print(f"{info.kind:<6} {float(info.duration):>10.3f} s  {info.path}")
    for problem in report.problems:
        warn(f"{problem.path}: {problem.message}")
    if report.problems:
        raise typer.Exit(_SOME_FILES_FAILED)


@app.command()
def detect(
    file: Annotated[Path, typer.Argument(help="A video file.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The .csv or .parquet file to write.")
    ],
    every: Annotated[int, typer.Option(min=1, help="Examine every N-th frame.")] = 1,
    score: Annotated[
        float, typer.Option(min=0, max=1, help="The lowest score to keep.")
    ] = 0.25,
    model: Annotated[
        str | None,
        typer.Option(
            help="A model's name or an ONNX file; the embedded model if not given."
        ),
    ] = None,
    track: Annotated[bool, typer.Option(help="Link detections into tracks.")] = False,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Detect objects in a video, and write them to a table."""
    from timeline_nb.notebook.opening import open as open_media
    from timeline_nb.recognition.exchange.files import table_path, write_detections
    from timeline_nb.studio import open_studio

    # A name that cannot be written is refused before an hour of detection.
    table_path(output, overwrite=overwrite)
    with open_studio() as studio:
        media = open_media(file, studio=studio)
        result = media.detect(every=every, score=score, model=model)
        result = result.track() if track else result
    table = result.to_dataframe()
    write_detections(table, output, overwrite=overwrite)
    summary = {
        "file": str(file),
        "output": str(output),
        "frames": len(result.detections.examined_pts),
        "detections": len(table),
        "labels": table["label"].value_counts().to_dict(),
    }
    if json:
        print_json(summary)
    else:
        print_rows(summary)


@app.command()
def render(
    project: Annotated[Path, typer.Argument(help="A .tlp project file.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="The film to write; its suffix selects the container.",
        ),
    ],
    profile: Annotated[
        str, typer.Option(help="A profile's name, such as youtube-1080p.")
    ] = "",
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many segments are encoded at once.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Print the plan, and render nothing.")
    ] = False,
    lock: Lock = False,
    lock_file: LockFile = None,
    lock_frames: LockFrames = False,
    certificate: Certificate = None,
    key: SigningKey = "",
    allow: Allow = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Render a project to a film, reusing segments encoded before."""
    from timeline_nb.core.interrupts import StartedJobs
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        cut = open_edit(project, studio, allow)
        if plan:
            _print_plan(cut.plan(output, profile=profile or None), json=json)
            return
        with StartedJobs():
            job = cut.render(
                output,
                profile=profile or None,
                workers=workers,
                overwrite=overwrite,
                lock=lock_file or lock,
                lock_frames=lock_frames,
                credentials=credentials_of(certificate, key),
            )
            result = job.wait()
    _print_result(result, json=json)


def _print_result(result: "RenderResult", *, json: bool) -> None:
    if json:
        print_json(result)
        return
    rows: dict[str, object] = {"film": result.path, "frames": result.frames}
    rows["duration"] = f"{float(result.info.duration):.3f} s"
    if result.lock is not None:
        rows["lock"] = result.lock
    if result.plan is not None:
        encoded = sum(segment.frames for segment in result.plan.of("encode"))
        rows["encoded"] = f"{encoded} of {result.frames} frames"
    print_rows(rows)
    for warning in (*result.notes, *result.warnings):
        warn(warning)


def _print_plan(plan: "Plan", *, json: bool) -> None:
    if json:
        print_json(plan.to_dataframe().to_dict("records"))
        return
    for segment in plan.segments:
        why = f" ({segment.why})" if segment.why else ""
        layers = ", ".join(segment.layers) or "black"
        place = f"{segment.first:>7} {segment.last:>7}"
        print(f"{place}  {segment.action:<7} {layers}{why}")


@app.command()
def cache(
    clear: Annotated[
        bool, typer.Option("--clear", help="Delete all segments.")
    ] = False,
    json: Json = False,
) -> None:
    """Print the disk usage of encoded segments, or delete them."""
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        freed = studio.segments.clear() if clear else 0
        usage = studio.segments.statistics()
    facts = {
        "folder": str(studio.segments.folder),
        "segments": usage.files,
        "size_bytes": usage.size_bytes,
        "max_bytes": usage.max_bytes,
        "freed_bytes": freed,
    }
    if json:
        print_json(facts)
        return
    print_rows(facts)


@app.command()
def doctor(json: Json = False) -> None:
    """Print whether all works that films need, and what this machine has."""
    from timeline_nb.notebook.health import health

    report = health()
    if json:
        print_json({"health": report.to_json(), **report.machine})
    else:
        print(report)
    if not report.is_ok:
        raise typer.Exit(_SOME_CHECKS_FAILED)
