import pickle
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from timeline_nb.core.jobs import JobStatus, Reporter
from timeline_nb.errors import JobCancelledError, TimelineError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.settings import Settings
from timeline_nb.studio import open_studio


def _endless(began: threading.Event) -> Callable[[Reporter], None]:
    def work(reporter: Reporter) -> None:
        while True:
            reporter.report("wait", 0, None)
            began.set()

    return work


def test_closing_a_studio_stops_its_jobs(tmp_path: Path) -> None:
    began = threading.Event()
    with open_studio(Settings(cache_dir=tmp_path, jobs_at_once=1)) as studio:
        running = studio.start("running", _endless(began))
        waiting = studio.start("waiting", _endless(threading.Event()))
        assert began.wait(120)
    assert running.status is JobStatus.CANCELLED
    with pytest.raises(JobCancelledError):
        waiting.wait(120)


def test_folders_are_given_as_paths_or_text(tmp_path: Path) -> None:
    text = Settings(cache_dir=str(tmp_path), data_dir=tmp_path, jobs_at_once=3)
    assert text == Settings(cache_dir=tmp_path, data_dir=tmp_path, jobs_at_once=3)
    assert hash(text) == hash(pickle.loads(pickle.dumps(text)))  # noqa: S301 - our own
    assert replace(text, jobs_at_once=1).cache_dir == tmp_path
    assert Settings(cache_dir="~/cache").cache_dir == Path.home() / "cache"
    assert Settings().cache_dir.is_absolute()


def test_a_replacement_is_used_and_left_open(tmp_path: Path) -> None:
    library = MediaLibrary(tmp_path)
    with ThreadPoolExecutor(1, thread_name_prefix="mine") as pool:
        with open_studio(library=library, executor=pool) as studio:
            assert studio.library is library
            name = studio.start("name", lambda _: threading.current_thread().name)
            assert name.wait(120).startswith("mine")
        assert pool.submit(int).result(120) == 0


def test_a_detector_is_loaded_once(tmp_path: Path) -> None:
    with open_studio(Settings(cache_dir=tmp_path)) as studio:
        assert studio.detector() is studio.detector()


@pytest.mark.parametrize("name", ["jobs_at_once", "segment_bytes", "project_bytes"])
@pytest.mark.parametrize("value", [0, -1, "1GB", True, 1.5])
def test_a_count_of_the_settings_is_a_whole_number_above_0(
    name: str, value: Any
) -> None:
    with pytest.raises(TimelineError, match=f"{name}={value!r}"):
        Settings(**{name: value})
