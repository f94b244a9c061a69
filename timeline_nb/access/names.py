"""What the text of a path says before the system is asked: faults, and Windows' rules.

The rules of Windows are functions of text, with which the tests of any system call
them. Source: "Naming Files, Paths, and Namespaces" of Microsoft's documentation.
"""

import os
import re
from pathlib import PureWindowsPath
from typing import Final

from timeline_nb.i18n import Message

__all__ = ["is_device_name", "is_network_path", "protocol_of", "text_fault"]

# RFC 3986, 3.1; two letters at least, since one is a drive of Windows.
# FFmpeg takes options between commas: "subfile,,start,0,end,9,,:a.mp4".
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)(?:,[^:/]*)?:")
# Protocols of FFmpeg that take what follows without "//".
_BARE_PROTOCOLS: Final = re.compile(
    "async|bluray|cache|concatf?|crypto|data|fd|ffrtmphttp|file|https?|httpproxy|pipe|"
    "subfile|tee|tls|unix"
)
# Names that Windows reads as devices, whatever the suffix.
_DEVICE: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])",
    re.IGNORECASE,
)


def protocol_of(text: str) -> str:
    """Return the protocol of a path that reads as an address; empty for a file's path.

    Args:
        text: As it was written: `http://host/a.mp4`, `concat:a|b`, `file:/etc/passwd`.
    """
    match = _SCHEME.match(text)
    if match is None:
        return ""
    scheme = match[1].lower()
    # pathlib turns "http://host" into "http:/host".
    rest = text[match.end() :]
    if rest.startswith("/") or _BARE_PROTOCOLS.fullmatch(scheme):
        return scheme
    return ""


def is_device_name(part: str) -> bool:
    """Return whether Windows reads one part of a path as a device: `nul.mp4`."""
    return bool(_DEVICE.fullmatch(part.partition(".")[0].partition(":")[0].rstrip(" ")))


def is_network_path(text: str) -> bool:
    r"""Return whether Windows would ask another machine: `\\server\share\a.mp4`.

    A mere look at such a path sends the person's name and a hash of the password.
    """
    return text.replace("/", "\\").startswith("\\\\")


def text_fault(text: str, *, windows: bool = os.name == "nt") -> str:
    """Return why no file may be read by a path, whatever lies there; empty if one may.

    Args:
        text: The path.
        windows: Whether the rules of Windows hold.
    """
    if not text:
        return Message("is empty")
    if "\0" in text:
        return Message("holds the character NUL")
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return Message("holds half a letter (a lone surrogate)")
    return _windows_fault(text) if windows else ""


def _windows_fault(text: str) -> str:
    slashed = text.replace("/", "\\")
    # \\?\ and \\.\ turn off checks of names and reach devices, \??\ the kernel's names.
    if slashed.startswith(("\\\\?\\", "\\\\.\\", "\\??\\")):
        return Message("names a device, or turns off the checks of Windows")
    path = PureWindowsPath(slashed)
    for part in path.parts[1:] if path.anchor else path.parts:
        if part in {".", ".."}:
            continue
        if is_device_name(part):
            return Message("has the name of a device, {name}", name=repr(part))
        if ":" in part:
            return Message("names a stream of a file, {name}", name=repr(part))
        if part.endswith((" ", ".")):
            return Message("has a name that Windows shortens, {name}", name=repr(part))
    return ""
