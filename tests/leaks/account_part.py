"""Cells that connect, use, renew, fail and disconnect an account."""

from typing import Final

from leaks.notebook import LeakPart, cells_of, random_key

__all__ = ["account_part"]

_TOKENS: Final = 60


def account_part() -> LeakPart:
    """Return the part of accounts; a stand-in's server gives the secret texts."""
    tokens = {f"token {n}": random_key("", 32) for n in range(_TOKENS)}
    return LeakPart(
        cells=cells_of(_CELLS),
        failing=cells_of(_FAILING),
        secrets={**tokens, "client": random_key("GOCSPX-", 28)},
    )


_CELLS: Final = """
# %% a server on this machine, whose codes and tokens are known outside
import itertools, time
from stand_ins.authorization import AuthorizationServer
from stand_ins.signing_in import accounts_at, address_after, browse
from timeline_nb.studio import default_studio
server = AuthorizationServer("youtube").__enter__()
numbers = itertools.count()
server.make_secret = lambda _: hidden(f"token {next(numbers)}")
server.client_secret = hidden("client")
default_studio().accounts = accounts_at(
    server, "youtube", store=default_studio().vault)
# %%
tl.accounts
# %% signed in by a pasted address
view = tl.accounts.connect("youtube")
view
# %%
while view.prompt is None:
    time.sleep(0.02)
print(view, view.prompt, vars(view.prompt))
view._receive(view, {"kind": "hello", "id": 1, "view": "v"}, [])
ended = {"kind": "pasteAddress", "id": 2, "view": "v"}
view._receive(view, ended | {"address": address_after(view.prompt)}, [])
account = view.job.wait(60)
account
# %%
print(view, view.job, view.get_state(), account, dataclasses.asdict(account))
# %%
tl.accounts
# %%
tl.accounts.table()
# %%
print(tl.accounts, tl.accounts.list(), tl.accounts.table().to_csv(), tl.vault)
# %%
tl.accounts.token("youtube")
# %% renewed
old = tl.accounts.token("youtube")
new = tl.accounts.token("youtube", refused=old)
print(old, new, old == new)
# %% signed in again by the browser
def in_browser(prompt):
    threading.Thread(target=browse, args=(prompt,)).start()
job = tl.accounts.start_connect("youtube", in_browser)
print(job.wait(60), job)
# %%
from timeline_nb.security.oauth.accounts import Accounts
owner = default_studio().accounts
print(owner, owner.client("youtube"), vars(owner))
tl.accounts
"""

_FAILING: Final = """
# %% a server that sends back what it was sent
server.fault = "echo"
try:
    tl.accounts.token("youtube", refused=tl.accounts.token("youtube"))
finally:
    server.fault = ""
# %% one that answers half a token
server.fault = "broken"
try:
    tl.accounts.token("youtube", refused=tl.accounts.token("youtube"))
finally:
    server.fault = ""
# %% a sign-in that fails with its code
def fails(prompt):
    ended = Secret(address_after(prompt))
    server.fault = "echo"
    prompt.paste(ended)
try:
    tl.accounts.start_connect(
        "youtube", lambda p: threading.Thread(target=fails, args=(p,)).start()
    ).wait(60)
finally:
    server.fault = ""
# %% a foreign address
view.prompt.paste("http://127.0.0.1/?code=" + hidden("token 0"))
# %% a secret that is no text
tl.accounts.set_client("youtube", "a b", client_secret=hidden("client"))
# %%
pickle.dumps(tl.accounts.token("youtube"))
"""
