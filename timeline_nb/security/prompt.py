"""Ask a person for a text that is not shown while it is typed."""

import getpass
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import Final

from timeline_nb.errors import VaultError
from timeline_nb.security.secret import Secret

__all__ = ["ask_hidden", "has_person"]

_TERMINAL: Final = Path("/dev/tty")


def ask_hidden(prompt: str, *, otherwise: str) -> Secret:
    """Return what a person typed, in a notebook's input field or at the terminal.

    Args:
        prompt: What is shown before the field.
        otherwise: What to do where nobody can be asked; the error says it.

    Raises:
        VaultError: Nobody can be asked: a notebook runs without a person, or there is
            no terminal.
    """
    typed: Secret | None = None
    if has_person():
        try:
            # Without control of the echo, Python would show what is typed.
            with warnings.catch_warnings():
                warnings.simplefilter("error", getpass.GetPassWarning)
                typed = Secret(getpass.getpass(prompt))
        # ipykernel: StdinNotImplementedError where its client takes no input, and
        # RuntimeError in threads that cannot ask.
        except (NotImplementedError, EOFError, OSError, RuntimeError, Warning):
            typed = None
    if typed is None:
        raise VaultError(
            f"nobody can be asked for {prompt.strip(' :')} here (a notebook that runs "
            f"by itself, a thread, or no terminal): {otherwise}"
        )
    return typed


def has_person() -> bool:
    """Return whether there is a notebook's client or a terminal to ask at.

    Only the main thread may ask: of others the client would not know the cell.
    """
    if threading.current_thread() is not threading.main_thread():
        return False
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    if getattr(shell, "kernel", None) is not None:
        return True  # its getpass raises if the client takes no input
    if os.name == "nt":
        return sys.stdin is not None and sys.stdin.isatty()
    try:
        os.close(os.open(_TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
