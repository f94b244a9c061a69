"""What a `Secret` shows of itself in each place that shows values."""

import copy
import dataclasses
import inspect
import io
import json
import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cloudpickle
import msgspec
import pandas as pd
import pytest
from IPython.core.ultratb import VerboseTB
from rich.console import Console
from rich.traceback import Traceback

from timeline_nb.errors import VaultError
from timeline_nb.security.secret import MASK, Secret, redact

SHOWN = f"Secret({MASK})"
# Of the key; built, for tracebacks show lines of the source.
PIECE = "Q7" * 4


def key_text() -> str:
    """A key in no variable, and in no line of the source, which tracebacks show."""
    return "sk-" + "Q7" * 20


def tracebacks(error: BaseException) -> str:
    """A traceback by all that show variables of frames."""
    kind, frames = type(error), error.__traceback__
    out = io.StringIO()
    rich = Traceback.from_exception(
        kind, error, frames, show_locals=True, locals_max_string=400
    )
    Console(file=out, width=400).print(rich)
    found = traceback.TracebackException(kind, error, frames, capture_locals=True)
    verbose = VerboseTB(theme_name="nocolor").text(kind, error, frames)
    return "".join(found.format()) + out.getvalue() + str(verbose)


def raised_by(call: Callable[[], object]) -> BaseException:
    try:
        call()
    except Exception as error:  # noqa: BLE001 - the test's subject
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        ascii,
        "{}".format,
        "{!r}".format,
        "{:>60}".format,
        lambda secret: f"{secret}",
        lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - one of the ways
        lambda secret: str([secret, {1: secret}, (secret,)]),
        lambda secret: json.dumps({"key": secret}, default=str),
        lambda secret: str(copy.deepcopy({"key": secret})),
        lambda secret: str(ValueError("no", secret)),
        lambda secret: pd.DataFrame({"key": [secret]}).to_string(),
        lambda secret: pd.DataFrame({"key": [secret]}).to_html(),
        lambda secret: pd.DataFrame({"key": [secret]}).to_csv(),
        lambda secret: str(inspect.getmembers(secret)) + SHOWN,
        lambda secret: str(dataclasses.asdict(_Account("me", secret))),
        lambda secret: str(_Record(secret)),
    ],
)
def test_what_shows_values_shows_a_mask(show: Callable[[Secret], str]) -> None:
    shown = show(Secret(key_text()))
    assert key_text() not in shown
    assert PIECE not in shown
    assert MASK in shown or ascii(MASK)[1:-1] in shown


@dataclasses.dataclass
class _Account:
    name: str
    key: Secret


class _Record(msgspec.Struct):
    key: Secret


@pytest.mark.parametrize(
    "send",
    [
        pickle.dumps,
        cloudpickle.dumps,
        lambda secret: cloudpickle.dumps(lambda: secret),
        lambda secret: cloudpickle.dumps(_Account("me", secret)),
        json.dumps,
        msgspec.json.encode,
        msgspec.msgpack.encode,
        lambda secret: msgspec.json.encode(_Record(secret)),
        msgspec.to_builtins,
        vars,
        hash,
        iter,
        len,
        lambda secret: "Bearer " + secret,
        lambda secret: secret + "x",
        lambda secret: secret[:4],
        lambda secret: secret.text,
        lambda secret: pd.DataFrame({"key": [secret]}).to_parquet(io.BytesIO()),
    ],
)
def test_what_would_write_it_is_refused(send: Callable[[Any], object]) -> None:
    secret = Secret(key_text())
    error = raised_by(lambda: send(secret))
    assert not isinstance(error, AssertionError)
    assert PIECE not in tracebacks(error)


def test_tables_write_no_more_than_the_hint_as_json() -> None:
    written = pd.DataFrame({"key": [Secret(key_text())]}).to_json()
    assert PIECE not in written


def test_a_traceback_with_variables_shows_a_mask() -> None:
    def use(secret: Secret, many: list[Secret]) -> float:
        held = {"key": secret, "many": many}
        return len(held) / 0

    secret = Secret(key_text())
    shown = tracebacks(raised_by(lambda: use(secret, [secret])))
    assert shown.count(MASK) >= 6
    assert PIECE not in shown


def test_each_of_those_tracebacks_would_show_a_text() -> None:
    def use(text: str) -> float:
        return len(text) / 0

    shown = tracebacks(raised_by(lambda: use(key_text())))
    assert shown.count(PIECE) >= 3


@pytest.mark.parametrize(
    "call",
    [
        lambda: Secret.key(key_text() + " " + key_text(), name="openai"),
        lambda: Secret.key(Secret(key_text() + "\n" + key_text()), name="openai"),
        lambda: Secret.key(key_text().encode(), name="openai"),  # type: ignore[arg-type]
        lambda: Secret(key_text().encode()),  # type: ignore[arg-type]
        lambda: Secret(key_text()) == Secret(key_text() + "\ud800") or 1 / 0,
    ],
)
def test_its_own_errors_show_nothing(call: Callable[[], object]) -> None:
    assert PIECE not in tracebacks(raised_by(call))


def test_logs_show_a_mask_at_every_level(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(key_text())
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").debug("%s %r", secret, secret, extra={"key": secret})
        logging.getLogger("x").info({"key": secret})
    assert MASK in caplog.text
    assert PIECE not in caplog.text + str([vars(one) for one in caplog.records])


def test_pytest_shows_a_mask_among_the_variables_of_a_failed_test(
    tmp_path: Path,
) -> None:
    test = tmp_path / "test_it.py"
    test.write_text(
        "from timeline_nb.security.secret import Secret\n"
        "def test_it():\n"
        "    secret = Secret('sk-' + 'Q7' * 20)\n"
        "    many = [secret]\n"
        "    assert secret == Secret('other')\n"
    )
    command = [sys.executable, "-m", "pytest", "-l", "-vv", "-p", "no:cacheprovider"]
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command += ["-c", str(tmp_path / "pytest.ini"), str(test)]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"secret     = {SHOWN}" in done.stdout
    assert PIECE not in done.stdout


def test_it_can_be_read_compared_and_copied() -> None:
    secret = Secret(key_text())
    assert secret.reveal() == key_text()
    assert secret == Secret(key_text())
    assert secret != Secret(key_text() + "x")
    assert secret != key_text()
    assert Secret("\ud800") != Secret("x")
    assert copy.copy(secret) is secret
    assert bool(secret)
    assert not Secret("")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("sk-1234567890123456wxyz", "…wxyz"),
        ("123456789012345wxyz", "…"),
        ("", "…"),
        ('{"access_token":"abcdefghijkl"}', "…"),
        ("some words that are no key", "…"),
    ],
)
def test_a_hint_tells_long_keys_apart(text: str, hint: str) -> None:
    assert Secret(text).hint == hint


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("a b", "holds a space, a line break or a letter outside ASCII"),
        ("a\nb", "holds a space"),
        ("schlüssel", "outside ASCII"),
        ("a\x7fb", "holds a space"),
        (7, "is an int: give its text"),
    ],
)
def test_what_is_no_key_is_refused(text: Any, fault: str) -> None:
    with pytest.raises(VaultError, match=f"the key of 'openai' .*{fault}"):
        Secret.key(text, name="openai")


def test_a_key_loses_the_blanks_around_it() -> None:
    assert Secret.key(" sk-1\r\n", name="x").reveal() == "sk-1"
    assert Secret.key(Secret("\tsk-1 "), name="x").reveal() == "sk-1"


def test_messages_of_foreign_code_are_masked() -> None:
    text = f"GET https://x.test/?key={key_text()} failed for ab"
    assert redact(text, Secret(key_text()), Secret("ab")) == (
        f"GET https://x.test/?key={MASK} failed for ab"
    )
