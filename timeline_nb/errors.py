"""Every error the package raises on purpose.

TimelineNbError
├── ArgumentError       a call has an argument that is not its own (TypeError)
├── TimeError           a time, rate or timecode cannot be read   (ValueError)
├── MediaError          a media file cannot be opened or decoded  (OSError)
│   ├── DamagedFrameError   a frame of a file does not decode
│   └── UnsafeMediaError    a file reaches outside itself or is a bomb
├── TimelineError       an edit or a timeline is not valid        (ValueError)
├── ProjectError        a project file cannot be read or written  (ValueError)
├── CompositionError    a timeline cannot be turned into pictures (RuntimeError)
├── RenderError         a render failed, or its output is wrong   (RuntimeError)
├── RecognitionError    a model or its output is not usable       (RuntimeError)
├── AccessError         a path is outside the allowed folders     (PermissionError)
├── VaultError          secrets cannot be read, kept or asked for (RuntimeError)
├── AccountError        an account cannot be connected or used    (RuntimeError)
├── PublishError        a film cannot be uploaded                 (RuntimeError)
├── PluginError         a plugin is refused, failed or stopped    (RuntimeError)
├── CredentialError     a film cannot be signed, or who signed read (RuntimeError)
├── NotebookError       a notebook cannot be run, or a cell failed (RuntimeError)
├── ServerError         a file or an edit cannot be served        (RuntimeError)
├── OverloadError       more waits than a pool or queue holds     (RuntimeError)
└── JobCancelledError   a job was cancelled before it finished    (RuntimeError)

Each message names the file, track, clip or field, says what is wrong with it,
and what to do.
"""

import errno

__all__ = [
    "AccessError",
    "AccountError",
    "ArgumentError",
    "CompositionError",
    "CredentialError",
    "DamagedFrameError",
    "JobCancelledError",
    "MediaError",
    "NotebookError",
    "OverloadError",
    "PluginError",
    "ProjectError",
    "PublishError",
    "RecognitionError",
    "RenderError",
    "ServerError",
    "TimeError",
    "TimelineError",
    "TimelineNbError",
    "UnsafeMediaError",
    "VaultError",
]


class TimelineNbError(Exception):
    """The base of every error the package raises on purpose."""


class ArgumentError(TimelineNbError, TypeError):
    """A call has an argument that is misspelt, of another call, missing or unnamed."""


class TimeError(TimelineNbError, ValueError):
    """A time, a rate or a timecode cannot be read or does not make sense."""


class MediaError(TimelineNbError, OSError):
    """A media file cannot be opened, probed or decoded."""


class DamagedFrameError(MediaError):
    """A frame of a media file cannot be decoded, though others can."""


class UnsafeMediaError(MediaError):
    """A media file reaches outside itself, or would exhaust the machine."""


class TimelineError(TimelineNbError, ValueError):
    """An edit cannot be made, or a timeline is not valid."""

    # What it is about is not on the timeline: a drag of what has just gone is over.
    is_missing = False


class ProjectError(TimelineNbError, ValueError):
    """A project file cannot be read, understood or written."""


class CompositionError(TimelineNbError, RuntimeError):
    """A timeline cannot be turned into pictures or sound."""


class RenderError(TimelineNbError, RuntimeError):
    """A render failed, or what it wrote is not what was asked for."""


class RecognitionError(TimelineNbError, RuntimeError):
    """A model cannot be used, or gave what is not a detection."""


class AccessError(TimelineNbError, PermissionError):
    """A path is outside the folders that may be read or written.

    Args:
        message: The whole sentence, with the path.
        reason: Why, without the path; `strerror` has it, and `errno` is EACCES.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(errno.EACCES, reason or message)
        # What `pickle` calls the class with again.
        self.args = (message, reason)

    def __str__(self) -> str:
        return str(self.args[0])


class VaultError(TimelineNbError, RuntimeError):
    """A secret, or the vault that holds it, cannot be read or kept."""


class AccountError(TimelineNbError, RuntimeError):
    """An account cannot be connected, or its provider refuses it."""


class PublishError(TimelineNbError, RuntimeError):
    """A film cannot be uploaded, or the platform does not take it."""


class PluginError(TimelineNbError, RuntimeError):
    """A plugin cannot be used: it is refused, failed, or was stopped."""


class CredentialError(TimelineNbError, RuntimeError):
    """A film cannot be signed, or its content credentials cannot be read."""


class NotebookError(TimelineNbError, RuntimeError):
    """A notebook cannot be run, one of its cells failed, or a batch cannot begin."""


class ServerError(TimelineNbError, RuntimeError):
    """A file or an edit cannot be served, or there is no server for it."""


class OverloadError(TimelineNbError, RuntimeError):
    """More is asked for at once than a queue or a pool of threads holds."""


class JobCancelledError(TimelineNbError, RuntimeError):
    """A job was cancelled before it finished."""
