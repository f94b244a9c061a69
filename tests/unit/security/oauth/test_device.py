"""The device flow (RFC 8628), and Vimeo's way of it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from stand_ins.authorization import AuthorizationServer
from stand_ins.signing_in import accounts_at

from timeline_nb.errors import AccountError
from timeline_nb.security.oauth import device
from timeline_nb.security.oauth.sign_in import SignInPrompt


@pytest.fixture(params=["youtube", "vimeo"])
def server(request: pytest.FixtureRequest) -> Iterator[AuthorizationServer]:
    with AuthorizationServer(request.param) as server:
        server.name = request.param  # type: ignore[attr-defined]
        yield server


def connect(server: AuthorizationServer) -> tuple[Any, list[SignInPrompt]]:
    name = server.name  # type: ignore[attr-defined]
    accounts = accounts_at(server, name)
    if name == "youtube":
        # RFC 8628 asks at the token endpoint, which the stand-in's token answers.
        assert accounts.provider(name).device_poll_url == ""
    prompts: list[SignInPrompt] = []
    return accounts.connect(name, prompts.append, device=True), prompts


def test_a_person_types_the_code_elsewhere(server: AuthorizationServer) -> None:
    account, (prompt,) = connect(server)
    assert prompt.user_code == "ABCD-EFGH"
    assert prompt.address == f"{server.url}/activate"
    assert not prompt.takes_address
    assert "type ABCD-EFGH there" in repr(prompt)
    with pytest.raises(AccountError, match="takes no address"):
        prompt.paste("http://127.0.0.1/?code=a")
    # Asked until it was typed, and no more.
    assert server.log.polls == server.pending_polls + 1
    assert account.scopes


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ("access_denied", "the access was denied"),
        ("expired_token", "was not typed in time"),
        ("invalid_client", r"refuses the code for this device \(invalid_client\)"),
    ],
)
def test_a_code_that_leads_to_nothing(
    server: AuthorizationServer, error: str, why: str
) -> None:
    server.device_error = error
    with pytest.raises(AccountError, match=why):
        connect(server)


def test_a_device_that_is_too_fast_slows_down_by_five_seconds(
    server: AuthorizationServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 8628, 3.5: for this and all later requests."""
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            server.device_error = ""
        await sleep(0)

    server.device_error = "slow_down"
    server.device_interval = 2
    server.pending_polls = 3
    monkeypatch.setattr(asyncio, "sleep", noted)
    connect(server)
    assert [wait for wait in waits if wait] == [2, 7, 7, 7]


@pytest.mark.parametrize(
    ("interval", "due_s"), [(None, 5), (0, 5), (-3, 5), ("x", 5), (1e9, 60), (7, 7)]
)
def test_the_interval_is_that_of_the_rfc_if_none_is_given(
    server: AuthorizationServer,
    interval: Any,
    due_s: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", noted)
    monkeypatch.setattr(device, "_MOST_EXPIRES_S", 1800.0)
    server.device_interval = interval
    server.pending_polls = 0
    if interval == 1e9:
        # A code that ends before it may be asked for is one that was not typed.
        with pytest.raises(AccountError, match="was not typed in time"):
            connect(server)
        return
    connect(server)
    assert next(wait for wait in waits if wait) == due_s


@pytest.mark.parametrize("name", ["tiktok", "instagram"])
def test_a_provider_without_a_device_flow_says_so(name: str) -> None:
    with AuthorizationServer(name) as server:
        accounts = accounts_at(server, name)
        with pytest.raises(AccountError, match="has no device flow"):
            accounts.connect(name, lambda _: None, device=True)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://evil.example/", "", "file:///etc", 7]
)
def test_an_address_that_is_no_page_is_not_shown(
    server: AuthorizationServer, address: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = server.device

    def lies(*given: Any) -> tuple[int, Any]:
        status, body = begin(*given)
        link = "activate_link" if "activate_link" in body else "verification_url"
        return status, body | {link: address}

    monkeypatch.setattr(server, "device", lies)
    with pytest.raises(AccountError, match="an address that is none"):
        connect(server)
