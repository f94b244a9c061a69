"""Ask whether the Jupyter server beside this kernel gives files to pages."""

import http.client
import os
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import quote

import msgspec

from timeline_nb.core.kernel_connection import KernelConnection, kernel_connection
from timeline_nb.core.telemetry.health import CheckWarning, HealthCheck

__all__ = ["jupyter_server_checks"]

_ANSWERS_S: Final = 3.0
_DEADLINE_S: Final = 5.0
_MOST_BYTES: Final = 100_000
# What a server that listens everywhere names as its host.
_EVERYWHERE: Final = {"", "*", "0.0.0.0", "::"}  # noqa: S104 - compared, not bound
_BY_KERNEL: Final = "players get all through the kernel, which works and is slower"


class _ServerFile(msgspec.Struct, frozen=True):
    """What a Jupyter server writes of itself beside the files of its kernels."""

    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    hostname: str = ""
    base_url: str = "/"
    secure: bool = False
    sock: str = ""


def jupyter_server_checks() -> list[HealthCheck]:
    """Return the check of the server that started this kernel; none if none did."""
    known = kernel_connection()
    if known is None:
        return []
    return [HealthCheck("server", lambda: _ask(known), _DEADLINE_S)]


def _ask(known: KernelConnection) -> str:
    server = _server_of(known.path.parent)
    if server is None or server.sock or server.secure or not server.port:
        return f"no server can be asked from here: where none answers, {_BY_KERNEL}"
    base = quote(server.base_url.rstrip("/"), safe="/%@")
    status, body = _answer(server, f"{base}/timeline_nb/health")
    # Who has not logged in is refused by ours in a way of its own; a server that asks
    # nobody to log in answers.
    is_refused = status == HTTPStatus.FORBIDDEN and body.strip() == b"403"
    if is_refused or (status == HTTPStatus.OK and body.startswith(b'{"status":')):
        return f"Jupyter's server gives files to pages, at {base}/timeline_nb/"
    if status == HTTPStatus.NOT_FOUND:
        raise CheckWarning(
            f"Jupyter's server has no timeline_nb, so {_BY_KERNEL}: install "
            "timeline-nb where Jupyter runs, and start it again"
        )
    return f"Jupyter's server answered {status}: where it gives no files, {_BY_KERNEL}"


def _server_of(folder: Path) -> _ServerFile | None:
    """Return what the server says of itself that started this kernel."""
    try:
        with (folder / f"jpserver-{os.getppid()}.json").open("rb") as file:
            return msgspec.json.decode(file.read(_MOST_BYTES), type=_ServerFile)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return None


def _answer(server: _ServerFile, address: str) -> tuple[int, bytes]:
    host = "127.0.0.1" if server.hostname in _EVERYWHERE else server.hostname
    link = http.client.HTTPConnection(host, server.port, timeout=_ANSWERS_S)
    try:
        link.request("GET", address)
        answer = link.getresponse()
        return answer.status, answer.read(_MOST_BYTES)
    except (OSError, ValueError, http.client.HTTPException) as error:
        why = type(error).__name__
        raise CheckWarning(
            f"Jupyter's server does not answer ({why}), so {_BY_KERNEL}"
        ) from None
    finally:
        link.close()
