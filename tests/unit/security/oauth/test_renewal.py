"""Tokens are renewed ahead, once, and kept before anyone has them."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from stand_ins.authorization import AuthorizationServer
from stand_ins.file_store import FileStore
from stand_ins.signing_in import Person, accounts_at, paste
from states import until

from timeline_nb.errors import AccountError, VaultError
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.oauth.single_flight import SingleFlight
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore


class Clock:
    """Seconds that a test advances."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Scene:
    """A connected account at a stand-in, on a clock."""

    def __init__(self, server: AuthorizationServer, name: str, **options: Any) -> None:
        self.clock, self.server, self.name = Clock(), server, name
        server.now = self.clock
        self.store = MemoryStore()
        self.accounts = accounts_at(
            server, name, store=self.store, clock=self.clock, **options
        )
        person = Person(paste)
        self.accounts.connect(name, person)
        person.done()
        self.first = self.accounts.token(name)

    @property
    def renewals(self) -> int:
        return sum("refresh" in grant for grant in self.server.log.grants)

    def token(self, **options: Any) -> Secret:
        return self.accounts.token(self.name, **options)


@pytest.fixture
def scene_of() -> Iterator[Callable[..., Scene]]:
    servers: list[AuthorizationServer] = []

    def make(name: str = "youtube", **options: Any) -> Scene:
        server = AuthorizationServer(name)
        servers.append(server)
        server.__enter__()
        return Scene(server, name, **options)

    yield make
    for server in servers:
        server.__exit__()


def test_a_token_is_renewed_five_minutes_ahead(scene_of: Any) -> None:
    scene = scene_of()
    # Google's tokens last 3,599 s.
    scene.clock.now += 3599 - 301
    assert scene.token() == scene.first
    scene.clock.now += 2
    second = scene.token()
    assert second != scene.first
    assert scene.server.is_valid(second.reveal())
    assert scene.renewals == 1
    assert scene.token() == second


def test_the_old_refresh_token_is_kept_if_none_comes(scene_of: Any) -> None:
    scene = scene_of()
    for count in range(1, 4):
        scene.clock.now += 4000
        assert scene.server.is_valid(scene.token().reveal())
        assert scene.renewals == count


def test_a_rotated_refresh_token_takes_the_place_of_the_old_one(scene_of: Any) -> None:
    """The stand-in ends all tokens if a rotated one is used again, as RFC 9700 says."""
    scene = scene_of("tiktok")
    for count in range(1, 4):
        scene.clock.now += 86_400
        assert scene.server.is_valid(scene.token().reveal())
        assert scene.renewals == count


def test_ten_threads_renew_once(scene_of: Any) -> None:
    scene = scene_of("tiktok")
    scene.clock.now += 86_400
    with ThreadPoolExecutor(10) as pool:
        tokens = list(pool.map(lambda _: scene.token(), range(10)))
    assert all(token == tokens[0] for token in tokens)
    assert scene.server.is_valid(tokens[0].reveal())
    assert scene.renewals == 1


def test_ten_event_loops_and_ten_tasks_of_one_renew_once(scene_of: Any) -> None:
    scene = scene_of("tiktok")
    scene.clock.now += 86_400

    async def one() -> Secret:
        return await asyncio.to_thread(scene.token)

    async def ten() -> list[Secret]:
        return await asyncio.gather(*(one() for _ in range(10)))

    with ThreadPoolExecutor(10) as pool:
        loops = list(pool.map(lambda _: asyncio.run(ten()), range(10)))
    tokens = [token for loop in loops for token in loop]
    assert all(token == tokens[0] for token in tokens)
    assert scene.renewals == 1


def test_two_accounts_objects_of_one_store_renew_once(
    scene_of: Any, tmp_path: Path
) -> None:
    """As two processes do: they share the vault and a lock file, no memory."""
    scene = scene_of("tiktok", lock_folder=tmp_path)
    scene.clock.now += 86_400
    others = [
        Accounts(
            scene.store,
            providers=[scene.accounts.provider("tiktok")],
            clock=scene.clock,
            lock_folder=tmp_path,
        )
        for _ in range(6)
    ]
    with ThreadPoolExecutor(6) as pool:
        tokens = list(pool.map(lambda one: one.token("tiktok"), others))
    assert all(token == tokens[0] for token in tokens)
    assert scene.renewals == 1


def test_a_refused_token_is_renewed_before_its_time(scene_of: Any) -> None:
    scene = scene_of()
    second = scene.token(refused=scene.first)
    assert second != scene.first
    # Who was refused with the old one gets the new one, and renews nothing.
    assert scene.token(refused=scene.first) == second
    assert scene.renewals == 1


def test_ten_refused_threads_renew_once(scene_of: Any) -> None:
    scene = scene_of("tiktok")
    with ThreadPoolExecutor(10) as pool:
        refused = [pool.submit(scene.token, refused=scene.first) for _ in range(10)]
    tokens = [one.result() for one in refused]
    assert all(token == tokens[0] != scene.first for token in tokens)
    assert scene.renewals == 1


def test_tokens_are_kept_before_they_are_used(scene_of: Any) -> None:
    scene = scene_of("tiktok")
    scene.clock.now += 86_400
    kept = scene.store.put
    scene.store.put = _fails
    with pytest.raises(VaultError, match="the disk is full"):
        scene.token()
    scene.store.put = kept


def _fails(*_: object) -> None:
    raise VaultError("the disk is full")


def test_an_interrupt_of_one_who_waits_does_not_end_the_renewal() -> None:
    flight: SingleFlight[str] = SingleFlight()
    go, saved = threading.Event(), []

    def call() -> str:
        go.wait(120)
        saved.append("tokens")
        return "tokens"

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flight.run("tiktok", call, interrupted)
    go.set()
    assert flight.run("tiktok", call) == "tokens"
    assert until(lambda: saved) == ["tokens"]


def test_a_provider_that_does_not_answer_leaves_the_last_five_minutes(
    scene_of: Any,
) -> None:
    scene = scene_of()
    scene.server.fault = "busy"
    scene.clock.now += 3599 - 100
    assert scene.token() == scene.first
    scene.clock.now += 101
    with pytest.raises(AccountError, match=r"YouTube \(127.0.0.1\) does not answer"):
        scene.token()
    scene.server.fault = ""
    assert scene.server.is_valid(scene.token().reveal())


def test_an_ended_connection_says_so_and_asks_no_more(scene_of: Any) -> None:
    scene = scene_of()
    scene.server._end_family(next(iter(scene.server._family.values())))
    scene.clock.now += 4000
    for _ in range(3):
        with pytest.raises(AccountError, match="ended the connection") as caught:
            scene.token()
        assert "tl.accounts.connect('youtube')" in str(caught.value)
    assert scene.renewals == 1
    assert scene.accounts.list()[0].is_ended
    # Connecting again mends it.
    scene.accounts.connect("youtube", Person(paste))
    assert scene.server.is_valid(scene.token().reveal())


def test_a_token_of_instagram_is_renewed_by_itself_after_a_day(scene_of: Any) -> None:
    scene = scene_of("instagram")
    scene.clock.now += 86_400 - 1
    assert scene.token() == scene.first
    scene.clock.now += 1
    second = scene.token()
    assert second != scene.first
    assert scene.server.log.grants[-1] == "ig_refresh_token"
    # 59 days on, it would have a day left: it is renewed as soon as it is used.
    scene.clock.now += 59 * 86_400
    assert scene.server.is_valid(scene.token().reveal())
    assert scene.renewals == 2


def test_a_young_token_of_instagram_that_is_refused_says_what_to_do(
    scene_of: Any,
) -> None:
    scene = scene_of("instagram")
    with pytest.raises(AccountError, match="none that is younger than 24 hours"):
        scene.token(refused=scene.first)
    assert scene.renewals == 0


def test_a_token_of_vimeo_does_not_end_and_cannot_be_renewed(scene_of: Any) -> None:
    scene = scene_of("vimeo")
    assert scene.accounts.list()[0].expires_at is None
    scene.clock.now += 10 * 365 * 86_400
    assert scene.token() == scene.first
    with pytest.raises(AccountError, match="Vimeo has ended the connection"):
        scene.token(refused=scene.first)


@pytest.mark.parametrize(
    ("expires_in", "lasts_s"),
    [
        ("3600", 3600.0),
        (3600.5, 3600.5),
        (None, None),
        (-1, None),
        ("soon", None),
        (True, None),
        ([], None),
        (1e300, 10 * 366 * 86_400.0),
        (10**400, 10 * 366 * 86_400.0),
    ],
)
def test_what_an_answer_says_of_its_time(
    expires_in: Any, lasts_s: float | None
) -> None:
    server = AuthorizationServer("youtube")
    server.rules.expires_in = expires_in
    with server:
        accounts, clock = accounts_at(server, "youtube", clock=Clock()), Clock()
        server.now = clock
        account = accounts.connect("youtube", Person(paste))
        due = None if lasts_s is None else account.connected_at + lasts_s
        assert account.expires_at == due


def test_a_token_of_another_type_is_refused() -> None:
    with AuthorizationServer("youtube") as server:
        server.rules.token_type = "mac"  # noqa: S105 - a type
        accounts = accounts_at(server, "youtube")
        with pytest.raises(AccountError, match="of a type that is not known here"):
            accounts.connect("youtube", Person(paste))


def test_another_client_id_says_to_connect_again(scene_of: Any) -> None:
    scene = scene_of()
    scene.accounts.set_client("youtube", "another-id")
    scene.clock.now += 4000
    with pytest.raises(AccountError, match="connected by another client id"):
        scene.token()
    scene.accounts.set_client(
        "youtube",
        scene.server.client_id,
        client_secret=Secret(scene.server.client_secret),
    )
    assert scene.server.is_valid(scene.token().reveal())


@pytest.mark.parametrize("name", ["youtube", "tiktok", "vimeo"])
def test_disconnecting_revokes_and_forgets(scene_of: Any, name: str) -> None:
    scene = scene_of(name)
    outcome = scene.accounts.disconnect(name)
    assert (outcome.is_revoked, outcome.advice) == (True, "")
    assert not scene.server.is_valid(scene.first.reveal())
    assert scene.accounts.list() == []
    assert scene.store.names() == [f"client:{name}"]
    with pytest.raises(AccountError, match="is connected: sign in by"):
        scene.token()
    with pytest.raises(AccountError, match="is connected: sign in by"):
        scene.accounts.disconnect(name)


def test_disconnecting_what_cannot_be_revoked_forgets_and_says_what_is_left(
    scene_of: Any,
) -> None:
    scene = scene_of("instagram")
    outcome = scene.accounts.disconnect("instagram")
    assert not outcome.is_revoked
    assert "https://www.instagram.com/accounts/manage_access/" in outcome.advice
    other = scene_of("youtube")
    other.accounts._call_s = 0.3
    other.server.fault = "drip"
    outcome = other.accounts.disconnect("youtube")
    assert "https://myaccount.google.com/connections" in outcome.advice
    assert other.accounts.list() == []


def test_a_sign_in_during_a_renewal_is_not_overwritten(scene_of: Any) -> None:
    scene = scene_of("tiktok")
    text = scene.store.get("account:tiktok")
    scene.clock.now += 86_400
    renew = scene.accounts._ask

    def meanwhile(known: Any, tokens: Any) -> Any:
        fresh = renew(known, tokens)
        # Another notebook connects the account anew.
        scene.store.put("account:tiktok", Secret(_with_access(text, "newer")))
        return fresh

    scene.accounts._ask = meanwhile
    assert scene.token() == Secret("newer")
    scene.store.delete("account:tiktok")


def _with_access(text: Secret, access: str) -> str:
    return json.dumps(json.loads(text.reveal()) | {"access": access})


def test_a_text_in_the_vault_that_is_no_account_is_none(scene_of: Any) -> None:
    scene = scene_of()
    for text in ("", "{", "[]", '{"access": 1}', "null", "[" * 10_000):
        scene.store.put("account:youtube", Secret(text))
        assert scene.accounts.list() == []
        with pytest.raises(AccountError, match="no account of YouTube"):
            scene.token()
        scene.store.put("client:youtube", Secret(text))
        with pytest.raises(AccountError, match="client id of 'youtube' in the vault"):
            scene.accounts.client("youtube")


_RENEWS = """
import sys
from stand_ins.file_store import FileStore
from timeline_nb.security.oauth.accounts import Accounts
from timeline_nb.security.oauth.provider import BUILT_IN
import msgspec
from pathlib import Path
folder, url = Path(sys.argv[1]), sys.argv[2]
known = next(one for one in BUILT_IN if one.name == "tiktok")
known = msgspec.structs.replace(known, token_url=url + "/token")
accounts = Accounts(FileStore(folder / "s.json"), lock_folder=folder, providers=[known])
print("ready", flush=True)
sys.stdin.readline()
accounts.token("tiktok")
print("done", flush=True)
"""


def test_four_processes_renew_once(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "s.json")
    with AuthorizationServer("tiktok") as server:
        server.rules.expires_in = 60  # within the five minutes at once
        accounts = accounts_at(server, "tiktok", store=store)
        accounts.connect("tiktok", Person(paste))
        server.rules.expires_in = 86_400
        children = [
            subprocess.Popen(
                [sys.executable, "-c", _RENEWS, str(tmp_path), server.url],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=_environment(),
            )
            for _ in range(4)
        ]
        for child in children:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
        for child in children:
            assert child.stdin is not None
            child.stdin.write("\n")
            child.stdin.flush()
        outputs = [child.communicate(timeout=120)[0] for child in children]
        assert outputs == ["done\n"] * 4
        assert server.log.grants.count("refresh_token") == 1


def _environment() -> dict[str, str]:
    tests = Path(__file__).parents[3]
    path = os.pathsep.join([str(tests), str(tests.parent)])
    return os.environ | {"PYTHONPATH": path}
