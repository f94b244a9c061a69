"""The files and effects that frames are made of: whether they stay what they were."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self, TypeVar

from timeline_nb.compose.dependencies import Dependencies
from timeline_nb.effects.provided import identity_of, note_change
from timeline_nb.errors import MediaError, RenderError
from timeline_nb.i18n import Message, message_of
from timeline_nb.media.file_state import MediaState, state_of
from timeline_nb.media.fingerprint import fingerprint
from timeline_nb.media.sequence import sequence_at
from timeline_nb.timeline.model import Timeline
from timeline_nb.timeline.queries import media_users

__all__ = [
    "ChangedEffectError",
    "Inputs",
    "TouchedError",
    "with_steady_effects",
    "work_steadily",
]

# Attempts at a segment whose files are written or moved, with the same contents.
_TRIES: Final = 3
T = TypeVar("T")


class ChangedEffectError(RenderError):
    """What a custom effect depends on changed while it was rendered.

    Args:
        kind: The effect.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return (
            f"what the effect {self.kind!r} depends on changed while it was rendered: "
            "render again"
        )


class TouchedError(MediaError):
    """A file was written or moved, and its contents are what they were."""


@dataclass(frozen=True)
class Inputs:
    """The state of files and effects at a time.

    Args:
        files: The state and the fingerprint of each file, by its path.
        effects: The digest of each custom effect that can be compared, by its kind.
        users: The label of a clip that uses the file, by its path, for errors.
    """

    files: dict[str, tuple[MediaState, str]] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, timeline: Timeline, *, effects: bool = True) -> Self:
        """Return the inputs of a timeline as they are now.

        A file that is not there is left out: reading it tells.

        Args:
            timeline: What is shown or heard.
            effects: Whether custom effects count, which are seen alone.
        """
        needs = Dependencies(timeline)
        found = {}
        for path in needs.files:
            try:
                state = state_of(path)
                found[path] = (state, _contents(path))
            except MediaError:
                continue
        known = {kind: identity_of(kind) for kind in needs.kinds if effects}
        digests = {k: one.digest for k, one in known.items() if not one.why}
        return cls(found, digests, media_users(timeline))

    def renewed(self) -> "Inputs":
        """Return the same files as they are now.

        Raises:
            MediaError: One has other contents, or is gone.
        """
        files = {}
        for path, (_, contents) in self.files.items():
            with self._user_context(path):
                files[path] = (state_of(path), _contents(path))
                if files[path][1] != contents:
                    raise _changed(path)
        return Inputs(files, self.effects, self.users)

    def differing(self, other: "Inputs") -> str | None:
        """Return a file of which another has other contents; None if there is none."""
        for path, (_, contents) in self.files.items():
            if path in other.files and other.files[path][1] != contents:
                return path
        return None

    def check_files(self) -> None:
        """Check that every file is still what it was.

        Raises:
            MediaError: A file has other contents, or is gone.
            TouchedError: A file was written or moved: it may have had other contents
                in between.
        """
        touched = ""
        for path, (state, contents) in self.files.items():
            with self._user_context(path):
                if state_of(path) == state:
                    continue
                if _contents(path) != contents:
                    raise _changed(path)
            touched = path
        if touched:
            raise TouchedError(
                Message(
                    "{touched} is written or moved while it is rendered: render "
                    "again, and leave the file as it is until the film is done",
                    touched=touched,
                )
            )

    def check(self) -> None:
        """Check that every file and effect is still what it was.

        Raises:
            MediaError: As `check_files`.
            TouchedError: Likewise.
            ChangedEffectError: An effect has changed.
        """
        self.check_files()
        for kind, digest in self.effects.items():
            if identity_of(kind).digest != digest:
                raise ChangedEffectError(kind)

    @contextmanager
    def _user_context(self, path: str) -> Iterator[None]:
        """Prefix an error of the block with the clip that uses the file."""
        try:
            yield
        except MediaError as error:
            user = self.users.get(path)
            raise MediaError(
                Message("clip {label}: {why}", label=user, why=error)
                if user
                else message_of(error)
            ) from error

    def are_unchanged(self) -> bool:
        """Return whether every file and effect is still what it was."""
        try:
            self.check()
        except (MediaError, ChangedEffectError):
            return False
        return True


def work_steadily(work: Callable[[Inputs], None], inputs: Inputs) -> None:
    """Work until nothing is written or moved meanwhile, a few times at most.

    Args:
        work: Reads the files, and checks the inputs it is given before it keeps
            anything.
        inputs: Of the plan.

    Raises:
        MediaError: A file has other contents, or does not rest.
    """
    for _ in range(_TRIES - 1):
        try:
            return work(inputs)
        except TouchedError:
            inputs = inputs.renewed()
    return work(inputs)


def with_steady_effects(work: Callable[[], T]) -> T:
    """Do work that plans and encodes, and again if a custom effect changed meanwhile.

    One that keeps changing is not cached after that: it may count its own calls.
    """
    changes: Counter[str] = Counter()
    while True:
        try:
            return work()
        except ChangedEffectError as error:
            changes[error.kind] += 1
            if changes[error.kind] > 1:
                note_change(error.kind)


def _changed(path: str) -> MediaError:
    return MediaError(
        Message(
            "{path} changed while it was rendered: render again, and "
            "leave the file as it is until the film is done",
            path=path,
        )
    )


def _contents(path: str) -> str:
    """Return what identifies the contents of a file or a sequence."""
    sequence = sequence_at(path)
    return fingerprint(Path(path)) if sequence is None else sequence.status()[0]
