"""What a person sets in the editor: keys, language, snapping, the look of the timeline.

The choices of the dialog are kept in the data folder, so that all notebooks share them;
they come before those of `tl.Settings(editor=...)`.
"""

import logging
from functools import cache
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAlias,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from filelock import FileLock

from timeline_nb.core.call_errors import ExplainingMeta
from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.locks import new_lock
from timeline_nb.core.private_files import private_folder, write_private
from timeline_nb.core.signals import Signal
from timeline_nb.core.structs import fault_of
from timeline_nb.errors import TimelineError
from timeline_nb.i18n import LANGUAGES

__all__ = [
    "Chords",
    "EditorSettings",
    "EditorSettingsStore",
    "Follow",
    "Keymap",
    "Keys",
    "LanguageCode",
    "LengthText",
    "Thumbnails",
    "Well",
]

_log = logging.getLogger(__name__)

Keymap: TypeAlias = Literal["default", "premiere", "resolve", "finalcut"]
Well: TypeAlias = Literal["dark", "page"]
Follow: TypeAlias = Literal["page", "smooth", "off"]
Thumbnails: TypeAlias = Literal["all", "ends", "off"]
LanguageCode: TypeAlias = Annotated[str, msgspec.Meta(max_length=35)]
# Frames or seconds: "12f", "1s", "0.5s".
LengthText: TypeAlias = Annotated[
    str,
    msgspec.Meta(
        max_length=12,
        pattern=r"^([1-9]\d{0,4}f|(?!0+(\.0+)?s)\d{1,3}(\.\d{1,4})?s)$",
    ),
]
Chords: TypeAlias = Annotated[
    tuple[Annotated[str, msgspec.Meta(max_length=60)], ...], msgspec.Meta(max_length=8)
]
Keys: TypeAlias = Annotated[
    dict[Annotated[str, msgspec.Meta(max_length=80)], Chords],
    msgspec.Meta(max_length=1_000),
]


class EditorSettings(
    msgspec.Struct, frozen=True, kw_only=True, metaclass=ExplainingMeta
):
    """How the editor, the timeline and the player behave.

    Args:
        keymap: The keys to begin with: ours (`"default"`), or those of Premiere,
            DaVinci Resolve or Final Cut.
        keys: Other keys of single commands: chords such as `("Mod+K",)` by the id of
            the command, where `Mod` is Cmd on a Mac and Ctrl elsewhere; `()` takes
            them away.
        language: A code such as `"de"`; empty for the page's.
        snaps: Whether clips snap to cuts, markers and the playhead.
        transition: The length of a new transition, in frames (`"12f"`) or seconds.
        well: What is around the picture: `"dark"` in both themes, or the page's color.
        follow: How the timeline follows the playhead during playback: by pages, by
            scrolling, or not.
        thumbnails: Pictures on clips: all along, at their ends, or none.

    Raises:
        TimelineError: A value is none of those.

    Example:
        >>> mine = tl.EditorSettings(keymap="premiere", snaps=False)
        >>> tl.Settings(editor=mine).editor.keymap
        'premiere'
    """

    keymap: Keymap = "default"
    keys: Keys = {}
    language: LanguageCode = ""
    snaps: bool = True
    transition: LengthText = "1s"
    well: Well = "dark"
    follow: Follow = "page"
    thumbnails: Thumbnails = "all"

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            _checked(name, getattr(self, name))

    def __hash__(self) -> int:
        # A dict has no hash; equal ones have equal items.
        values = (getattr(self, name) for name in self.__struct_fields__)
        return hash(tuple(_hashable(value) for value in values))


def _hashable(value: Any) -> Any:
    return frozenset(value.items()) if isinstance(value, dict) else value


def _checked(name: str, value: Any) -> Any:
    """Return a setting as its type has it.

    Raises:
        TimelineError: It is none.
    """
    hint = _hints()[name]
    fault = ""
    try:
        checked = msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        fault = _advice(name, hint) or fault_of(error)
    else:
        if name == "language" and checked and checked not in LANGUAGES:
            fault = _advice(name, hint)
    if fault:
        raise TimelineError(f"{name}={value!r}: {fault}")
    return checked


def _advice(name: str, hint: Any) -> str:
    """Return what a setting may be; empty if its type says it."""
    if get_origin(hint) is Literal:
        return f"give one of {', '.join(map(repr, get_args(hint)))}"
    if name == "language":
        return f"give one of {', '.join(LANGUAGES)}, or '' for the page's own"
    if name == "transition":
        return "give a length in frames, such as '12f', or in seconds, such as '1s'"
    return ""


@cache
def _hints() -> dict[str, Any]:
    """Return the type of each setting, by its name."""
    return get_type_hints(EditorSettings, include_extras=True)


class EditorSettingsStore:
    """Keeps what a person chose, in a file that all notebooks share.

    The lock guards what was read last; the file has a lock of its own, since other
    processes change it.

    Args:
        path: The file.
        defaults: The settings where nothing was chosen.

    Attributes:
        changed: Called with the settings after each change, also by another process,
            once `refresh` has seen it.
    """

    def __init__(self, path: Path, defaults: EditorSettings) -> None:
        self._path = path
        self._defaults = defaults
        self._lock = new_lock("the editor's settings")
        self._state: tuple[int, int, int] | None = None
        self._now = defaults
        self.changed: Signal[EditorSettings] = Signal("the editor's settings")
        self.refresh()

    @property
    def now(self) -> EditorSettings:
        """The settings as they were read last."""
        with self._lock:
            return self._now

    def refresh(self) -> None:
        """Read the file again if another process changed it."""
        state = _state_of(self._path)
        with self._lock:
            if state == self._state:
                return
        self._take(self._with_choices(self._choices()), state)

    def change(self, **fields: Any) -> EditorSettings:
        """Choose some settings, and return all of them.

        Raises:
            TimelineError: A value is no setting, or the file cannot be written.
        """
        msgspec.structs.replace(self.now, **fields)
        return self._keep(lambda chosen: chosen | fields)

    def reset(self) -> EditorSettings:
        """Forget what was chosen.

        Raises:
            TimelineError: The file cannot be written.
        """
        return self._keep(lambda _: {})

    def _keep(self, change: Any) -> EditorSettings:
        with file_errors(self._path, TimelineError):
            private_folder(self._path.parent)
            with FileLock(f"{self._path}.lock"):
                chosen = change(self._choices())
                write_private(self._path, msgspec.json.encode(chosen))
                state = _state_of(self._path)
        self._take(self._with_choices(chosen), state)
        return self.now

    def _take(
        self, settings: EditorSettings, state: tuple[int, int, int] | None
    ) -> None:
        with self._lock:
            is_new = settings != self._now
            self._now, self._state = settings, state
        if is_new:
            self.changed.emit(settings)

    def _choices(self) -> dict[str, Any]:
        """Return what the file holds; what is no setting is left out."""
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=dict[str, Any])
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeError, msgspec.MsgspecError) as error:
            _log.warning("%s cannot be read, and is left aside: %s", self._path, error)
            return {}
        chosen = {}
        for name in EditorSettings.__struct_fields__:
            try:
                if name in found:
                    chosen[name] = _checked(name, found[name])
            except TimelineError as error:
                _log.warning("%s: %s: it is left aside", self._path, error)
        return chosen

    def _with_choices(self, chosen: dict[str, Any]) -> EditorSettings:
        return msgspec.structs.replace(self._defaults, **chosen)


def _state_of(path: Path) -> tuple[int, int, int] | None:
    """Return what changes with a file's contents; None without a file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
