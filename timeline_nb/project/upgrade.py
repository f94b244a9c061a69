"""Upgrade older project files, one version at a time, as plain dicts."""

from collections.abc import Callable
from typing import Any, Final

from timeline_nb.errors import ProjectError, TimeError
from timeline_nb.timebase import to_fraction

__all__ = ["CURRENT_VERSION", "FORMAT", "upgrade"]

FORMAT: Final = "timeline_nb.project"
CURRENT_VERSION: Final = 1
_TIMES: Final = {
    "duration",
    "fade_in",
    "fade_out",
    "in_offset",
    "out_offset",
    "rate",
    "start",
}


def upgrade(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Upgrade a document to the current version.

    Raises:
        ProjectError: It is no project, or one of a newer version.
    """
    if document.get("format") != FORMAT:
        raise ProjectError(f"{name} is not a project: $.format is not {FORMAT!r}")
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise ProjectError(f"{name}: $.version is not a version number")
    if version > CURRENT_VERSION:
        raise ProjectError(
            f"{name} is of version {version}, newer than this package knows "
            f"({CURRENT_VERSION}): upgrade timeline_nb to open it"
        )
    while version < CURRENT_VERSION:
        document = _STEPS[version](document, name)
        version += 1
    return document


def _from_0(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Version 0 held times as decimal numbers; version 1 holds exact fractions."""

    def exact(value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return {
                key: _fraction(inner, f"{path}.{key}")
                if key in _TIMES and not isinstance(inner, (dict, list))
                else exact(inner, f"{path}.{key}")
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [exact(v, f"{path}[{n}]") for n, v in enumerate(value)]
        return value

    def _fraction(value: Any, path: str) -> str:
        try:
            return str(to_fraction(value))
        except TimeError:
            raise ProjectError(f"{name}: {path} is not a number of seconds") from None

    timeline = exact(document.get("timeline"), "$.timeline")
    return {"format": FORMAT, "version": 1, "timeline": timeline}


_STEPS: Final[dict[int, Callable[[dict[str, Any], str], dict[str, Any]]]] = {
    0: _from_0,
}
