"""A person with a browser, and a package that is to reach a stand-in's server."""

import contextlib
import http.client
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec
from stand_ins.authorization import AuthorizationServer

from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.oauth.provider import BUILT_IN, OAuthProvider
from timeline_nb.security.oauth.sign_in import SignInPrompt
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore, SecretStore

# The endpoints of a stand-in, in place of a provider's own.
_PLACES = {
    "authorize_url": "/authorize",
    "token_url": "/token",
    "device_url": "/device",
    "device_poll_url": "/poll",
    "exchange_url": "/exchange",
    "renew_url": "/renew",
    "who_url": "/who",
}


def provider_at(server: AuthorizationServer, name: str) -> OAuthProvider:
    """Return a built-in provider whose addresses are those of a stand-in."""
    known = next(one for one in BUILT_IN if one.name == name)
    changes: dict[str, Any] = {
        field: server.url + path
        for field, path in _PLACES.items()
        if getattr(known, field)
    }
    if known.revoke_url:
        path = "/revoke" if known.revoke == "form" else "/tokens"
        changes["revoke_url"] = server.url + path
    if name == "vimeo":
        # Any port, so that tests may run side by side.
        changes["redirect"] = "http://127.0.0.1:{port}/callback"
    return msgspec.structs.replace(known, **changes)


def accounts_at(
    server: AuthorizationServer,
    name: str,
    *,
    store: SecretStore | None = None,
    **options: Any,
) -> Accounts:
    """Return accounts of one provider, with the client id of a stand-in."""
    kept = MemoryStore() if store is None else store
    provider = provider_at(server, name)
    accounts = Accounts(kept, providers=[provider], **options)
    accounts.set_client(
        name, server.client_id, client_secret=Secret(server.client_secret)
    )
    return accounts


def open_page(address: str) -> tuple[int, str]:
    """Open an address of this machine; return the status, and where it leads on."""
    parts = urlsplit(address)
    assert parts.hostname == "127.0.0.1"
    page = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=30)
    with contextlib.closing(page):
        page.request("GET", f"{parts.path}?{parts.query}")
        answer = page.getresponse()
        return answer.status, answer.headers.get("location", "")


def address_after(prompt: SignInPrompt) -> str:
    """Sign in at the provider, and return where the browser is sent."""
    status, place = open_page(prompt.address)
    assert status == 302, status
    return place


def browse(prompt: SignInPrompt) -> None:
    """Sign in with a browser on this machine, which opens where it is sent."""
    open_page(address_after(prompt))


def paste(prompt: SignInPrompt) -> None:
    """Sign in with a browser elsewhere, and paste where it ended."""
    prompt.paste(f"  {address_after(prompt)}\n")


class Person:
    """Does something with what is shown, on a thread: `accounts.connect(name, person)`.

    Args:
        act: What is done: `browse` or `paste`.
    """

    def __init__(self, act: Callable[[SignInPrompt], object] = browse) -> None:
        self._act = act
        self.prompts: list[SignInPrompt] = []
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def __call__(self, prompt: SignInPrompt) -> None:
        self.prompts.append(prompt)
        self._thread = threading.Thread(target=self._run, args=(prompt,))
        self._thread.start()

    def _run(self, prompt: SignInPrompt) -> None:
        try:
            self._act(prompt)
        except BaseException as error:  # noqa: BLE001 - raised in the test
            self._error = error

    def done(self) -> None:
        """Wait for the thread, and raise what it raised."""
        if self._thread is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error
