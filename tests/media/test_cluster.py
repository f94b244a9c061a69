"""A render on a Dask cluster, one of whose workers is killed on the way."""

import os
import signal
import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from media_factory import Clips, read_number
from references import cut_from

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.library import MediaLibrary
from timeline_nb.render.profile import Profile
from timeline_nb.render.render import Renderer
from timeline_nb.timeline import edits
from timeline_nb.timeline.model import Timeline

distributed = pytest.importorskip("distributed")
# Sockets that a killed worker leaves behind are told when they are collected.
pytestmark = pytest.mark.filterwarnings("ignore")
S = Fraction
FAST = Profile(preset="ultrafast", crf=12)


@pytest.fixture
def client() -> Iterator[Any]:
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=50,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_a_killed_worker_costs_no_frame_and_doubles_none(
    clips: Clips, library: MediaLibrary, client: Any, tmp_path: Path
) -> None:
    spans = [(n % 30, n % 30 + 25) for n in range(0, 120, 3)]
    row = [
        cut_from(clips["bframes"], library, S(a, 25), S(b - a, 25)) for a, b in spans
    ]
    timeline = edits.append(Timeline(name="d", rate=S(25), size=(192, 112)), row)
    begun = threading.Event()
    reporter = Reporter(lambda progress: begun.set() if progress.done else None)
    killed = []

    def kill() -> None:
        begun.wait(200)
        workers = client.run(os.getpid)
        killed.append(next(iter(workers.values())))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    renderer = Renderer(library, tmp_path / "cache", executor=client.get_executor())
    path = tmp_path / "film.mp4"
    result = renderer.render(timeline, path, FAST, reporter)
    killer.join()
    assert killed
    assert result.frames == 25 * len(spans)
    with library.video(path) as decoder:
        shown = [read_number(f.to_rgb()) for f in decoder.frames(range(result.frames))]
    assert shown == [n for first, last in spans for n in range(first, last)]
    # The bytes are those of a render in threads.
    plain = Renderer(library, tmp_path / "other").render(
        timeline, tmp_path / "plain.mp4", FAST, Reporter()
    )
    assert path.read_bytes() == plain.path.read_bytes()
