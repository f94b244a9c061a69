"""Sign in at a terminal: print the page to open, take the address that is pasted."""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from typing import IO, Final

from timeline_nb.errors import AccountError
from timeline_nb.security.oauth.account import Account
from timeline_nb.security.oauth.accounts import SIGN_IN_S, Accounts
from timeline_nb.security.oauth.sign_in import SignInPrompt
from timeline_nb.security.secret import Secret

__all__ = ["connect_at_terminal"]

_MOST_BYTES: Final = 16_384


def connect_at_terminal(
    accounts: Accounts,
    provider: str,
    *,
    scopes: Iterable[str] | str = (),
    device: bool = False,
    timeout_s: float = SIGN_IN_S,
) -> Account:
    """Sign in a person who reads the terminal; blocks until then.

    What is pasted is not echoed: it holds a code.

    Raises:
        AccountError: There is no client id, the sign-in was refused or not finished in
            time, or nobody can paste the address that the provider needs.
        VaultError: The tokens cannot be kept.
    """
    terminal = _Terminal(sys.stdin)
    with _without_echo(sys.stdin):
        return accounts.connect(
            provider,
            terminal.show,
            check=terminal.check,
            scopes=scopes,
            device=device,
            timeout_s=timeout_s,
        )


class _Terminal:
    """Reads lines without waiting for them.

    Args:
        stdin: What a person types into; None if there is none.
    """

    def __init__(self, stdin: "IO[str] | None") -> None:
        self._number = _descriptor_of(stdin)
        self._prompt: SignInPrompt | None = None
        self._is_said = False
        self._typed = Secret("")

    def show(self, prompt: SignInPrompt) -> None:
        """Take what is shown at the next check."""
        self._prompt = prompt

    def check(self) -> None:
        """Print the page once, and hand in what was pasted since.

        Raises:
            AccountError: An address is needed, and nobody can paste one.
        """
        prompt = self._prompt
        if prompt is None:
            return
        if not self._is_said:
            self._is_said = True
            print(_words_of(prompt, can_paste=self._number is not None), flush=True)  # noqa: T201 - asked for
        if not prompt.takes_address:
            return
        if self._number is None and not prompt.is_received:
            raise AccountError(
                f"{prompt.title} sends the browser to an address that is pasted, and "
                "nobody can paste it here: sign in at a terminal or in a notebook"
            )
        for line in self._lines():
            try:
                prompt.paste(line)
            except AccountError as error:
                print(error, flush=True)  # noqa: T201 - to the person who pasted

    def _lines(self) -> Iterator[Secret]:
        """Yield what was typed since, line by line."""
        while self._number is not None and _is_ready(self._number):
            part = Secret(os.read(self._number, _MOST_BYTES).decode("utf-8", "replace"))
            if not part:
                # The end of a pipe; its last line may have no end.
                self._number = None
                part = Secret("\n") if self._typed else part
            whole = Secret(self._typed.reveal() + part.reveal())
            *lines, rest = map(Secret, whole.reveal().split("\n"))
            self._typed = Secret(rest.reveal()[-_MOST_BYTES:])
            yield from (line for line in lines if line.reveal().strip())


def _words_of(prompt: SignInPrompt, *, can_paste: bool) -> str:
    lines = [f"Sign in to {prompt.title} at this address:", "", prompt.address, ""]
    if prompt.user_code:
        lines.append(f"Type this code there: {prompt.user_code}")
    elif prompt.is_received and can_paste:
        lines.append(
            "If the browser then ends at a page that cannot be opened (it runs on "
            "another machine), paste the address of that page here, and press Enter."
        )
    elif can_paste:
        lines.append(
            "The browser then ends at a page that cannot be opened: paste its address "
            "here, and press Enter."
        )
    else:
        lines.append("The browser is to run on this machine.")
    return "\n".join(lines)


def _descriptor_of(stdin: "IO[str] | None") -> int | None:
    """Return the descriptor that lines come from; None if there is none."""
    if stdin is None or os.name == "nt":
        # Windows waits for no single key of a terminal.
        return None
    try:
        return stdin.fileno()
    except (OSError, ValueError):
        return None


def _is_ready(number: int) -> bool:
    import select

    try:
        return bool(select.select([number], [], [], 0)[0])
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def _without_echo(stdin: "IO[str] | None") -> Iterator[None]:
    """Have a terminal not show what is typed, in the block."""
    number = _descriptor_of(stdin)
    if number is None or not os.isatty(number):
        yield
        return
    import termios

    before = termios.tcgetattr(number)
    silent = list(before)
    silent[3] &= ~termios.ECHO
    termios.tcsetattr(number, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
