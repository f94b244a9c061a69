"""What tests of uploads share: a publisher of a stand-in, patient for milliseconds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from stand_ins.server import StandIn

from timeline_nb.core.jobs import Reporter
from timeline_nb.media.library import MediaLibrary
from timeline_nb.publishing.caller import Authorize
from timeline_nb.publishing.patience import Patience
from timeline_nb.publishing.publisher import Extras, Publisher
from timeline_nb.publishing.settings import read_settings
from timeline_nb.publishing.upload import Published
from timeline_nb.security.secret import Secret

PATIENCE = Patience(
    attempts=4,
    first_s=0.01,
    most_s=0.02,
    silence_s=200,
    poll_s=0.01,
    processed_within_s=200,
)
PART_BYTES = 262_144
# Which every stand-in but Telegram's takes.
TOKEN = "token-1"  # noqa: S105 - of the stand-ins


class Scene:
    """A publisher whose platform is a stand-in.

    Args:
        folder: For the journal and the cache.
        platform: Its name.
        stand_in: Plays it.
        token: What the account gives at first.
        fresh: What it gives once that was refused.
    """

    def __init__(
        self,
        folder: Path,
        platform: str,
        stand_in: StandIn,
        *,
        token: str = TOKEN,
        fresh: str = TOKEN,
        patience: Patience = PATIENCE,
        part_bytes: int = PART_BYTES,
    ) -> None:
        self.platform, self.stand_in = platform, stand_in
        self.asked: list[str | None] = []
        self._tokens = token, fresh
        self.publisher = Publisher(
            folder / "uploads",
            MediaLibrary(folder / "cache"),
            self._account,
            bases={platform: stand_in.address},
            patience=patience,
            part_bytes=part_bytes,
        )

    def _account(self, name: str) -> Authorize:
        assert name == self.platform

        def authorize(refused: Secret | None) -> Secret:
            self.asked.append(None if refused is None else refused.reveal())
            return Secret(self._tokens[refused is not None])

        return authorize

    def publish(
        self,
        film: Path,
        *,
        extras: Extras | None = None,
        reporter: Reporter | None = None,
        **fields: Any,
    ) -> Published:
        title = fields.pop("title", "A film")
        settings = read_settings(self.platform, title, fields)
        return self.publisher.publish(
            film, settings, extras or Extras(), reporter or Reporter()
        )

    def entries(self) -> list[Path]:
        return sorted(self.publisher.journal.folder.glob("*.upload"))


class Watching(Reporter):
    """Calls a function at each report of the upload, with the bytes sent.

    Args:
        see: Called before the report.
    """

    def __init__(self, see: Callable[[int], object]) -> None:
        super().__init__()
        self._see = see

    def report(self, stage: str, done: int, total: int | None, **options: Any) -> None:
        if stage == "upload":
            self._see(done)
        super().report(stage, done, total, **options)


def stopping(after_bytes: int) -> Reporter:
    """A reporter that cancels the job once so many bytes were sent."""

    def see(done: int) -> None:
        if done >= after_bytes:
            reporter.cancel()

    reporter = Watching(see)
    return reporter


def shown_in_frames(error: BaseException) -> list[str]:
    """What a traceback with the variables of all frames shows, but for the tests'."""
    shown = [repr(error)]
    seen: BaseException | None = error
    while seen is not None:
        trace = seen.__traceback__
        while trace is not None:
            if "/tests/" not in trace.tb_frame.f_code.co_filename:
                shown += map(repr, trace.tb_frame.f_locals.values())
            trace = trace.tb_next
        seen = seen.__cause__ or seen.__context__
    return shown
