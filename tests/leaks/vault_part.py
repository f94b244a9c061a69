"""Cells that keep, show, send, save and lose secrets of the vault."""

from typing import Final

from leaks.notebook import LeakPart, cells_of, random_key

__all__ = ["vault_part"]


def vault_part() -> LeakPart:
    """Return the part of the vault and of `Secret`."""
    keys = {name: random_key() for name in ("openai", "vimeo", "typed")}
    return LeakPart(
        cells=cells_of(_CELLS),
        failing=cells_of(_FAILING),
        secrets={**keys, "broken": f"{random_key()} {random_key()}\n"},
    )


_CELLS: Final = """
# %% kept, typed and read
tl.vault.put("openai", hidden("openai"))
# %%
tl.vault.put("vimeo", Secret(hidden("vimeo")))
# %%
import getpass
asked = getpass.getpass
getpass.getpass = lambda prompt: hidden("typed")
tl.vault.ask("typed")
# %%
getpass.getpass = asked
key = tl.vault.ask("typed")
key
# %%
tl.vault
# %%
print(tl.vault, tl.vault.names(), repr(tl.vault.get("openai")))
tl.vault.rotate()
assert tl.vault.get("openai") == Secret(hidden("openai"))
# %% shown
print(key, repr(key), str(key), f"{key}", f"{key!r:>60}", "%s" % key, [key], {1: key})
# %%
from IPython.display import HTML, JSON, Markdown, display
display(key, HTML(f"<b>{key}</b>"), Markdown(f"{key}"), {"key": key}, [key])
# %%
globals()
# %%
%whos
# %%
import pandas as pd
table = pd.DataFrame({"key": [key, key], "n": [1, 2]})
table
# %%
print(table.to_csv(), table.to_string(), table.to_html(), table.to_dict())
table.to_json("table.json")
table.to_csv("table.csv")
# %%
import pprint, reprlib, types
from rich import inspect as rich_inspect, print as rich_print
rich_print(key, [key])
rich_inspect(key, all=True)
pprint.pprint({"key": key, "dir": dir(key)})
print(reprlib.repr(key), types.SimpleNamespace(key=key))
# %%
@dataclasses.dataclass
class Account:
    name: str
    key: Secret
account = Account("me", key)
print(account, dataclasses.asdict(account), dataclasses.astuple(account), vars(account))
account
# %%
help(key)
# %%
key?
# %%
key??
# %%
print(redact("sent " + hidden("openai") + " on", tl.vault.get("openai")), key.hint)
# %% logged
log = logging.getLogger("mine")
log.debug("%s %r", key, key, extra={"key": key})
log.info(f"{key}")
log.warning({"key": key})
warnings.warn(f"{key}")
print(key, file=sys.stderr)
# %% copied and written
print(copy.copy(key) is key, copy.deepcopy([key])[0] == key)
Path("default.json").write_text(json.dumps({"key": key}, default=str))
# %%
import numpy as np
np.save("keys.npy", np.array([str(key)]))
np.array([key])
# %% widgets
import ipywidgets, traitlets
text = ipywidgets.HTML(value=f"<b>{key}</b>", description=str(key))
class Holder(ipywidgets.DOMWidget):
    key = traitlets.Any().tag(sync=False)
holder = Holder(key=key)
display(text, holder)
print(holder, holder.get_state())
# %% a film, its project, script and widget
cut = tl.Edit("leaks", rate=25, size=(64, 48))
cut.titles.add(f"{key}", start=0, end=1)
cut.save("leaks.tlp")
cut.timeline
# %%
cut
# %%
print(cut.history.script())
# %%
tl.TimelineWidget(cut)
# %% a job that fails with a secret
studio = tl.open_studio()
def work(reporter):
    held = tl.vault.get("openai")
    raise ValueError(f"refused: {held}")
job = studio.start(f"use {key}", work)
try:
    job.wait(120)
except ValueError as error:
    print(repr(error), job)
    traceback.print_exc()
studio.close()
job
"""

_FAILING: Final = """
# %% a function of the user with a secret
def use(secret, also):
    name = "openai"
    held = tl.vault.get(name)
    return 1 / 0
use(key, also=[key, {"key": key}])
# %% what is refused
tl.vault.put("bad\\nname", hidden("openai"))
# %%
tl.vault.put("other", hidden("openai") + "\\ud800")
# %%
tl.vault.put("other", hidden("openai") * 10_000)
# %%
tl.vault.put("other", hidden("openai").encode())
# %%
Secret.key(hidden("broken"), name="openai")
# %%
Secret(hidden("openai").encode())
# %%
tl.vault.get("opnai")
# %%
tl.vault.ask("nobody")
# %%
tl.vault.rotate("keyring")
# %%
pickle.dumps(key)
# %%
%store key
# %%
__import__("cloudpickle").dumps(lambda: key)
# %%
json.dumps({"key": key})
# %%
__import__("msgspec").json.encode({"key": key})
# %%
__import__("msgspec").to_builtins(account)
# %%
"Bearer " + key
# %%
vars(key)
# %%
hash(key)
# %%
ipywidgets.Text(value=key)
# %%
ipywidgets.Text(value="x").comm.send({"key": key})
# %%
assert key == Secret(hidden("vimeo")), f"{key}"
# %%
raise ValueError(key, [key])
# %% a damaged file
from timeline_nb.security.vault import open_vault
from timeline_nb.studio import default_studio
path = default_studio().vault.path
raw = path.read_bytes()
path.write_bytes(raw[:-9] + b"AAAA" + raw[-5:])
try:
    tl.vault.put("other", hidden("openai"))
finally:
    path.write_bytes(raw)
# %% another passphrase
open_vault(path.parent, passphrase=Secret(hidden("broken"))).entries()
# %% a full disk
import os
from unittest.mock import patch
with patch.object(os, "fsync", side_effect=OSError(28, "No space left")):
    tl.vault.put("other", hidden("openai"))
# %% a keyring whose error quotes what it was given
from timeline_nb.security import system_keyring
class Quoting:
    def get_password(self, service, name):
        return None
    def set_password(self, service, name, password):
        raise RuntimeError(f"cannot keep {password}")
with patch.object(system_keyring, "_trusted_backend", lambda: Quoting()):
    system_keyring.SystemKeyring().store("x", tl.vault.get("vimeo"))
# %% a person interrupts while typing
def interrupted(prompt):
    raise KeyboardInterrupt
with patch.object(getpass, "getpass", interrupted):
    tl.vault.ask("nobody")
# %% a fault in the middle of sealing
from timeline_nb.security import vault_file
with patch.object(vault_file.msgspec.json, "encode", side_effect=ZeroDivisionError):
    tl.vault.put("other", tl.vault.get("openai"))
"""
