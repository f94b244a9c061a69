import threading
from typing import Any

import keyring
import pytest
from keyring.backends import SecretService, chainer, fail, null
from stand_ins.keyrings import MemoryKeyring

from timeline_nb.errors import VaultError
from timeline_nb.security.secret import Secret
from timeline_nb.security.system_keyring import SystemKeyring
from timeline_nb.security.wrapping import ChosenKey, KeyringKey, PassphraseKey


class PlainFile:
    """A backend as `keyrings.alt` has: it keeps what it is given, in the open."""

    priority = 20

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def trusted(backend: type[Any]) -> Any:
    """A backend that has the name of the desktop's."""
    named = type(
        "Keyring", (backend,), {"__module__": "keyring.backends.SecretService"}
    )
    named.__qualname__ = SecretService.Keyring.__qualname__
    return named()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What `keyring` chooses: the last of the list."""
    backends: list[Any] = []
    monkeypatch.setattr(keyring, "get_keyring", lambda: backends[-1])
    return backends


def test_a_backend_of_the_system_is_tried_and_left_clean(chosen: list[Any]) -> None:
    backend = trusted(PlainFile)
    chosen.append(backend)
    system = SystemKeyring()
    assert system.fault() == ""
    assert backend.kept == {}
    system.store("a", Secret("text"))
    assert backend.kept == {("timeline_nb", "a"): "text"}
    assert system.fetch("a") == Secret("text")
    system.delete("a")
    system.delete("a")
    assert system.fetch("a") is None


@pytest.mark.parametrize("backend", [PlainFile, null.Keyring])
def test_other_backends_are_not_trusted(chosen: list[Any], backend: Any) -> None:
    chosen.append(backend())
    assert "is not its own store" in SystemKeyring().fault()
    with pytest.raises(VaultError, match="is not its own store"):
        SystemKeyring().store("a", Secret("text"))
    assert getattr(chosen[0], "kept", {}) == {}


def test_without_any_it_says_so(chosen: list[Any]) -> None:
    chosen.append(fail.Keyring())  # type: ignore[no-untyped-call]
    assert SystemKeyring().fault() == (
        "the system's keyring cannot be used (there is none)"
    )


def test_of_several_backends_only_the_system_s_own_is_used(
    chosen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, own = PlainFile(), trusted(PlainFile)
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [plain, own])
    chosen.append(chainer.ChainerBackend())  # type: ignore[no-untyped-call]
    SystemKeyring().store("a", Secret("text"))
    assert (plain.kept, len(own.kept)) == ({}, 1)


def test_a_backend_that_forgets_is_found_out(chosen: list[Any]) -> None:
    chosen.append(trusted(null.Keyring))
    assert "does not keep what it is given" in SystemKeyring().fault()


def test_a_call_that_waits_for_a_person_is_given_up(chosen: list[Any]) -> None:
    release = threading.Event()

    class Waiting(PlainFile):
        def get_password(self, service: str, name: str) -> str | None:
            release.wait(200)
            return super().get_password(service, name)

    chosen.append(trusted(Waiting))
    system = SystemKeyring(limit_s=0.1, canary_limit_s=0.1)
    try:
        assert "no answer in 0.1 s: it may wait for a password" in system.fault()
        with pytest.raises(VaultError, match=r"no answer in 0.1 s"):
            system.fetch("a")
    finally:
        release.set()


def test_calls_that_hang_do_not_pile_up(chosen: list[Any]) -> None:
    release = threading.Event()

    class Waiting(PlainFile):
        def get_password(self, service: str, name: str) -> str | None:
            release.wait(200)
            return super().get_password(service, name)

    chosen.append(trusted(Waiting))
    told = []
    try:
        for _ in range(1000):
            with pytest.raises(VaultError) as found:
                SystemKeyring(limit_s=0.01).fetch("a")
            told.append(str(found.value))
        hanging = [t for t in threading.enumerate() if t.name == "timeline_nb keyring"]
        assert len(hanging) == 8
        assert "8 calls have no answer yet" in told[-1]
    finally:
        release.set()
    for thread in hanging:
        thread.join(120)
    assert SystemKeyring().fetch("a") is None


def test_what_a_backend_raises_is_masked_and_left_behind(chosen: list[Any]) -> None:
    class Quoting(PlainFile):
        def set_password(self, service: str, name: str, password: str) -> None:
            raise RuntimeError(f"cannot keep {password} for {name} of {service}")

    chosen.append(trusted(Quoting))
    with pytest.raises(VaultError, match="RuntimeError: cannot keep ••••••") as caught:
        SystemKeyring().store("a", Secret("hidden-text"))
    assert "hidden-text" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_setting_that_names_no_backend_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def load() -> None:
        raise ModuleNotFoundError("No module named 'sparkle'")

    monkeypatch.setattr(keyring, "get_keyring", load)
    assert "ModuleNotFoundError: No module named 'sparkle'" in SystemKeyring().fault()


def test_a_new_vault_takes_the_keyring_if_it_works(tmp_path: Any) -> None:
    words = PassphraseKey(Secret("correct horse"), noted=tmp_path / "noted")
    for fault, kind in (("", "InKeyring"), ("it is locked", "Scrypt")):
        key = ChosenKey(KeyringKey(MemoryKeyring(fault)), words)
        assert type(key.create("0" * 32)[0]).__name__ == kind
