"""Providers on this machine, for cells; their own records hold secrets in plain text.

They are kept in this module, since tracebacks with variables show a cell's globals.
"""

import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from leaks.hidden import HIDDEN_VARIABLE, hidden
from leaks.notebook import random_key
from stand_ins.authorization import AuthorizationServer
from stand_ins.keys import KeyServer
from stand_ins.signing_in import Person, accounts_at, browse, paste

from timeline_nb.notebook.accounts import NotebookAccounts
from timeline_nb.security.checks import KeyChecks
from timeline_nb.studio import Studio, default_studio, open_studio

__all__ = ["end_services", "issued_file", "refuse_all", "sign_in", "studio_of_services"]

_open: Final = ExitStack()
_servers: Final[list[AuthorizationServer]] = []


def studio_of_services() -> Studio:
    """Return a studio with the notebook's vault, whose providers are local."""
    vault = default_studio().vault
    keys = _open.enter_context(KeyServer())
    server = _open.enter_context(AuthorizationServer("youtube"))
    server.client_secret = hidden("client")
    # With no word before it, which a notebook may show.
    server.make_secret = lambda _: random_key("", 32)
    _servers.append(server)
    studio = open_studio(
        vault=vault,
        key_checks=KeyChecks(keys.providers()),
        accounts=accounts_at(server, "youtube", store=vault),
    )
    return _open.enter_context(studio)


def sign_in(accounts: NotebookAccounts, *, by_pasting: bool = False) -> str:
    """Sign in as a person does; return what the job shows of the account."""
    person = Person(paste if by_pasting else browse)
    account = accounts.start_connect("youtube", person).wait(60)
    person.done()
    return repr(account)


def refuse_all(fault: str) -> None:
    """Let the platform misbehave from now on: see `AuthorizationServer.fault`."""
    _servers[0].fault = fault


def issued_file() -> Path:
    """Return the file of what the platform issued, outside the searched folder."""
    return Path(f"{os.environ[HIDDEN_VARIABLE]}.issued")


def end_services() -> None:
    """Stop the servers, and write down which codes and tokens they issued."""
    issued = [secret for server in _servers for secret in server.log.secrets]
    issued_file().write_text(json.dumps(issued))
    _open.close()
