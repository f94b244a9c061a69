"""The passphrase of a vault, from the environment or from a person."""

import os
import unicodedata
from dataclasses import dataclass
from typing import Final

from timeline_nb.errors import VaultError
from timeline_nb.security.prompt import ask_hidden
from timeline_nb.security.secret import Secret

__all__ = [
    "NEW_PASSPHRASE_VARIABLE",
    "PASSPHRASE_VARIABLE",
    "ask_passphrase",
    "changed_passphrase",
    "checked_passphrase",
    "passphrase_of_environment",
    "take_passphrase",
    "use_changed_passphrase",
]

PASSPHRASE_VARIABLE: Final = "TIMELINE_NB_VAULT_PASSPHRASE"  # noqa: S105 - its name
# For a change: the other one opens the vault until then.
NEW_PASSPHRASE_VARIABLE: Final = "TIMELINE_NB_VAULT_NEW_PASSPHRASE"  # noqa: S105
_FEWEST_LETTERS: Final = 8
_HEADLESS: Final = (
    f"set {PASSPHRASE_VARIABLE} in the environment before Python starts, or open the "
    "vault in a cell first: tl.vault.names(). timeline_nb takes the variable out of "
    "the environment of its process: one that is started from there needs it anew, by "
    f"subprocess.run(..., env={{**os.environ, '{PASSPHRASE_VARIABLE}': ...}})"
)
_UNCHANGED: Final = (
    "the passphrase stays the same. To give a new one, set "
    f"{NEW_PASSPHRASE_VARIABLE} in the environment before Python starts, or type it at "
    "a terminal: timeline-nb keys rotate --to passphrase"
)


@dataclass
class _Taken:
    """What was taken out of the environment of this process."""

    passphrase: Secret | None = None
    new: Secret | None = None


_taken: Final = _Taken()


def take_passphrase() -> None:
    """Take the passphrases out of the environment, and keep them for this process.

    What starts later does not inherit the variable. On Linux the environment that the
    process was started with stays readable for its user in /proc.
    """
    if PASSPHRASE_VARIABLE in os.environ:
        _taken.passphrase = Secret(os.environ.pop(PASSPHRASE_VARIABLE))
    if NEW_PASSPHRASE_VARIABLE in os.environ:
        _taken.new = Secret(os.environ.pop(NEW_PASSPHRASE_VARIABLE))


def passphrase_of_environment() -> Secret | None:
    """Return the passphrase that is or was in the environment; None if there is none.

    Raises:
        VaultError: It is too short.
    """
    take_passphrase()
    if _taken.passphrase is None:
        return None
    return checked_passphrase(_taken.passphrase, where=f" in {PASSPHRASE_VARIABLE}")


def changed_passphrase() -> Secret:
    """Return a new passphrase, of its variable or typed.

    Raises:
        VaultError: There is none, and nobody can be asked; or it is too short.
    """
    take_passphrase()
    if _taken.new is None:
        return ask_passphrase(is_new=True, otherwise=_UNCHANGED)
    return checked_passphrase(_taken.new, where=f" in {NEW_PASSPHRASE_VARIABLE}")


def use_changed_passphrase(passphrase: Secret) -> None:
    """Open the vault by a new passphrase from now on, in this process."""
    _taken.passphrase, _taken.new = passphrase, None


def ask_passphrase(*, is_new: bool, otherwise: str = _HEADLESS) -> Secret:
    """Ask a person for the passphrase.

    Args:
        is_new: Whether it is chosen now; it is then typed twice.
        otherwise: What to do where nobody can be asked; the error says it.

    Raises:
        VaultError: Nobody can be asked, it is too short, or the two differ.
    """
    if not is_new:
        typed = ask_hidden("the passphrase of the vault: ", otherwise=otherwise)
        return checked_passphrase(typed)
    first = checked_passphrase(
        ask_hidden("a passphrase for the new vault: ", otherwise=otherwise)
    )
    second = ask_hidden("the same passphrase again: ", otherwise=otherwise)
    if checked_passphrase(second) != first:
        raise VaultError("the two passphrases differ: try again")
    return first


def checked_passphrase(passphrase: Secret, *, where: str = "") -> Secret:
    """Return a passphrase in one form, however the keyboard composes letters.

    It is NFC, as in RFC 8265 (OpaqueString); line breaks at the end are not its own.

    Args:
        passphrase: As it was given.
        where: For the error.

    Raises:
        VaultError: It is too short, or no text.
    """
    normal = Secret(unicodedata.normalize("NFC", passphrase.reveal().rstrip("\r\n")))
    if len(normal.reveal()) < _FEWEST_LETTERS or not normal.is_text:
        raise VaultError(
            f"the passphrase{where} is too short: give {_FEWEST_LETTERS} letters or "
            "more"
        )
    return normal
