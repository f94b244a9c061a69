"""What a notebook keeps of a widget: its picture, and a view where pages show it."""

import os
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["complete_output", "is_without_page"]

_WIDGET_VIEW: Final = "application/vnd.jupyter.widget-view+json"
# Our JupyterLab extension renders it.
_OWN_VIEW: Final = "application/vnd.timeline-nb.widget+json"

# What jupyter_client numbers its messages with: session, process and count. Pages of
# Jupyter, and VS Code, number theirs with a plain UUID.
_OF_A_PROGRAM: Final = re.compile(r".*_\d+_\d+")


def complete_output(data: dict[str, Any], picture: Mapping[str, Any]) -> None:
    """Add what readers without a kernel see, and our own view of the widget.

    Args:
        data: What ipywidgets shows, by media type; changed in place.
        picture: Text and pictures of the widget, by media type.
    """
    if is_without_page():
        data.pop(_WIDGET_VIEW, None)
    if _WIDGET_VIEW in data:
        data[_OWN_VIEW] = data[_WIDGET_VIEW]
    data.update(picture)


def is_without_page(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether nbconvert, papermill or their like runs this cell.

    They keep the state of widgets, and what nbconvert writes then shows a blank cell
    where the network is closed: its programs for widgets lie on a server elsewhere.
    So pictures stand for widgets there. A Jupyter server that runs cells itself names
    the notebook to its kernels, and Voila its own address; both show pages.
    """
    given = os.environ if environment is None else environment
    if "JPY_SESSION_NAME" in given or any("VOILA" in name.upper() for name in given):
        return False
    if given.get("SERVER_SOFTWARE", "").startswith("voila"):
        return False
    return _OF_A_PROGRAM.fullmatch(_message_id()) is not None


def _message_id() -> str:
    """Return the id of the message by which this cell runs; empty without a kernel."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython else None
    kernel = getattr(shell, "kernel", None)
    if kernel is None or not hasattr(kernel, "get_parent"):
        return ""
    header = (kernel.get_parent() or {}).get("header") or {}
    return str(header.get("msg_id", ""))
