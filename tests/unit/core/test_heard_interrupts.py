"""Interrupts are heard wherever the main thread waits, and a second one ends."""

import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a thread of Windows is sent no signal"
)

_BEGIN = """
import signal, sys, threading
from timeline_nb.core.heard_interrupts import interrupts_heard

signal.signal(signal.SIGINT, signal.default_int_handler)

def to_another_thread():
    # As the system may choose, and as a signal is that comes just before a wait:
    # it is noted, and interrupts nothing that the main thread waits in.
    one = threading.Thread(
        target=lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT)
    )
    return one

def wait_for_ever():
    lock = threading.Lock()
    lock.acquire()
    print("waits", flush=True)
    lock.acquire()
"""


def _run(*lines: str) -> subprocess.Popen[str]:
    code = "\n".join((_BEGIN, *lines))
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _end_of(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code of a process, and what it wrote."""
    with process:
        try:
            written, fault = process.communicate(timeout=200)
        finally:
            process.kill()
    return process.returncode, written + fault


def test_an_interrupt_that_interrupts_no_wait_is_heard_all_the_same() -> None:
    process = _run(
        "with interrupts_heard():",
        "    threading.Timer(0.3, lambda: to_another_thread().start()).start()",
        "    try:",
        "        wait_for_ever()",
        "    except KeyboardInterrupt:",
        "        print('heard')",
        "print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)",
    )
    assert _end_of(process) == (0, "waits\nheard\nTrue\n")


def test_an_interrupt_that_a_finalizer_swallowed_is_raised_again() -> None:
    process = _run(
        "class Ends:",
        "    def __del__(self):",
        "        signal.raise_signal(signal.SIGINT)",
        "with interrupts_heard():",
        "    try:",
        "        Ends()",
        "        wait_for_ever()",
        "    except KeyboardInterrupt:",
        "        print('heard')",
    )
    assert _end_of(process) == (0, "waits\nheard\n")


def test_a_second_interrupt_ends_what_does_not_end() -> None:
    process = _run(
        "with interrupts_heard():",
        "    try:",
        "        wait_for_ever()",
        "    except KeyboardInterrupt:",
        "        wait_for_ever()",
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waits\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "waits\n"
        # One at once counts for the same: a wrapper passes on what a terminal sent.
        ends = time.monotonic() + 200
        while process.poll() is None and time.monotonic() < ends:
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        process.kill()
    assert process.returncode == 130


def test_ignored_interrupts_stay_ignored() -> None:
    process = _run(
        "signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "with interrupts_heard():",
        "    signal.raise_signal(signal.SIGINT)",
        "    print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)",
    )
    assert _end_of(process) == (0, "True\n")


def test_an_interrupt_waits_for_steps_that_belong_together() -> None:
    process = _run(
        "from timeline_nb.core.interrupts import interrupts_held",
        "import time",
        "with interrupts_heard():",
        "    try:",
        "        with interrupts_held():",
        "            one = to_another_thread()",
        "            one.start(); one.join()",
        "            for _ in range(8): time.sleep(0.1)",
        "            print('held')",
        "    except KeyboardInterrupt:",
        "        print('heard')",
    )
    assert _end_of(process) == (0, "held\nheard\n")
