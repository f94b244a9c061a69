"""What is no client, no scope or no time is refused by an error that says so."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

import pytest
from stand_ins.authorization import AuthorizationServer
from stand_ins.signing_in import accounts_at

import timeline_nb as tl
from timeline_nb.errors import AccountError, VaultError
from timeline_nb.notebook.accounts import NotebookAccounts
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.oauth.checked_inputs import checked_scopes
from timeline_nb.security.oauth.provider import BUILT_IN
from timeline_nb.security.oauth.sign_in import SignInPrompt
from timeline_nb.security.store import MemoryStore

SECRETS: list[Any] = [
    b"SECRET",
    ["SECRET"],
    "SECRET\ud800",
    "SECRET\nb",
    "SECRET b",
    bytearray(b"SECRET"),
]


def accounts_of(kind: str) -> Any:
    store = MemoryStore()
    if kind == "studio":
        return Accounts(store)
    return NotebookAccounts(tl.open_studio(vault=store))


def shown_by_frames(trace: TracebackType | None) -> str:
    """Return the variables of every frame below the first, which is the test's."""
    shown = ""
    trace = trace.tb_next if trace else None
    while trace is not None:
        shown += repr(trace.tb_frame.f_locals)
        trace = trace.tb_next
    return shown


@pytest.mark.parametrize("kind", ["studio", "notebook"])
@pytest.mark.parametrize("bad", [*SECRETS, "", 5])
def test_no_frame_of_an_error_keeps_a_client_secret(kind: str, bad: Any) -> None:
    accounts = accounts_of(kind)
    for provider in ("youtube", "none"):
        with pytest.raises((AccountError, VaultError)) as caught:
            accounts.set_client(provider, "id", client_secret=bad)
        shown = shown_by_frames(caught.value.__traceback__)
        assert "provider" in shown
        assert "SECRET" not in shown + str(caught.value)
    for client_id in (None, b"id", 5, "\ud800"):
        with pytest.raises(AccountError) as caught:
            accounts.set_client("youtube", client_id, client_secret="SECRET")  # noqa: S106
        assert "SECRET" not in shown_by_frames(caught.value.__traceback__)


@pytest.mark.parametrize("bad", [5, None, b"https://a.b", "https://\ud800", "\n!"])
def test_a_redirect_that_is_no_address_is_refused(bad: Any) -> None:
    with pytest.raises(AccountError, match="is no redirect address"):
        accounts_of("studio").set_client("youtube", "id", redirect=bad)


def test_other_types_are_account_errors() -> None:
    accounts = accounts_of("notebook")
    for bad in (None, 5, "youtube"):
        with pytest.raises(AccountError, match=r"give a tl\.OAuthProvider"):
            accounts.declare(bad)
    for path in (None, 5, b"a", "a\0b"):
        with pytest.raises(AccountError):
            accounts.read_client("youtube", path)
    names: list[Any] = [None, [], {}, b"youtube"]
    for provider in names:
        with pytest.raises(AccountError, match="there is no provider"):
            accounts.connect(provider)
    prompt = SignInPrompt(BUILT_IN[0], "https://a.example", paste=lambda _: None)
    for address in (None, 5, b"SECRET"):
        with pytest.raises(AccountError, match="the address is no text") as caught:
            prompt.paste(address)  # type: ignore[arg-type]
        assert "SECRET" not in shown_by_frames(caught.value.__traceback__)


@pytest.mark.parametrize("bad", [5, None, [5], [None], "", " ", "ü", [b"a"], ["a b"]])
def test_scopes_that_are_none_are_refused(bad: Any) -> None:
    accounts = accounts_of("notebook")
    accounts.set_client("youtube", "id")
    starts: list[Callable[[], Any]] = [
        lambda: accounts.connect("youtube", scopes=bad),
        lambda: accounts.start_connect("youtube", print, scopes=bad),
        lambda: accounts._accounts.connect("youtube", print, scopes=bad),
    ]
    for start in starts:
        with pytest.raises(AccountError, match="scopes are texts"):
            start()


@pytest.mark.parametrize("bad", [None, "x", [5], float("nan"), float("inf"), 0, -1])
def test_a_time_that_is_none_is_refused(bad: Any) -> None:
    accounts = accounts_of("notebook")
    accounts.set_client("youtube", "id")
    starts: list[Callable[[], Any]] = [
        lambda: accounts.connect("youtube", timeout_s=bad),
        lambda: accounts.start_connect("youtube", print, timeout_s=bad),
        lambda: accounts._accounts.connect("youtube", print, timeout_s=bad),
    ]
    for start in starts:
        with pytest.raises(AccountError, match="timeout_s is a number of seconds"):
            start()


def test_a_text_is_one_scope_and_not_its_letters() -> None:
    assert checked_scopes("upload") == ("upload",)
    # Several are written with spaces between (RFC 6749, 3.3).
    assert checked_scopes("upload read") == ("upload", "read")
    with AuthorizationServer("youtube") as server:
        shown: list[str] = []
        accounts = accounts_at(server, "youtube")
        with pytest.raises(AccountError, match="not finished"):
            accounts.connect(
                "youtube",
                lambda prompt: shown.append(prompt.address),
                scopes="upload",
                timeout_s=1,
            )
    assert "scope=upload&" in f"{shown[0]}&"
