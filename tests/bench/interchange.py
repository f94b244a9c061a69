"""What other programs' edits of 10,000 clips cost to write and to read.

python tests/bench/interchange.py [CLIPS]

The clips have names of their own and a hundred media. AAF is read once more by
OpenTimelineIO's adapter, in the same run.
"""

import sys
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from timelines import clip, empty, media

from timeline_nb.interchange.formats import format_of_name, read, write
from timeline_nb.interchange.report import Report
from timeline_nb.interchange.requests import ReadRequest, WriteRequest
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline

CLIPS = 10_000
MEDIA = 100
FORMATS = ("otio", "fcpxml", "fcp7xml", "mlt", "edl", "csv", "aaf")

T = TypeVar("T")


def made(clips: int) -> Timeline:
    of = [media(f"{number}.mov", has_audio=True) for number in range(MEDIA)]
    row = [
        clip(n % 50, Fraction(5 + n % 20, 25), of=of[n % MEDIA], name=f"clip {n}")
        for n in range(clips)
    ]
    return edits.append(empty(), row)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    found = work()
    return found, time.perf_counter() - began


def written(name: str, timeline: Timeline) -> bytes:
    path = Path(f"film.{name}")
    report = Report(path, name, "export")
    request = WriteRequest(timeline=timeline, path=path, report=report)
    return write(format_of_name(name, "export"), request, {}).data


def read_again(name: str, data: bytes) -> Timeline:
    path = Path(f"film.{name}")
    report = Report(path, name, "import")
    request = ReadRequest(data=data, name=path.name, path=path, report=report)
    return read(format_of_name(name, "import"), request, {})


def of_the_adapter(data: bytes) -> object:
    adapters = import_module("opentimelineio").adapters
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.aaf"
        path.write_bytes(data)
        return adapters.read_from_file(str(path), adapter_name="AAF")


def main() -> None:
    clips = int(sys.argv[1]) if len(sys.argv) > 1 else CLIPS
    timeline = made(clips)
    print(f"{clips} clips with sound, {MEDIA} media")
    for name in FORMATS:
        data, write_s = timed(partial(written, name, timeline))
        _, read_s = timed(partial(read_again, name, data))
        size = f"{len(data) / 1e6:6.1f} MB"
        print(f"  {name:8} {size}  written {write_s:6.2f} s  read {read_s:6.2f} s")
    _, adapter_s = timed(lambda: of_the_adapter(data))
    print(
        f"  the adapter reads that aaf in {adapter_s:.2f} s: {adapter_s / read_s:.1f}x"
    )


if __name__ == "__main__":
    main()
