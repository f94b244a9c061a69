"""Credentials are read in a process of its own, whatever the library does there."""

import io
import socket
import subprocess
import sys
from pathlib import Path

import c2pa
import pytest

import timeline_nb as tl
from timeline_nb.credentials.read_child import stated_by

CREATED = {
    "label": "c2pa.actions.v2",
    "data": {
        "actions": [
            {
                "action": "c2pa.created",
                "digitalSourceType": "http://cv.iptc.org/newscodes/"
                "digitalsourcetype/digitalCreation",
            }
        ]
    },
}

# In place of the library, one that a file has taken over: it does what the file says.
TAKEN_OVER = """
import json, os, socket, subprocess

class C2paError(Exception): pass

class Context:
    @staticmethod
    def from_json(text): return text

class Reader:
    @staticmethod
    def try_create(kind, file, context):
        return Reader(file.read().decode())
    def __init__(self, asked): self.asked = asked
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def get_validation_state(self): return "Valid"
    def json(self):
        try: title = str(eval(self.asked))
        except OSError as error: title = f"refused: {error.strerror}"
        return json.dumps({"active_manifest": "a", "manifests": {"a": {
            "title": title, "assertions": self.assertions()}}})
    def assertions(self):
        if self.asked != "'deep'": return []
        deep = leaf = {}
        for _ in range(900): leaf["a"] = leaf = {}
        return [{"label": "org.timeline-nb.lock", "data": deep}]
"""


@pytest.fixture
def taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "c2pa.py").write_text(TAKEN_OVER)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "film.mp4"


def test_the_kernel_does_not_load_the_library_to_read(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import timeline_nb as tl\n"
        "open('a.mp4', 'wb').write(bytes(99))\n"
        "print(tl.read_credentials('a.mp4').state, 'c2pa' in sys.modules)\n"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(
        words, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[1:] == ["False"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("os.abort()", "c2pa ended with the code -6"),
        ("os._exit(9)", "c2pa ended with the code 9"),
        ("exec('while True: pass')", "that took more than 1 s, and was ended; set TIM"),
        ("bytearray(3 << 30)", "bytes of memory, more than 1,000,000,000: set TIM"),
        ("print('words')", "the answer to that is none"),
        ("os.write(1, bytes(1 << 25))", "c2pa ended with the code 1"),
    ],
)
def test_a_file_that_takes_the_library_over_is_refused_by_name(
    taken_over: Path, asked: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "more than 1 s" in words:
        monkeypatch.setenv("TIMELINE_NB_MAX_CREDENTIAL_SECONDS", "1")
    monkeypatch.setenv("TIMELINE_NB_MAX_CREDENTIAL_BYTES", "1_000_000_000")
    taken_over.write_text(asked)
    with pytest.raises(tl.CredentialError) as caught:
        tl.read_credentials(taken_over)
    assert str(caught.value).startswith(f"{taken_over}: its content credentials cannot")
    assert words in str(caught.value)


@pytest.mark.skipif(sys.platform != "linux", reason="by a filter of system calls")
@pytest.mark.parametrize(
    "asked",
    ["socket.socket()", "subprocess.run(['true'])", "os.kill(os.getppid(), 9)"],
)
def test_it_has_no_network_and_no_other_programs(taken_over: Path, asked: str) -> None:
    taken_over.write_text(asked)
    assert tl.read_credentials(taken_over).title == "refused: Operation not permitted"


def test_nothing_is_fetched_that_a_file_names(tmp_path: Path) -> None:
    still = tmp_path / "still.jpg"
    made = ["-f", "lavfi", "-i", "testsrc=size=64x48:duration=1", "-frames:v", "1"]
    subprocess.run(["ffmpeg", "-v", "error", *made, str(still)], check=True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/manifest.c2pa"
        builder = c2pa.Builder({"title": "a", "assertions": [CREATED]})
        builder.set_remote_url(address)
        builder.set_no_embed()
        who, signed = tl.trial_credentials(), io.BytesIO()
        signer = c2pa.Signer.from_callback(
            who.sign, c2pa.C2paSigningAlg.ES256, who.chain, None
        )
        with still.open("rb") as source:
            builder.sign(signer, "image/jpeg", source, signed)
        still.write_bytes(signed.getvalue())
        # In this very process, which may use the network.
        stated = stated_by(signed, "image/jpeg", "")
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()
    assert stated.state == "none"
    assert stated.reasons == (
        f"elsewhere: they are kept at {address}; nothing is fetched",
    )
    assert address in tl.read_credentials(still).summary


def test_it_sees_no_secrets_of_the_environment(
    taken_over: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "abc")
    taken_over.write_text("os.environ.get('GITHUB_TOKEN')")
    assert tl.read_credentials(taken_over).title == "None"


def test_what_it_says_is_cut_and_read_once(taken_over: Path) -> None:
    taken_over.write_text("'\\x1b[31m' + 'a' * 10_000")
    title = tl.read_credentials(taken_over).title
    assert title == f" [31m{'a' * 295}…"
    taken_over.write_text("'deep'")
    found = tl.read_credentials(taken_over)
    assert (found.title, len(found.lock)) == ("deep", 1)
