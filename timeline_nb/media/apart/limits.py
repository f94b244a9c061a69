"""What a process denies itself before it opens a file of a stranger."""

import os
import sys
import threading
from contextlib import suppress
from typing import Any, Final

from timeline_nb.media.apart.refused_calls import refuse_calls

__all__ = ["die_with_parent", "take_limits"]

_MOST_FILES: Final = 128
_GONE: Final = 1


def take_limits(
    memory_bytes: int, *, written_bytes: int = 0, cpu_s: int | None = None
) -> None:
    """Limit memory and files, and refuse network and other programs.

    What the system does not have is left out; the other side watches memory and time.

    Args:
        memory_bytes: The memory that this process may have for itself.
        written_bytes: How long a file may become that it writes.
        cpu_s: How long it may take where the other side watches it. Where nobody does,
            it is ended when it has computed a few times that; never if None.
    """
    if sys.platform == "win32":
        return
    import resource

    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, written_bytes),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
    ]
    if sys.platform == "linux":
        # Not the space of addresses: each thread of glibc's reserves 128 MB of that.
        wanted.append((resource.RLIMIT_DATA, memory_bytes))
    if cpu_s is not None:
        # Later than by who watches, and can say why; threads count together.
        wanted.append((resource.RLIMIT_CPU, 4 * cpu_s + 5))
    for kind, most in wanted:
        with suppress(OSError, ValueError):
            _, hard = resource.getrlimit(kind)
            known = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (known, known))
    refuse_calls()


def die_with_parent(life: int) -> None:
    """End this process when the other end of a pipe is closed, whatever runs here.

    `PR_SET_PDEATHSIG` would end it with the thread that started it.

    Args:
        life: The descriptor of a pipe that nothing is written to.
    """
    if sys.platform == "linux":
        import fcntl
        import select
        import signal

        # The system itself sends the signal: a decoder that hangs cannot prevent it.
        fcntl.fcntl(life, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(life, fcntl.F_GETFL)
        fcntl.fcntl(life, fcntl.F_SETFL, flags | os.O_ASYNC)
        poll = select.poll()
        poll.register(life, 0)
        if poll.poll(0):
            os._exit(_GONE)
    else:
        threading.Thread(target=_wait_for_end, args=(life,), daemon=True).start()


def _wait_for_end(life: int) -> Any:
    with suppress(OSError):
        os.read(life, 1)
    os._exit(_GONE)
