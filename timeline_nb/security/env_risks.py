"""What a person should know of a key in a file before it is taken over."""

import os
import re
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from timeline_nb.security.git_index import git_tracks

__all__ = ["bare_name", "file_risks", "is_placeholder", "name_risk"]

# What build tools copy into pages, by their documentation: Next.js, Vite, Create React
# App, Expo, Nuxt, Gatsby, Vue CLI, SvelteKit and Astro, Storybook, Angular, Bun.
_PUBLIC: Final = (
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "EXPO_PUBLIC_",
    "NUXT_PUBLIC_",
    "NUXT_ENV_",
    "GATSBY_",
    "VUE_APP_",
    "PUBLIC_",
    "STORYBOOK_",
    "NG_APP_",
    "BUN_PUBLIC_",
)
# People's own, which say nothing.
_NEUTRAL: Final = re.compile(r"(?:APP|MY|DEV|PROD|STAGING|TEST|LOCAL)_", re.IGNORECASE)
_PLACEHOLDER_WORDS: Final = re.compile(
    r"(?<![a-z0-9])(?:change[-_ ]?(?:me|this|it)|placeholder|todo|fixme|dummy|redacted"
    r"|example|sample|your(?:[-_ ][a-z0-9_ -]*)?|(?:insert|enter|paste|put|add|replace)"
    r"[-_ ](?:your|me|here|the|with|key|token)[a-z0-9_ -]*|(?:key|token)[-_ ]here)"
    r"(?![a-z0-9])"
)
_WHOLE_PLACEHOLDERS: Final = frozenset(
    {"none", "null", "nil", "undefined", "false", "true", "key", "token", "secret", "x"}
)
_RUN: Final = re.compile(r"x{5,}|\*{3,}|\.{3,}|…|•{2,}|_{4,}|0{8,}|#{3,}")
_WRAPPED: Final = re.compile(r"your[a-z]*|<.*>|\[.*\]|\{.*\}|%.*%", re.DOTALL)
# A value that the shell or a tool replaces by another.
_REFERENCE: Final = re.compile(r"\$[{(A-Za-z_]|`|op://|vault:|\{\{")


def bare_name(variable: str) -> str:
    """Return a variable's name without what says where it is used."""
    name = variable.upper()
    public = next((one for one in _PUBLIC if name.startswith(one)), "")
    name = name.removeprefix(public)
    return name[len(found[0]) :] if (found := _NEUTRAL.match(name)) else name


def name_risk(variable: str) -> str:
    """Return what a variable's name means for its key; empty if nothing."""
    name = variable.upper()
    prefix = next((one for one in _PUBLIC if name.startswith(one)), "")
    if not prefix:
        return ""
    return f"{prefix} puts it into pages that anyone can read: make a new key"


def is_placeholder(value: str) -> bool:
    """Return whether a value stands for a key that is still to be written."""
    text = value.strip().casefold()
    return (
        text in _WHOLE_PLACEHOLDERS
        or not text
        or bool(_WRAPPED.fullmatch(text) or _RUN.search(text))
        or bool(_REFERENCE.search(value) or _PLACEHOLDER_WORDS.search(text))
    )


def file_risks(path: Path, state: os.stat_result) -> list[str]:
    """Return what is risky about a file that has keys in it.

    Args:
        path: The file, with its folders resolved.
        state: Of the file.
    """
    risks = []
    if sys.platform != "win32":
        if state.st_uid != os.geteuid():
            risks.append("another user owns the file")
        if _others_reach(path) and state.st_mode & stat.S_IROTH:
            risks.append("everyone on this machine can read the file: chmod 600")
        elif state.st_mode & stat.S_IRGRP and (group := _shared_group(state)):
            risks.append(f"the group {group} can read the file: chmod 600")
        if state.st_mode & stat.S_IWOTH:
            risks.append("everyone on this machine can change the file")
    if git_tracks(path):
        risks.append("git tracks the file: the key is in its history, make a new one")
    return risks


def _others_reach(path: Path) -> bool:
    """Return whether every folder above a file lets others through."""
    with suppress(OSError):
        return all(one.stat().st_mode & stat.S_IXOTH for one in path.parents)
    return True


def _shared_group(state: os.stat_result) -> str:
    """Return the name of a file's group; empty if it is its owner's alone."""
    import grp
    import pwd

    try:
        group = grp.getgrgid(state.st_gid)
        owner = pwd.getpwuid(state.st_uid)
    except KeyError:  # in a container, neither may have a name
        return str(state.st_gid)
    is_private = owner.pw_gid == group.gr_gid and group.gr_name == owner.pw_name
    others = [name for name in group.gr_mem if name != owner.pw_name]
    return group.gr_name if others or not is_private else ""
