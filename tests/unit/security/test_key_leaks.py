"""Tracebacks that show variables show no key, whatever fails."""

import errno
import io
import logging
import os
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pytest
import rich.console
import rich.traceback
from IPython.core.ultratb import VerboseTB
from stand_ins import keys
from stand_ins.keys import KeyServer

from timeline_nb.errors import VaultError
from timeline_nb.notebook.vault import NotebookVault
from timeline_nb.security.checks import KeyChecks
from timeline_nb.security.env_text import Assignment, assignments
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore
from timeline_nb.studio import open_studio

KEY = "sk-7Tq2LmXv9PzRt5Wb8YcA"


def own_frames(error: BaseException) -> TracebackType | None:
    """Return a traceback without the frames of this file, whose lines have the key."""
    found = error.__traceback__
    while found is not None and found.tb_frame.f_code.co_filename == __file__:
        found = found.tb_next
    return found


def shown(error: BaseException) -> str:
    """Return all that debuggers and notebooks print of an error."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    for one in chain:
        one.__traceback__ = own_frames(one)
    text = "".join(
        traceback.TracebackException.from_exception(error, capture_locals=True).format()
    )
    text += VerboseTB(theme_name="nocolor").text(
        type(error), error, error.__traceback__, context=9
    )
    console = rich.console.Console(file=(sink := io.StringIO()), width=200)
    console.print(
        rich.traceback.Traceback.from_exception(
            type(error), error, error.__traceback__, show_locals=True
        )
    )
    return text + sink.getvalue() + repr(error)


@pytest.fixture
def vault(tmp_path: Path) -> NotebookVault:
    (tmp_path / ".env").write_text(
        f"OPENAI_API_KEY={KEY}\nOPENAI_KEY={KEY[::-1]}\nPASSWORD={KEY}\n"
    )
    store = MemoryStore([("gemini", Secret(KEY)), ("openai", Secret("another key"))])
    return NotebookVault(open_studio(vault=store))


def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, f"no room for {data!r}")

    monkeypatch.setattr(Path, "write_bytes", fail)


def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(text: str) -> list[Assignment]:
        signal.raise_signal(signal.SIGINT)
        return assignments(text)

    monkeypatch.setattr("timeline_nb.security.env_files.assignments", late)


def changing(monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_bytes

    def late(path: Path, data: bytes) -> int:
        with (path.parent / ".env").open("ab") as file:
            file.write(b"MORE=1\n")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", late)


@pytest.mark.parametrize(
    ("prepare", "names", "kind", "message"),
    [
        (None, ["OPENAI_API_KEY"], VaultError, "another key of 'openai'"),
        (None, ["OPENAI_API_KEY", "OPENAI_KEY"], VaultError, "are both keys"),
        (None, ["OPENAI"], VaultError, "was found in .env files"),
        (full_disk, ["OPENAI_KEY"], VaultError, "the disk is full"),
        (changing, ["OPENAI_KEY"], VaultError, "has changed since"),
        (interrupted, ["OPENAI_KEY"], KeyboardInterrupt, ""),
    ],
)
def test_an_import_that_fails_shows_no_key(  # noqa: PLR0917 - what it tries
    vault: NotebookVault,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    prepare: Callable[[pytest.MonkeyPatch], None] | None,
    names: list[str],
    kind: type[BaseException],
    message: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    if prepare is not None:
        prepare(monkeypatch)
    with pytest.raises(kind) as caught:
        vault.import_env(
            names,
            folder=tmp_path,
            comment_out=prepare is not None,
            replace=prepare is not None,
        )
    monkeypatch.undo()
    assert message in str(caught.value)
    text = shown(caught.value) + caplog.text
    assert "env_" in text
    for key in (KEY, KEY[::-1]):
        assert key not in text
    assert not list(tmp_path.glob("*partial*"))


def test_a_check_that_is_interrupted_shows_no_key(vault: NotebookVault) -> None:
    with KeyServer(keys.silent) as server:
        checks = KeyChecks(server.providers(), timeout_s=600)
        studio = open_studio(vault=vault._owner.vault, key_checks=checks)
        behave = server.behave

        async def interrupting(request: keys.Request):  # type: ignore[no-untyped-def] # noqa: ANN202
            os.kill(os.getpid(), signal.SIGINT)
            async for part in behave(request):
                yield part

        server.behave = interrupting
        with pytest.raises(KeyboardInterrupt) as caught:
            NotebookVault(studio).check("gemini")
        studio.close()
    assert len(server.requests) == 1
    assert KEY not in shown(caught.value)
