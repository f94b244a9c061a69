"""One decoder process, as the process sees it that started it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

import psutil

from timeline_nb.core.child_process import plain_environment, start_module
from timeline_nb.errors import MediaError
from timeline_nb.i18n import Message
from timeline_nb.media.apart.channel import SocketMessages
from timeline_nb.media.apart.isolation import MAX_DECODER_BYTES, MAX_DECODER_SECONDS
from timeline_nb.media.apart.messages import Answer, Request, decode_answer, encode
from timeline_nb.media.apart.region import SharedRegion

__all__ = ["DecoderLostError", "DecoderProcess", "Loss"]

Loss: TypeAlias = Literal["crashed", "killed", "slow", "large", "strange", "ended"]
_CHILD: Final = "timeline_nb.media.apart.child"
# How often who waits looks at the process, and whether it still is to wait.
_WATCH_S: Final = 0.1
_ENDS_WITHIN_S: Final = 2.0
# Of a busy machine with a slow disk.
_STARTS_WITHIN_S: Final = 60.0
# Signals by which others end a process; all else is a fault of its own.
_OUTER_SIGNALS: Final = {"SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"}
# What a decoder needs of the environment: no keys, no tokens.
_VARIABLES: Final = ("LANG", "LC_ALL", "PATH", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
_PREFIXES: Final = ("TIMELINE_NB_MAX_", "PYTHON")
_WINDOWS_VARIABLES: Final = ("SYSTEMROOT", "TEMP", "TMP", "USERPROFILE")


class DecoderLostError(Exception):
    """A decoder process ended, or was ended.

    Args:
        loss: How.
        why: In words.
    """

    def __init__(self, loss: Loss, why: str) -> None:
        super().__init__(why)
        self.loss = loss


class DecoderProcess:
    """A process that decodes; not thread-safe.

    Raises:
        MediaError: It cannot be started.
    """

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._region = SharedRegion.create()
        self._number = 0
        self._has_started = False
        # Whether an answer is awaited: what is left of a wait is not for others.
        self.is_waited_for = False
        ours, theirs = socket.socketpair()
        life_end, self._life = os.pipe()
        self._channel = SocketMessages(ours)
        memory = -1 if self._region is None else self._region.fd
        passed = [theirs.fileno(), life_end]
        try:
            self._process = start_module(
                _CHILD,
                *map(str, (*passed, memory, MAX_DECODER_BYTES.value)),
                variables=_environment(),
                pass_fds=[*passed, *([] if memory < 0 else [memory])],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            self._close()
            raise MediaError(
                Message(
                    "a process that decodes cannot be started: {why}",
                    why=error.strerror,
                )
            ) from error
        finally:
            theirs.close()
            os.close(life_end)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it still runs, and belongs to this process."""
        return self._owner == os.getpid() and self._process.poll() is None

    def send(self, asked: Request) -> int:
        """Send a request, and return its number.

        Raises:
            DecoderLostError: The process is gone.
        """
        self._number += 1
        self.send_more(asked)
        return self._number

    def send_more(self, asked: Request) -> None:
        """Send what belongs to the last request.

        Raises:
            DecoderLostError: The process is gone.
        """
        self.is_waited_for = True
        try:
            self._channel.send(encode(self._number, asked))
        except OSError:
            raise self._lost() from None
        self.is_waited_for = False

    def receive(self, check: Callable[[], object] = lambda: None) -> Answer:
        """Return the next answer to the last request.

        Args:
            check: Called several times a second; what it raises ends the wait.

        Raises:
            DecoderLostError: The process is gone, or was ended as it took too much.
        """
        self.is_waited_for = True
        start_s = 0.0 if self._has_started else _STARTS_WITHIN_S
        deadline = time.monotonic() + start_s + MAX_DECODER_SECONDS.value
        while True:
            try:
                data = self._channel.receive(_WATCH_S)
                if data is not None:
                    number, answer = decode_answer(data)
                    if number == self._number:
                        self.is_waited_for = False
                        return answer
                    if not self._has_started:
                        self._has_started = True
                        deadline = time.monotonic() + MAX_DECODER_SECONDS.value
                    continue
            except (EOFError, OSError):
                raise self._lost() from None
            except ValueError:
                self.end()
                raise DecoderLostError(
                    "strange", "answered what is no answer"
                ) from None
            check()
            self._watch(deadline)

    def ask(self, asked: Request, check: Callable[[], object] = lambda: None) -> Answer:
        """Send a request, and return the first answer.

        Raises:
            DecoderLostError: As of `receive`.
        """
        self.send(asked)
        return self.receive(check)

    def slot(self, number: int, size: int) -> memoryview:
        """Return the memory of a slot.

        Raises:
            ValueError: There is none.
        """
        if self._region is None:
            raise ValueError("there is no shared memory")
        return self._region.slot(number, size)

    @property
    def has_slots(self) -> bool:
        """Whether there is shared memory."""
        return self._region is not None

    def rest(self) -> None:
        """Free the memory that is not used between two files."""
        if self._region is not None:
            self._region.clear()

    def end(self) -> int:
        """End the process, and return its exit code; it may have ended before."""
        code = 0
        if self._owner == os.getpid():
            self._process.kill()
            code = self._process.wait()
        self._close()
        return code

    def leave(self) -> None:
        """Close what a forked process inherited of it."""
        # Of the parent: nothing here waits for it.
        self._process.returncode = 0
        self._close()

    def _close(self) -> None:
        self._channel.close()
        if self._life >= 0:
            os.close(self._life)
            self._life = -1
        if self._region is not None:
            self._region.close()

    def _watch(self, deadline: float) -> None:
        """End the process if it takes too much.

        Raises:
            DecoderLostError: It does.
        """
        if time.monotonic() > deadline:
            self.end()
            limit = MAX_DECODER_SECONDS
            raise DecoderLostError(
                "slow",
                f"gave no answer in {limit.value:,} s (set {limit.variable} to allow "
                "more), and was ended",
            )
        try:
            taken = int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return
        if taken > MAX_DECODER_BYTES.value:
            self.end()
            raise self.too_large()

    @staticmethod
    def too_large() -> DecoderLostError:
        """Return the error of a process that needs more memory than it may take."""
        limit = MAX_DECODER_BYTES
        return DecoderLostError(
            "large",
            f"needs more than {limit.value:,} bytes of memory (set {limit.variable} to "
            "allow more)",
        )

    def _lost(self) -> DecoderLostError:
        """Return how the process ended."""
        try:
            code = self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            code = 0
        self.end()
        if code >= 0:
            return DecoderLostError("ended", f"ended, with the code {code}")
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        if name in _OUTER_SIGNALS:
            return DecoderLostError("killed", f"was ended from outside ({name})")
        return DecoderLostError("crashed", f"crashed ({name})")


def _environment() -> dict[str, str]:
    names = [*_VARIABLES, *(_WINDOWS_VARIABLES if sys.platform == "win32" else ())]
    found = {
        name: value
        for name, value in plain_environment().items()
        if name in names or name.startswith(_PREFIXES)
    }
    # numpy's threads would take memory, and are not needed.
    return found | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
