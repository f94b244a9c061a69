"""The commands, each a thin layer over the studio."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from timeline_nb import __version__
from timeline_nb.cli.output import print_json, print_rows, warn
from timeline_nb.errors import TimelineNbError
from timeline_nb.media.info import VideoStream

__all__ = ["app", "main"]

_SOME_FILES_FAILED = 3
_INTERRUPTED = 130

app = typer.Typer(
    name="timeline-nb",
    help="Probe, study, cut and render video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def main() -> None:
    """Run the command line."""
    try:
        app()
    except TimelineNbError as error:
        warn(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print it."
        ),
    ] = False,
) -> None:
    """Probe, study, cut and render video."""


@app.command()
def probe(
    file: Annotated[Path, typer.Argument(help="A video, a sound or a picture.")],
    json: Json = False,
) -> None:
    """Tell what a media file holds."""
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
    rows += [(f"stream {stream.index}", _told(stream)) for stream in info.video]
    rows += [
        (
            f"stream {sound.index}",
            f"{sound.codec} {sound.sample_rate_hz} Hz, {sound.layout}",
        )
        for sound in info.audio
    ]
    rows += [(f"tag {name}", value) for name, value in info.tags.items()]
    print_rows(rows)


def _told(stream: VideoStream) -> str:
    width, height = stream.display_size
    facts = [f"{stream.codec} {width}x{height}", stream.pix_fmt]
    facts.append(f"{float(stream.rate):.6g} fps{' on average' * stream.is_vfr}")
    if stream.rotation_deg:
        facts.append(f"turned {stream.rotation_deg} degrees")
    if stream.is_hdr:
        facts.append("HDR")
    return ", ".join(facts)


@app.command()
def scan(
    folder: Annotated[Path, typer.Argument(help="Searched with its subfolders.")],
    workers: Annotated[int, typer.Option(min=1, help="Files read at once.")] = 4,
    json: Json = False,
) -> None:
    """Probe every media file below a folder; exit 3 if some could not be read."""
    from timeline_nb.media.scan import scan as scan_folder
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
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
    file: Annotated[Path, typer.Argument(help="A video.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A .csv or .parquet file.")
    ],
    every: Annotated[int, typer.Option(min=1, help="Look at each N-th frame.")] = 1,
    score: Annotated[float, typer.Option(min=0, max=1, help="Least score.")] = 0.25,
    model: Annotated[
        Path | None, typer.Option(help="An ONNX file; the embedded one if not given.")
    ] = None,
    json: Json = False,
) -> None:
    """Detect objects in a video, and write a table of them."""
    from timeline_nb.cli.tables import write_table
    from timeline_nb.notebook.media import open as open_media
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        media = open_media(file, studio=studio)
        found = media.detect(every=every, score=score, model=model)
    table = found.to_dataframe()
    write_table(table, output)
    summary = {
        "file": str(file),
        "output": str(output),
        "frames": len(found.detections.examined_pts),
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
    output: Annotated[Path, typer.Option("--output", "-o", help="An .mp4 file.")],
    json: Json = False,
) -> None:
    """Render a project to a film."""
    from timeline_nb.notebook.edit import load
    from timeline_nb.notebook.progress import finish
    from timeline_nb.studio import open_studio

    with open_studio() as studio:
        result = finish(load(project, studio=studio).render(output))
    if json:
        print_json(result)
        return
    print_rows(
        {
            "film": result.path,
            "frames": result.frames,
            "duration": f"{float(result.info.duration):.3f} s",
        }
    )
    for warning in result.warnings:
        warn(warning)


@app.command()
def doctor(json: Json = False) -> None:
    """Tell what this machine can do: versions, encoders, providers, fonts."""
    from timeline_nb.cli.doctor import examine

    facts = examine()
    if json:
        print_json(facts)
        return
    for title, rows in facts.items():
        print(f"\n{title}")
        print_rows((f"  {name}", value) for name, value in rows.items())
