"""Where uploads get their tokens."""

import pytest

from timeline_nb.errors import AccountError, VaultError
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
