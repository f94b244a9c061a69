"""The passphrase comes from the environment, or from a person at a field."""

import getpass
import os
import pty
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from timeline_nb.errors import VaultError
from timeline_nb.security import passphrase, prompt
from timeline_nb.security.passphrase import (
    PASSPHRASE_VARIABLE,
    ask_passphrase,
    passphrase_of_environment,
)
from timeline_nb.security.prompt import ask_hidden
from timeline_nb.security.secret import Secret
from timeline_nb.settings import Settings
from timeline_nb.studio import open_studio

ROOT: Final = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _nothing_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "_taken", passphrase._Taken())
    monkeypatch.delenv(PASSPHRASE_VARIABLE, raising=False)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a person types, one after another; the prompts are appended."""
    typed: list[str] = []
    monkeypatch.setattr(prompt, "has_person", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda _: typed.pop(0))
    yield typed
    assert typed == []


def test_it_is_taken_out_of_the_environment_and_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert passphrase_of_environment() is None
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse\n")
    assert passphrase_of_environment() == Secret("correct horse")
    assert PASSPHRASE_VARIABLE not in os.environ
    assert passphrase_of_environment() == Secret("correct horse")
    child = subprocess.run(["env"], check=True, capture_output=True, text=True)
    assert "correct horse" not in child.stdout
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "another horse")
    assert passphrase_of_environment() == Secret("another horse")


def test_a_studio_takes_it_before_it_starts_anything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    with open_studio(Settings(cache_dir=tmp_path)):
        assert PASSPHRASE_VARIABLE not in os.environ
    assert passphrase_of_environment() == Secret("correct horse")


def test_a_short_one_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "horse12")
    with pytest.raises(
        VaultError, match=rf"in {PASSPHRASE_VARIABLE} is too short: give 8"
    ):
        passphrase_of_environment()
    assert PASSPHRASE_VARIABLE not in os.environ


def test_a_new_one_is_typed_twice(answers: list[str]) -> None:
    answers += ["correct horse", "correct horse"]
    assert ask_passphrase(is_new=True) == Secret("correct horse")
    answers += ["correct horse", "correct hrose"]
    with pytest.raises(VaultError, match="the two passphrases differ"):
        ask_passphrase(is_new=True)
    answers += ["correct horse"]
    assert ask_passphrase(is_new=False) == Secret("correct horse")


@pytest.mark.parametrize(
    "error",
    [NotImplementedError, EOFError, OSError, RuntimeError, getpass.GetPassWarning],
)
def test_where_nobody_can_be_asked_the_error_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def refuse(_: str) -> str:
        raise error("no")

    monkeypatch.setattr(prompt, "has_person", lambda: True)
    monkeypatch.setattr(getpass, "getpass", refuse)
    with pytest.raises(
        VaultError,
        match=f"set {PASSPHRASE_VARIABLE} in the envir.*started from there needs it",
    ):
        ask_passphrase(is_new=False)


def test_an_interrupt_while_typing_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(prompt, "has_person", lambda: True)
    monkeypatch.setattr(getpass, "getpass", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ask_hidden("the key: ", otherwise="pipe it in")


def test_other_threads_ask_nobody() -> None:
    found: list[str] = []

    def ask() -> None:
        try:
            ask_hidden("the key of 'x': ", otherwise="do it in a cell")
        except VaultError as error:
            found.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found[0].startswith("nobody can be asked for the key of 'x' here")
    assert found[0].endswith("do it in a cell")


SCRIPT: Final = """\
from timeline_nb.errors import VaultError
from timeline_nb.security.prompt import ask_hidden
try:
    print("typed", len(ask_hidden("the key: ", otherwise="pipe it in").reveal()))
except VaultError as error:
    print(error)
"""


def test_without_a_terminal_nothing_waits() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert done.stdout.startswith("nobody can be asked for the key here")
    assert done.stderr == ""


def test_at_a_terminal_what_is_typed_is_not_shown() -> None:
    pid, terminal = pty.fork()
    if not pid:
        os.environ["PYTHONPATH"] = str(ROOT)
        os.execv(sys.executable, [sys.executable, "-c", SCRIPT])  # noqa: S606
    shown = b""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            shown += os.read(terminal, 1_000)
        except OSError:  # the other end is closed
            break
        if shown == b"the key: ":
            os.write(terminal, b"hidden-text\n")
    os.waitpid(pid, 0)
    os.close(terminal)
    assert b"typed 11" in shown
    assert b"hidden" not in shown
