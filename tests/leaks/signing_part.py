"""Cells that sign films with a private key, and fail to."""

from typing import Final

from leaks.notebook import LeakPart, cells_of
from signing_scene import certificate

__all__ = ["signing_part"]


def signing_part() -> LeakPart:
    """Return the part of content credentials.

    Secret is the number in the key: what is around it stands in certificates, too.
    """
    chain, key, _ = certificate()
    other, _, _ = certificate()
    begin, first, second, third, end = key.splitlines()
    # 36 of the 138 bytes (RFC 5915) come before the number, which has 32: 48 letters.
    parts = {"number": first[48:], "rest": second[:26]}
    text = f'{begin}\\n{first[:48]}" + hidden("number") + "\\n" + hidden("rest") + "'
    text = f'"{text}{second[26:]}\\n{third}\\n{end}\\n"'
    names = {"CHAIN": repr(chain), "OTHER": repr(other), "KEY": text}

    def filled(source: str) -> tuple[str, ...]:
        for name, value in names.items():
            source = source.replace(name, value)
        return cells_of(source)

    return LeakPart(cells=filled(_CELLS), failing=filled(_FAILING), secrets=parts)


_CELLS: Final = """
# %% credentials, shown
who = tl.Credentials(CHAIN, Secret(KEY))
who
# %%
print(who, repr(who), vars(who), dir(who), [who], f"{who}")
from rich import inspect as rich_inspect
rich_inspect(who, all=True, private=True)
logging.getLogger("mine").warning("%s %r", who, vars(who))
# %% a film is signed
signed = tl.Edit("signed", rate=25, size=(64, 48))
signed.titles.add("signed", start=0, end="0.2s")
result = await signed.render("signed.mp4", credentials=who)
assert tl.read_credentials("signed.mp4").state == "untrusted"
result
# %%
tl.read_credentials("signed.mp4")
# %% by a key of the vault
tl.vault.put("signing", Secret(KEY))
named = tl.Credentials(CHAIN, "signing")
job = signed.render("named.mp4", credentials=named)
await job
print(named, vars(named), job, job.trace())
signed
"""
_FAILING: Final = """
# %% plain text
tl.Credentials(CHAIN, KEY)
# %% of another certificate
tl.Credentials(OTHER, Secret(KEY))
# %% no key any more
tl.Credentials(CHAIN, Secret(KEY.replace("A", "B")))
# %%
tl.Credentials(CHAIN, Secret(KEY[:90]))
# %% the wrong order
tl.Credentials(Secret(KEY), CHAIN)
# %% a container that cannot hold them
signed.render("signed.mkv", credentials=who)
# %% the library fails
from unittest.mock import patch
import c2pa
with patch.object(c2pa.Builder, "sign", side_effect=c2pa.C2paError("refused")):
    signed.render("other.mp4", credentials=who)
# %% signing itself fails
from timeline_nb.credentials import certificate
with patch.object(certificate, "sign_with", side_effect=ZeroDivisionError):
    signed.render("other.mp4", credentials=who)
# %%
json.dumps(who)
# %%
pickle.dumps(who)
"""
