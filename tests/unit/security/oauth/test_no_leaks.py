"""No secret in an error, a traceback with locals, a log, a repr or a pickle."""

import io
import logging
import pickle
import traceback
from collections.abc import Iterator

import pytest
from IPython.core.ultratb import VerboseTB
from rich.console import Console
from rich.traceback import Traceback
from stand_ins.authorization import AuthorizationServer
from stand_ins.signing_in import Person, accounts_at, address_after, paste

from timeline_nb.errors import AccountError
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.oauth.sign_in import SignInPrompt

FAULTS = ["slow", "drip", "huge", "broken", "list", "deep", "redirect", "busy", "end"]
FAULTS.append("echo")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged at DEBUG."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.setLevel(before)
    root.removeHandler(handler)


def shown(error: BaseException) -> str:
    """Return all that tools show of an error: locals of every frame included."""
    plain = traceback.TracebackException.from_exception(error, capture_locals=True)
    console = Console(file=io.StringIO(), width=500)
    console.print(
        Traceback.from_exception(
            type(error),
            error,
            error.__traceback__,
            show_locals=True,
            locals_max_string=10_000,
            locals_max_length=1_000,
        )
    )
    assert isinstance(console.file, io.StringIO)
    return "".join(plain.format()) + console.file.getvalue() + _verbose(error)


def _verbose(error: BaseException) -> str:
    """Return IPython's Verbose mode, which prints the values of names."""
    lines = VerboseTB(theme_name="nocolor").structured_traceback(
        type(error), error, error.__traceback__
    )
    return "\n".join(lines)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_renewal_that_fails_shows_nothing(fault: str, log: io.StringIO) -> None:
    with AuthorizationServer("tiktok") as server:
        server.rules.expires_in = 0
        accounts = accounts_at(server, "tiktok")
        accounts.connect("tiktok", Person(paste))
        accounts._call_s = 0.4
        server.fault = fault
        with pytest.raises(AccountError) as caught:
            accounts.token("tiktok")
        _check(server, caught.value, log, accounts)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("tiktok", "echo"),
        ("tiktok", "huge"),
        ("vimeo", "echo"),
        ("vimeo", "deep"),
        ("instagram", "broken"),
        ("instagram", "end"),
    ],
)
def test_a_sign_in_that_fails_shows_nothing(
    name: str, fault: str, log: io.StringIO
) -> None:
    with AuthorizationServer(name) as server:
        accounts = accounts_at(server, name)

        def paste_then_fail(prompt: SignInPrompt) -> None:
            ended = address_after(prompt)
            server.fault = fault
            prompt.paste(ended)

        person = Person(paste_then_fail)
        with pytest.raises(AccountError) as caught:
            accounts.connect(name, person)
        person.done()
        _check(server, caught.value, log, accounts)


def test_a_device_sign_in_that_fails_shows_nothing(log: io.StringIO) -> None:
    with AuthorizationServer("youtube") as server:
        server.device_error = "access_denied"
        accounts = accounts_at(server, "youtube")
        with pytest.raises(AccountError) as caught:
            accounts.connect("youtube", lambda _: None, device=True)
        _check(server, caught.value, log, accounts)


def _check(
    server: AuthorizationServer,
    error: AccountError,
    log: io.StringIO,
    accounts: Accounts,
) -> None:
    text = shown(error) + log.getvalue() + repr(accounts) + repr(accounts.list())
    text += repr(vars(accounts))
    # The tools show what they are to show.
    assert "accounts" in text
    assert "Traceback" in text
    for secret in [*server.log.secrets, server.client_secret]:
        assert secret not in text
    assert error.__cause__ is None
    assert not isinstance(error.__context__, (ValueError, OSError))


def test_the_tools_would_show_a_secret() -> None:
    """The check above can fail: a plain text in a frame is found."""

    def fails(token: str) -> None:
        raise AccountError(f"no {len(token)}")

    with pytest.raises(AccountError) as caught:
        fails("access-abcdefghijklmnop")
    for show in (shown, _verbose):
        assert "access-abcdefghijklmnop" in show(caught.value)


def test_tokens_are_in_no_pickle() -> None:
    with AuthorizationServer("youtube") as server:
        accounts = accounts_at(server, "youtube")
        account = accounts.connect("youtube", Person(paste))
        assert pickle.loads(pickle.dumps(account)) == account  # noqa: S301 - our own
        with pytest.raises(TypeError, match="a secret is not pickled"):
            pickle.dumps(accounts.token("youtube"))
