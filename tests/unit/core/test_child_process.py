"""Child processes of the package."""

import json

import psutil
import pytest

from timeline_nb.core.child_process import plain_environment, run_module

SECRETS = {
    "OPENAI_API_KEY": "x",
    "GITHUB_TOKEN": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_ACCESS_KEY_ID": "x",
    "PGPASSWORD": "x",
    "DATABASE_URL": "x",
    "JPY_SESSION_NAME": "x",
    "ssh_auth_sock": "x",
    "GH_PAT": "x",
    "HARMLESS": "https://ada:secret@example.com/simple",
    "OTHER": "sk-of-nobody",
}
NEEDED = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/home/ada",
    "LANG": "C.UTF-8",
    "PWD": "/home/ada",
    "LD_LIBRARY_PATH": "/opt/lib",
    "TIMELINE_NB_MAX_SIDE_PX": "64",
    "PYTHONHASHSEED": "1",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "0",
    "XDG_CACHE_HOME": "/home/ada/.cache",
}


def test_the_environment_of_a_child_has_no_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {**SECRETS, **NEEDED}.items():
        monkeypatch.setenv(name, value)
    found = plain_environment()
    assert not SECRETS.keys() & found.keys()
    assert {name: found.get(name) for name in NEEDED} == NEEDED


def ended_by(code: str, time_s: float) -> str:
    given = f"{code}\n".encode()
    return run_module(
        "code", "-q", given=given, time_s=time_s, memory_bytes=1 << 30
    ).end


def test_a_child_that_computes_for_too_long_is_killed() -> None:
    assert ended_by("while True: pass\n", 1) == "slow"


def test_a_child_that_waits_for_the_machine_has_more_time() -> None:
    # It is stopped for a moment, as by other work, and computes little.
    assert ended_by("import time; time.sleep(3)", 1.5) == "ended"
    assert ended_by("import time; time.sleep(600)", 0.2) == "slow"


def test_a_child_is_started_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    # The standard library's, which runs what it reads.
    given = b"import json, os; print(json.dumps(list(os.environ)))\n"
    ended = run_module("code", "-q", given=given, time_s=60, memory_bytes=1 << 30)
    names = json.loads(ended.output.splitlines()[0].removeprefix(b">>> "))
    assert "PATH" in names
    assert not SECRETS.keys() & set(names)


class StoppedError(Exception):
    """A person stopped it."""


def test_what_a_check_raises_ends_the_child() -> None:
    # Other tests may have left some that end by themselves.
    others = psutil.Process().children()
    asked = []

    def check() -> None:
        asked.append([c for c in psutil.Process().children() if c not in others])
        if len(asked) == 3:
            raise StoppedError

    given = b"import time\ntime.sleep(60)\n"
    with pytest.raises(StoppedError):
        run_module(
            "code", "-q", given=given, time_s=60, memory_bytes=1 << 30, check=check
        )
    (child,) = asked[-1]
    assert not child.is_running()
