"""What a plugin may do beyond computing: asked for in its manifest, granted by a person.

A permission is written `kind:target`:

| permission | allows |
|---|---|
| `read:/films`, `write:/films` | files of a folder, with all below it |
| `network:api.example.com`, `network:*.example.com` | https to a host, or to all below a name |
| `local:127.0.0.1:8080` | http and https to one port of this machine or its network |
| `account:youtube` | requests signed for an account; the plugin never sees the token |
| `ui:panel`, `ui:message` | a panel in the editor, messages to the person |
| `system:info` | what machine and versions it runs on |
| `level:extended` | the limits of a level, for a plugin that computes more |

A manifest may ask with `*` in place of a folder, a host or a port; the person then
names which. `process` can be asked for, and is never granted.
"""  # noqa: E501 - a table

import ipaddress
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

import msgspec

from timeline_nb.errors import PluginError
from timeline_nb.i18n import Message

__all__ = [
    "Permission",
    "PermissionKind",
    "host_matches",
    "missing",
    "parse_permission",
]

PermissionKind: TypeAlias = Literal[
    "read", "write", "network", "local", "account", "ui", "system", "level", "process"
]
LEVEL_NAMES: Final = ("minimal", "standard", "extended", "full")
# RFC 1035, 2.3.1, and RFC 5890: labels of letters, digits and hyphens.
_LABEL: Final = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_HOST: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_ACCOUNT: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,60}")
_MOST_LETTERS: Final = 1_000
_CHOICES: Final = {
    "ui": ("panel", "message"),
    "system": ("info",),
    "level": LEVEL_NAMES,
    "process": ("",),
}
# What is asked for with `*`: the person names which.
_OF_ANY: Final = {
    "read": Message("read files in folders that you name"),
    "write": Message("create files in folders that you name"),
    "network": Message("exchange data with hosts that you name on the internet"),
    "local": Message("exchange data with hosts that you name in your own network"),
}
_SHOWN: Final = {
    "panel": Message("show a panel in the editor"),
    "message": Message("show you messages, in the editor or below a cell"),
}


class Permission(msgspec.Struct, frozen=True):
    """One permission.

    Args:
        kind: What is allowed.
        target: For what: a folder, a host, an account.
    """

    kind: PermissionKind
    target: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.target}" if self.target else self.kind

    def covers(self, other: "Permission") -> bool:
        """Return whether all that another permission allows is allowed by this one."""
        if self.kind != other.kind:
            return False
        if self.target in {other.target, "*"}:
            return True
        if self.kind in {"read", "write"} and other.target != "*":
            return Path(other.target).is_relative_to(self.target)
        if self.kind == "network" and self.target.startswith("*."):
            inner = other.target.removeprefix("*.")
            return host_matches(self.target, inner) or (
                # All below a name include all below that name's own parts.
                other.target.startswith("*.") and inner == self.target[2:]
            )
        if self.kind == "local" and self.target.endswith(":*"):
            return other.target.rpartition(":")[0] == self.target[:-2]
        return False

    @property
    def sentence(self) -> str:
        """What it allows, for the person who is asked."""
        target = self.target
        if self.kind == "ui":
            return _SHOWN.get(target, target)
        if target == "*" and self.kind in _OF_ANY:
            return _OF_ANY[self.kind]
        return {
            "read": Message("read files in {folder}", folder=target),
            "write": Message("create files in {folder}", folder=target),
            "network": Message(
                "exchange data with {host} on the internet", host=target
            ),
            "local": Message(
                "exchange data with {host} in your own network", host=target
            ),
            "account": Message(
                "send requests signed for your account at {provider}", provider=target
            ),
            "system": Message("learn what machine and versions it runs on"),
            "level": Message("use memory and time of the level {level}", level=target),
            "process": Message("start programs (never granted)"),
        }[self.kind]


def host_matches(pattern: str, host: str) -> bool:
    """Return whether a host is one that a pattern names.

    Args:
        pattern: A host, or `*.` and a name: all hosts below that name, not itself.
        host: Lower case, as ASCII.
    """
    host = host.rstrip(".").lower()
    if pattern == "*":
        return bool(host)
    if pattern.startswith("*."):
        # The dot belongs to the suffix: evilexample.com does not end in .example.com.
        return host.endswith(pattern[1:]) and len(host) >= len(pattern)
    return host == pattern


def parse_permission(text: str) -> Permission:
    """Read a permission as it is written in a manifest or on the command line.

    Raises:
        PluginError: There is none of that kind, or it has no such target.
    """
    kind, _, target = text.strip().partition(":")
    if kind not in get_args(PermissionKind) or len(text) > _MOST_LETTERS:
        kinds = ", ".join(get_args(PermissionKind))
        raise PluginError(
            Message(
                "{text} is no permission: write KIND:TARGET, such as "
                "'network:*.example.com'; kinds are {kinds}",
                text=repr(text[:100]),
                kinds=kinds,
            )
        )
    target, fault = _checked(kind, target.strip())
    if fault:
        raise PluginError(
            Message(
                "the permission {text} cannot be: {fault}",
                text=repr(text[:100]),
                fault=fault,
            )
        )
    return Permission(kind, target)  # type: ignore[arg-type]


def _checked(kind: str, target: str) -> tuple[str, str]:
    """Return a target as it is compared, and what is wrong with it."""
    if kind in _CHOICES:
        choices = _CHOICES[kind]
        known = target in choices
        listed = ", ".join(choices) or Message("none")
        return target, "" if known else Message("write one of {words}", words=listed)
    if kind in {"read", "write"}:
        return _folder(target)
    if kind == "account":
        known = bool(_ACCOUNT.fullmatch(target))
        fault = Message("an account is a provider's name, as 'youtube'")
        return target, "" if known else fault
    if target == "*":
        return target, ""
    return _host(target) if kind == "network" else _host_and_port(target)


def _host_and_port(target: str) -> tuple[str, str]:
    host, _, port = target.rpartition(":")
    bare = host.strip("[]").lower()
    is_port = port.isascii() and port.isdigit() and 0 < int(port) < 65_536
    if not bare or not (is_port or port == "*"):
        return target, Message("name a host and a port, such as 127.0.0.1:8080")
    is_host = _is_address(bare) or _HOST.fullmatch(bare)
    return f"{bare}:{port}", "" if is_host else Message("it is no host")


def _folder(target: str) -> tuple[str, str]:
    if target == "*":
        return target, ""
    if "\0" in target:
        return target, Message("no path has a NUL in it")
    path = Path(target)
    if target.startswith("~"):
        try:
            path = path.expanduser()
        except RuntimeError:
            return target, Message("there is no such home folder")
    if not path.is_absolute():
        return target, Message(
            "name a folder by its whole path, or write * to be asked"
        )
    # Not `resolve`: the folder may not be there yet. The scope follows links.
    return os.path.normpath(path), ""


def _host(target: str) -> tuple[str, str]:
    host = target.lower().rstrip(".")
    bare = host.removeprefix("*.")
    try:
        bare = bare.encode("idna").decode("ascii") if not bare.isascii() else bare
    except UnicodeError:
        return target, Message("it is no host")
    if _is_address(bare):
        return target, Message("addresses are allowed by local:HOST:PORT only")
    if not _HOST.fullmatch(bare):
        return target, Message("it is no host: leave out https://, ports and paths")
    if host.startswith("*.") and "." not in bare:
        fault = Message(
            "all hosts below .{host} are too many: name more of them", host=bare
        )
        return target, fault
    return ("*." if host.startswith("*.") else "") + bare, ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        # 127.1 and 2130706433 are addresses to the system's resolver.
        return bool(re.fullmatch(r"[0-9.]+|0x[0-9a-f.x]+", host))
    return True


def missing(
    wanted: Iterable[Permission], granted: Iterable[Permission]
) -> list[Permission]:
    """Return those of some permissions that no granted one covers."""
    granted = tuple(granted)
    return [one for one in wanted if not any(two.covers(one) for two in granted)]
