"""Looking at a film elsewhere: in processes, or on a cluster."""

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from timeline_nb.core.assumption import Assumption
from timeline_nb.core.jobs import Reporter
from timeline_nb.core.run_all import run_all, workers_of
from timeline_nb.core.worker_channel import WorkerChannel, WorkerStatus
from timeline_nb.media.info import MediaInfo
from timeline_nb.notebook.detect import DetectionRequest, look_at
from timeline_nb.studio import Settings, Studio, open_studio

__all__ = ["look_elsewhere"]


def look_elsewhere(
    info: MediaInfo,
    settings: Settings,
    wish: DetectionRequest,
    numbers: list[int],
    reporter: Reporter,
) -> None:
    """Have an executor's workers look at frames; neighbors stay together.

    What they find goes into the store of the studio that asks.

    Args:
        info: The film, probed.
        settings: Of the studio that asks.
        wish: What is looked for, and by whom.
        numbers: Of the frames, rising.
        reporter: Told of each; asked whether to wait or to stop.
    """
    executor = wish.executor
    if executor is None or not numbers:
        return
    count = max(1, min(len(numbers), 2 * workers_of(executor)))
    edges = [len(numbers) * part // count for part in range(count + 1)]
    plain = replace(wish, executor=None)
    folder = settings.cache_dir / "looks"
    with WorkerChannel(folder, stage="detect", total=len(numbers)) as board:
        orders = [
            _Order(
                Path(info.path).absolute(),
                info.assumed,
                settings,
                plain,
                tuple(numbers[first:last]),
                WorkerStatus(board.folder, number),
            )
            for number, (first, last) in enumerate(pairwise(edges))
        ]
        run_all(executor, orders, board, reporter)


@dataclass(frozen=True)
class _Order:
    """Frames that a worker looks at."""

    path: Path
    assumed: Assumption
    settings: Settings
    wish: DetectionRequest
    numbers: tuple[int, ...]
    post: WorkerStatus

    def __call__(self) -> None:
        from timeline_nb.notebook.media import Media

        studio = _studio_of(self.settings)
        info = studio.library.probe(self.path, assumed=self.assumed)
        media = Media(info, studio)
        look_at(media, studio, self.wish, self.numbers, _Posting(self.post))
        self.post.report(-1)


class _Posting(Reporter):
    """Reports at the board."""

    def __init__(self, post: WorkerStatus) -> None:
        super().__init__()
        self._post = post

    def report(self, *_: object, **__: object) -> None:
        """Tell that one more frame is done."""
        self._post.step(0)


@lru_cache(maxsize=4)
def _studio_of(settings: Settings) -> Studio:
    """The studio of a worker's process."""
    return open_studio(settings)
