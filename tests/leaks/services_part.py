"""Cells that check keys, import them from files, and connect accounts."""

from typing import Final

from leaks.notebook import LeakPart, cells_of, random_key

__all__ = ["services_part"]


def services_part() -> LeakPart:
    """Return the part of what sends secrets to providers; it follows the vault's."""
    names = ("gemini", "telegram", "youtube", "client", "of_file")
    return LeakPart(
        cells=cells_of(_CELLS),
        failing=cells_of(_FAILING),
        closing=cells_of(_CLOSING),
        secrets={name: random_key("", 36) for name in names},
    )


_CELLS: Final = """
# %%
import os
from leaks.local_services import end_services, refuse_all, sign_in, studio_of_services
from timeline_nb.notebook.accounts import NotebookAccounts
from timeline_nb.notebook.vault import NotebookVault
services = studio_of_services()
mine, accounts = NotebookVault(services), NotebookAccounts(services)
# %% keys that the providers refuse; one of them repeats the key in its answer
for name in ("gemini", "telegram", "youtube"):
    mine.put(name, hidden(name))
report = mine.check()
report
# %%
print(report, report.to_dataframe().to_string(), [check for check in report])
# %% keys of a file that lies elsewhere
elsewhere = Path(os.environ["TIMELINE_NB_TEST_HIDDEN"] + ".folder")
elsewhere.mkdir()
_ = (elsewhere / ".env").write_text("DEEPSEEK_API_KEY=" + hidden("of_file") + "\\n")
found = mine.find_env(elsewhere)
found
# %%
print(found, [key for key in found])
taken = mine.import_env(["DEEPSEEK_API_KEY"], folder=elsewhere, comment_out=True)
taken
# %% accounts
print(sign_in(accounts))
accounts
# %%
accounts.token("youtube")
# %%
print(sign_in(accounts, by_pasting=True), accounts, accounts.token("youtube"))
print(accounts.token("youtube", accounts.token("youtube")))
# %%
view = accounts.connect("youtube")
view
# %%
view.job.cancel()
mine
"""

_FAILING: Final = """
# %%
mine.check("nobody")
# %%
mine.check("account:youtube")
# %%
mine.import_env(["NOBODY_API_KEY"], folder=elsewhere)
# %%
accounts.token("vimeo")
# %%
accounts.token("youtube", key)
accounts.connect("sparkle")
# %% a platform that answers with what it was sent
refuse_all("echo")
try:
    accounts.token("youtube", accounts.token("youtube"))
finally:
    refuse_all("")
# %%
refuse_all("broken")
try:
    accounts.token("youtube", accounts.token("youtube"))
finally:
    refuse_all("")
"""

_CLOSING: Final = """
# %%
print(accounts.disconnect("youtube"))
end_services()
"""
