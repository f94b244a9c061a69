"""Where uploads get their tokens, and what shows none of their secrets."""

import pytest

from timeline_nb.errors import AccountError, VaultError
from timeline_nb.publishing.answers import PlatformAnswer
from timeline_nb.publishing.caller import SecretAddress
from timeline_nb.publishing.journal import Entry
from timeline_nb.publishing.tokens import authorizer
from timeline_nb.security.secret import Secret
from timeline_nb.security.store import MemoryStore


class Accounts:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def token(self, provider: str, refused: Secret | None = None) -> Secret:
        self.asked.append((provider, None if refused is None else refused.reveal()))
        return Secret(f"of {provider}")


def test_an_account_gives_its_token_and_hears_of_a_refused_one() -> None:
    accounts = Accounts()
    authorize = authorizer(MemoryStore, lambda: accounts)("youtube")
    assert authorize(None).reveal() == "of youtube"
    authorize(Secret("old"))
    assert accounts.asked == [("youtube", None), ("youtube", "old")]


def test_a_bot_has_a_key_in_the_vault_alone() -> None:
    store = MemoryStore()
    authorize = authorizer(lambda: store, Accounts)("telegram")
    with pytest.raises(VaultError, match="timeline-nb keys add telegram"):
        authorize(None)
    store.put("telegram", Secret("123:key"))
    assert authorize(None).reveal() == "123:key"
    with pytest.raises(AccountError, match=r"tl\.vault\.ask\('telegram'\)") as caught:
        authorize(Secret("123:key"))
    assert "123:key" not in str(caught.value)


def test_vimeo_takes_a_personal_token_unless_an_account_is_connected() -> None:
    store = MemoryStore([("vimeo", Secret("personal"))])
    authorize = authorizer(lambda: store, Accounts)("vimeo")
    assert authorize(None).reveal() == "personal"
    store.put("account:vimeo", Secret("{}"))
    assert authorize(None).reveal() == "of vimeo"


def test_addresses_of_sessions_are_shown_by_nothing() -> None:
    address = "https://example.com/upload?upload_id=capability"
    things: list[object] = [
        Entry(session=address, id="7"),
        SecretAddress(Secret(address)),
        PlatformAnswer(200, {"location": address}, address.encode()),
    ]
    assert not [thing for thing in things if "capability" in f"{thing!r} {thing}"]
    # What rich prints of a struct in a traceback.
    assert Entry(session=address, id="7").__rich_repr__() == [
        ("id", "7"),
        ("done", ()),
    ]
