"""A real Secret Service: gnome-keyring on a D-Bus session of its own."""

import json
import shutil
import sys
from typing import Any, Final

import pytest
from attacks.scripts import run_command

PROGRAMS: Final = ("dbus-run-session", "gnome-keyring-daemon", "secret-tool")
MISSING: Final = [name for name in PROGRAMS if not shutil.which(name)]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"
)

SESSION: Final = """\
printf 'the password of the login' |
  gnome-keyring-daemon --foreground --unlock --components=secrets &
daemon=$!
# The daemon answers as soon as it has its name on the bus.
for _ in $(seq 200); do secret-tool search nothing here 2>&1 && break; sleep 0.05; done
python script.py
kill $daemon
"""

SCRIPT: Final = """\
import json, logging, subprocess, time
from pathlib import Path

import secretstorage
from timeline_nb.errors import VaultError
from timeline_nb.security.secret import Secret
from timeline_nb.security.system_keyring import SystemKeyring
from timeline_nb.security.vault import open_vault

def is_there():
    with secretstorage.dbus_init() as bus:
        return any(
            one.collection_path.endswith("/login") and not one.is_locked()
            for one in secretstorage.get_all_collections(bus)
        )

# The keyring of the login comes a moment after the daemon.
for _ in range(4_000):
    if is_there():
        break
    time.sleep(0.05)
logging.basicConfig(level=logging.DEBUG, filename="debug.log")
found = {"fault": SystemKeyring().fault()}
vault = open_vault(Path("vault"))
vault.put("openai", Secret("sk-hidden-text"))
found["kept_by"] = vault.kept_by
found["read"] = open_vault(Path("vault")).get("openai").reveal()

def items():
    with secretstorage.dbus_init() as bus:
        attributes = {"service": "timeline_nb"}
        return sorted(
            item.get_attributes()["username"]
            for item in secretstorage.search_items(bus, attributes)
        )

before = items()
found["kinds"] = sorted(name.split()[2] for name in before)
key_name = next(name for name in before if " key " in name)
found["key"] = subprocess.run(
    ["secret-tool", "lookup", "service", "timeline_nb", "username", key_name],
    capture_output=True, text=True,
).stdout.strip()
vault.rotate()
found["rotated"] = [name for name in items() if " key " in name] != [key_name]
found["count"] = len(items())
old = vault.path.read_bytes()
vault.put("vimeo", Secret("other"))
new = vault.path.read_bytes()
vault.path.write_bytes(old)
try:
    vault.names()
except VaultError as error:
    found["rollback"] = str(error)
vault.path.write_bytes(new)
with secretstorage.dbus_init() as bus:
    secretstorage.get_default_collection(bus).lock()
for name, folder in (("locked", "vault"), ("new", "new")):
    try:
        open_vault(Path(folder)).put("a", Secret("b"))
    except VaultError as error:
        found[name] = str(error)
Path("found.json").write_text(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("session")
    for name in ("home", "run"):
        (folder / name).mkdir(mode=0o700)
    (folder / "script.py").write_text(SCRIPT)
    session = SESSION.replace("python", sys.executable)
    home = [f"HOME={folder}/home", f"XDG_DATA_HOME={folder}/home"]
    command = ["env", "-u", "DBUS_SESSION_BUS_ADDRESS", "-u", "DISPLAY"]
    command += ["-C", str(folder), *home, f"XDG_RUNTIME_DIR={folder}/run"]
    command += ["dbus-run-session", "--", "sh", "-c", session]
    ended = run_command(command, folder)
    assert (folder / "found.json").exists(), ended
    return {
        **json.loads((folder / "found.json").read_text()),
        "log": (folder / "debug.log").read_text(),
        "out": ended.out + ended.err,
    }


def test_a_vault_keeps_its_key_in_the_desktop_s_keyring(found: Any) -> None:
    assert found["fault"] == ""
    assert found["kept_by"] == "keyring"
    assert found["read"] == "sk-hidden-text"
    assert found["kinds"] == ["generation", "key"]


def test_another_program_finds_the_key_there(found: Any) -> None:
    assert len(bytes.fromhex(found["key"])) == 32


def test_rotating_leaves_one_key_there(found: Any) -> None:
    assert found["rotated"]
    assert found["count"] == 2


def test_an_older_copy_is_noticed_by_the_generation_there(found: Any) -> None:
    assert "save 2 of 3" in found["rollback"]


def test_a_locked_keyring_is_given_up_and_says_so(found: Any) -> None:
    assert "its key is in the keyring of this user" in found["locked"]
    assert "KeyringLocked" in found["locked"]
    assert "TIMELINE_NB_VAULT_PASSPHRASE" in found["new"]
    assert "KeyringLocked" in found["new"]


def test_nothing_is_logged_of_the_secrets(found: Any) -> None:
    for secret in ("sk-hidden-text", found["key"]):
        assert secret not in found["log"] + found["out"]
    assert found["log"]
