"""Signing in at a stand-in of each provider, and what must not sign in."""

import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from stand_ins.authorization import AuthorizationServer
from stand_ins.signing_in import (
    Person,
    accounts_at,
    address_after,
    browse,
    open_page,
    paste,
)

from timeline_nb.errors import AccountError, JobCancelledError
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.oauth.provider import BUILT_IN
from timeline_nb.security.oauth.sign_in import SignInPrompt
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore

WHO = {
    "youtube": "A channel of bikes",
    "instagram": "bikes_daily",
    "tiktok": "Bikes",
    "vimeo": "A person of Vimeo",
}


@pytest.fixture(params=sorted(WHO))
def server(request: pytest.FixtureRequest) -> Iterator[AuthorizationServer]:
    with AuthorizationServer(request.param) as server:
        server.name = request.param  # type: ignore[attr-defined]
        yield server


@pytest.fixture
def youtube() -> Iterator[AuthorizationServer]:
    with AuthorizationServer("youtube") as server:
        yield server


def test_every_built_in_provider_has_a_stand_in() -> None:
    assert sorted(one.name for one in BUILT_IN) == sorted(WHO)


def test_a_person_signs_in_by_a_pasted_address(server: AuthorizationServer) -> None:
    name = server.name  # type: ignore[attr-defined]
    accounts, person = accounts_at(server, name), Person(paste)
    account = accounts.connect(name, person)
    person.done()
    assert account.who == WHO[name]
    assert set(account.scopes) == set(accounts.provider(name).scopes)
    assert accounts.list() == [account]
    assert server.is_valid(accounts.token(name).reveal())
    assert "authorization_code" in server.log.grants


@pytest.mark.parametrize("name", ["youtube", "tiktok", "vimeo"])
def test_the_browser_is_received_on_this_machine(name: str) -> None:
    with AuthorizationServer(name) as server:
        accounts, person = accounts_at(server, name), Person(browse)
        account = accounts.connect(name, person)
        person.done()
        assert server.is_valid(accounts.token(name).reveal())
        assert account.who == WHO[name]
        back = urlsplit(server.log.authorized[0]["redirect_uri"])
        assert back.hostname == "127.0.0.1"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", back.port or 0), 5)


def test_instagram_gets_a_long_lived_token() -> None:
    with AuthorizationServer("instagram") as server:
        accounts, person = accounts_at(server, "instagram"), Person(paste)
        account = accounts.connect("instagram", person)
        person.done()
        assert not person.prompts[0].is_received
        assert server.log.grants == ["authorization_code", "ig_exchange_token"]
        assert account.expires_at is not None
        # 60 days, as Meta documents.
        assert abs(account.expires_at - account.connected_at - 60 * 86_400) < 1


def test_another_secret_and_another_id_are_refused(
    server: AuthorizationServer,
) -> None:
    name = server.name  # type: ignore[attr-defined]
    accounts, person = accounts_at(server, name), Person(paste)
    accounts.set_client(name, server.client_id, client_secret=Secret("another"))
    with pytest.raises(AccountError, match=r"invalid_client.*set it again"):
        accounts.connect(name, person)
    assert accounts.list() == []


def test_the_answer_of_another_sign_in_is_refused_and_this_one_goes_on(
    youtube: AuthorizationServer,
) -> None:
    accounts = accounts_at(youtube, "youtube")
    others: list[str] = []

    def mix(prompt: SignInPrompt) -> None:
        if not others:
            others.append(address_after(prompt))
            prompt.paste(others[0])
            return
        with pytest.raises(AccountError, match="does not belong to this sign-in"):
            prompt.paste(others[0])
        # A page that guesses the port cannot end it either.
        guess = others[0].replace(_port(others[0]), _port(prompt.address))
        assert open_page(guess)[0] == 400
        browse(prompt)

    first, second = Person(mix), Person(mix)
    accounts.connect("youtube", first)
    first.done()
    accounts.connect("youtube", second)
    second.done()


def _port(address: str) -> str:
    """Return the port of a redirect address, in an address or as one."""
    text = address.replace("%3A", ":").replace("%2F", "/")
    return text.rpartition("127.0.0.1:")[2].partition("/")[0]


def test_an_address_signs_in_once(youtube: AuthorizationServer) -> None:
    accounts = accounts_at(youtube, "youtube")

    def twice(prompt: SignInPrompt) -> None:
        address = address_after(prompt)
        prompt.paste(address)
        with pytest.raises(AccountError, match="used already"):
            prompt.paste(address)

    person = Person(twice)
    accounts.connect("youtube", person)
    person.done()
    assert youtube.log.grants == ["authorization_code"]


def test_a_code_that_another_program_used_is_refused(
    youtube: AuthorizationServer,
) -> None:
    accounts = accounts_at(youtube, "youtube")

    def stolen(prompt: SignInPrompt) -> None:
        address = address_after(prompt)
        code = address.partition("code=")[2].partition("&")[0]
        form = {"grant_type": "authorization_code", "code": code}
        form |= {"client_id": youtube.client_id, "client_secret": youtube.client_secret}
        # Without the verifier, the thief gets nothing.
        assert httpx.post(f"{youtube.url}/token", data=form).status_code == 400
        prompt.paste(address)

    with pytest.raises(AccountError, match="invalid_grant"):
        accounts.connect("youtube", Person(stolen))


def test_a_code_that_is_too_old_is_refused(youtube: AuthorizationServer) -> None:
    accounts = accounts_at(youtube, "youtube")
    youtube.code_lasts_s = -1
    with pytest.raises(AccountError, match="invalid_grant"):
        accounts.connect("youtube", Person(paste))


@pytest.mark.parametrize("act", [browse, paste])
def test_a_person_may_say_no(youtube: AuthorizationServer, act: object) -> None:
    youtube.denies = True
    accounts = accounts_at(youtube, "youtube")
    with pytest.raises(AccountError, match="the access was denied"):
        accounts.connect("youtube", Person(act))  # type: ignore[arg-type]
    assert accounts.list() == []


def test_a_box_that_was_not_ticked_is_named(youtube: AuthorizationServer) -> None:
    scopes = next(one for one in BUILT_IN if one.name == "youtube").scopes
    youtube.grants_only = {scopes[1]}
    accounts = accounts_at(youtube, "youtube")
    with pytest.raises(AccountError, match=r"was not allowed .*youtube\.upload"):
        accounts.connect("youtube", Person(paste))
    assert accounts.list() == []


def test_a_sign_in_is_cancelled_and_its_port_closed(
    youtube: AuthorizationServer,
) -> None:
    accounts = accounts_at(youtube, "youtube")
    shown = threading.Event()
    prompts: list[SignInPrompt] = []

    def show(prompt: SignInPrompt) -> None:
        prompts.append(prompt)
        shown.set()

    def check() -> None:
        if shown.is_set():
            raise JobCancelledError("the job was cancelled")

    with pytest.raises(JobCancelledError):
        accounts.connect("youtube", show, check=check)
    _wait_until_closed(int(_port(prompts[0].address)))


def _wait_until_closed(port: int) -> None:
    for _ in range(10_000):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.02)
    pytest.fail("the port is open still")


def test_a_sign_in_ends_by_itself(youtube: AuthorizationServer) -> None:
    accounts = accounts_at(youtube, "youtube")
    with pytest.raises(AccountError, match="not finished within 1 s"):
        accounts.connect("youtube", lambda _: None, timeout_s=1)


def test_a_sign_in_without_a_client_id_says_where_to_make_one() -> None:
    accounts = Accounts(MemoryStore())
    for provider in BUILT_IN:
        with pytest.raises(AccountError, match="no client id") as caught:
            accounts.connect(provider.name, lambda _: None)
        assert provider.client_page in str(caught.value)
        assert f"accounts client {provider.name}" in str(caught.value)
    with pytest.raises(AccountError, match="did you mean 'youtube'"):
        accounts.connect("youtub", lambda _: None)


def test_a_client_without_the_secret_that_a_provider_wants_says_so() -> None:
    accounts = Accounts(MemoryStore())
    accounts.set_client("tiktok", "key")
    with pytest.raises(AccountError, match="no token without a client secret"):
        accounts.connect("tiktok", lambda _: None)


@pytest.mark.parametrize("bad", ["", "  ", "a b", "clé", "a\nb"])
def test_a_client_id_that_is_none_is_refused(bad: str) -> None:
    accounts = Accounts(MemoryStore())
    with pytest.raises(AccountError, match="the client id of YouTube"):
        accounts.set_client("youtube", bad)
    with pytest.raises(AccountError, match="is no redirect address"):
        accounts.set_client("youtube", "id", redirect="http://evil.example/x")
