"""Films are signed in a process apart, which has no key, whatever the library does."""

import sys
from pathlib import Path

import pytest

import timeline_nb as tl

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows hands no descriptors on"
)

# In place of the library, one that a file has taken over: it does what the file says.
TAKEN_OVER = """
import os, socket, subprocess, sys

class C2paError(Exception): pass
C2paSigningAlg = {"ES256": "ES256"}

class Context:
    @staticmethod
    def from_json(text): return text

class Signer:
    @staticmethod
    def from_callback(sign, *_):
        made = Signer()
        made.sign = sign
        return made
    def close(self): pass

class Builder:
    def __init__(self, definition, context): pass
    def add_ingredient(self, facts, kind, file): self.asked = file.read().decode()
    def sign(self, signer, kind, source, target):
        try: found = eval(self.asked)
        except OSError as error: found = error.strerror
        raise C2paError(f"found {found!r}")
"""


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import c2pa

    # This process has the library itself: it signs a trial of its own.
    assert c2pa.Builder
    (tmp_path / "c2pa.py").write_text(TAKEN_OVER)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "film.mp4"


def fault(film: Path, asked: str) -> str:
    film.write_text(asked)
    with pytest.raises(tl.CredentialError) as caught:
        tl.sign(film, tl.trial_credentials("Ada"), overwrite=True)
    assert film.read_text() == asked
    return str(caught.value)


def test_it_has_no_key_no_network_and_no_programs(film: Path) -> None:
    places = "(*sys.argv, *os.environ.values(), *os.listdir())"
    assert "found []" in fault(film, f"[one for one in {places} if 'PRIVATE' in one]")
    refused = "found 'Operation not permitted'"
    assert refused in fault(film, "socket.socket()")
    assert refused in fault(film, "subprocess.run(['true'])")
    assert refused in fault(film, "os.kill(os.getppid(), 9)")


def test_it_gets_signatures_of_claims_alone_and_few(film: Path) -> None:
    one = "signer.sign(b'\\x84\\x6aSignature1' + bytes(9))[:1]"
    assert "found b'0'" in fault(film, one)
    crashed = "the library c2pa crashed"
    assert crashed in fault(film, "signer.sign(b'GET / HTTP/1.1')")
    many = "[signer.sign(b'\\x84\\x6aSignature1') for _ in range(9)]"
    assert crashed in fault(film, many)
    assert crashed in fault(
        film, "signer.sign(b'\\x84\\x6aSignature1' + bytes(9 << 20))"
    )


def test_what_takes_it_over_is_refused_by_name(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_MAX_CREDENTIAL_BYTES", "1_000_000_000")
    assert "the library c2pa crashed" in fault(film, "os.abort()")
    assert "the library c2pa crashed" in fault(film, "os.write(1, bytes(99))")
    monkeypatch.setenv("TIMELINE_NB_MAX_CREDENTIAL_SECONDS", "1")
    assert "more than 1 s; set TIM" in fault(film, "__import__('time').sleep(900)")
