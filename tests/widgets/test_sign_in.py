"""The sign-in widget over its wire, against a stand-in's server."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from stand_ins.authorization import AuthorizationServer
from stand_ins.signing_in import accounts_at, address_after, browse
from states import until
from widgets.wire import Wire, in_words

from timeline_nb import Settings, Studio, open_studio
from timeline_nb.errors import AccountError
from timeline_nb.notebook import accounts as notebook_accounts
from timeline_nb.notebook.accounts import NotebookAccounts
from timeline_nb.security.oauth.sign_in import SignInPrompt
from timeline_nb.widgets.sign_in import SignInWidget
from timeline_nb.widgets.sign_in_requests import PasteAddressRequest


@pytest.fixture
def server() -> Iterator[AuthorizationServer]:
    with AuthorizationServer("youtube") as server:
        yield server


@pytest.fixture
def studio(server: AuthorizationServer, tmp_path: Any) -> Iterator[Studio]:
    folders = Settings(cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")
    with open_studio(folders, accounts=accounts_at(server, "youtube")) as studio:
        yield studio


@pytest.fixture
def view(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[SignInWidget, Wire]]:
    monkeypatch.setattr(notebook_accounts, "has_kernel", lambda: True)
    widget = NotebookAccounts(studio).connect("youtube")
    assert isinstance(widget, SignInWidget)
    wire = Wire(widget, monkeypatch)
    wire.hello()
    until(lambda: state(wire) == "waiting")
    yield widget, wire
    widget.job.cancel()


def state(wire: Wire) -> str:
    return str(wire.last("signIn")[0]["state"])


def prompt_of(widget: SignInWidget) -> SignInPrompt:
    assert widget.prompt is not None
    return widget.prompt


def test_a_pasted_address_signs_in_and_is_kept_nowhere(
    view: tuple[SignInWidget, Wire],
    server: AuthorizationServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    widget, wire = view
    shown, _ = wire.last("signIn")
    assert shown["address"].startswith(server.url)
    assert (shown["takesAddress"], shown["isReceived"]) == (True, True)
    address = address_after(prompt_of(widget))
    assert wire.ask("pasteAddress", address=address)["kind"] == "done"
    account = widget.job.wait(200)
    until(lambda: state(wire) == "connected")
    last, _ = wire.last("signIn")
    assert last["who"] == account.who == "A channel of bikes"
    assert last["address"] == ""
    seen = json.dumps([content for content, _ in wire.told]) + caplog.text
    seen += json.dumps(widget.get_state(), default=repr) + repr(widget)
    seen += repr(widget._repr_mimebundle_()) + repr(widget.job)
    for secret in [*server.log.secrets, server.client_secret]:
        assert secret not in seen


def test_the_browser_beside_the_kernel_needs_no_paste(
    view: tuple[SignInWidget, Wire], studio: Studio
) -> None:
    widget, wire = view
    assert "none is connected" in repr(NotebookAccounts(studio))
    browse(prompt_of(widget))
    widget.job.wait(200)
    until(lambda: state(wire) == "connected")
    refused = wire.ask("pasteAddress", address="http://127.0.0.1/?code=a&state=b")
    assert "this sign-in is over" in refused["message"]
    shown = NotebookAccounts(studio)
    assert "youtube  A channel of bikes  connected" in repr(shown)
    assert "<td>A channel of bikes</td>" in shown._repr_html_()
    (row,) = shown.table().to_dict("records")
    assert (row["provider"], row["who"]) == ("youtube", "A channel of bikes")
    assert row["expires"] > row["connected"]


def test_a_foreign_address_is_refused_in_words_and_not_quoted(
    view: tuple[SignInWidget, Wire], caplog: pytest.LogCaptureFixture
) -> None:
    _, wire = view
    for address in ("http://127.0.0.1/?code=abcdef&state=b", "abcdef", ""):
        refused = wire.ask("pasteAddress", address=address)
        assert "does not belong to this sign-in" in refused["message"]
        assert "abcdef" not in refused["message"]
    # What is no request is logged, without what is in it.
    wire.ask("pasteAddress", address="abcdef" * 10_000)
    wire.ask("pasteAddress", address=["abcdef"])
    wire.ask("pasteAddress", address="abcdef", more=1)
    assert "cannot be read" in caplog.text
    assert "abcdef" not in caplog.text
    assert state(wire) == "waiting"


def test_a_sign_in_is_canceled_by_its_button(
    view: tuple[SignInWidget, Wire], studio: Studio
) -> None:
    widget, wire = view
    wire.ask("cancelSignIn")
    until(lambda: widget.job.done)
    until(lambda: state(wire) == "canceled")
    assert studio.accounts.list() == []


def test_a_refusal_is_shown(
    view: tuple[SignInWidget, Wire], server: AuthorizationServer
) -> None:
    widget, wire = view
    server.denies = True
    browse(prompt_of(widget))
    with pytest.raises(AccountError, match="the access was denied"):
        widget.job.wait(200)
    until(lambda: state(wire) == "failed")
    assert "the access was denied" in in_words(wire.last("signIn")[0]["message"])
    # A view that opens later sees the same.
    assert wire.hello("later")["kind"] == "welcome"
    assert state(wire) == "failed"


def test_a_sign_in_that_cannot_begin_is_an_error_of_the_cell(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook_accounts, "has_kernel", lambda: True)
    mine = NotebookAccounts(studio)
    with pytest.raises(AccountError, match="no client id for Vimeo"):
        mine.connect("vimeo")
    with pytest.raises(AccountError, match="did you mean 'youtube'"):
        mine.connect("youtub")


def test_a_request_with_a_code_does_not_show_it() -> None:
    request = PasteAddressRequest(id=1, view="v", address="http://x/?code=abcdef")
    assert "abcdef" not in repr(request) + str(request)
