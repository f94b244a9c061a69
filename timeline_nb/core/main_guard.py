"""Whether the main script would call something again in each worker process."""

import ast
import sys
import threading
import tokenize
from types import CodeType, FrameType
from typing import Final

__all__ = ["reruns_in_workers"]

# Names in the test of an `if` that tell a worker from the first process.
_GUARDS: Final = {"__name__", "parent_process", "current_process"}


def reruns_in_workers() -> str:
    """Return the line of the main script that spawned workers would run again.

    A process that is spawned, or forked from a server, imports the main script. What
    the script's module level calls now, outside an `if __name__ == "__main__":`, is
    called by each of them, too.

    Returns:
        File and line; empty if it is guarded, or there is no script: in a notebook, a
        console, `python -c`, or `python -m` of a package.
    """
    main = sys.modules.get("__main__")
    path = getattr(main, "__file__", None)
    spec = getattr(main, "__spec__", None)
    is_package = spec is not None and spec.name.endswith("__main__")
    if path is None or is_package:
        return ""
    frame = _module_frame(vars(main))
    if frame is None or frame.f_code.co_filename != path:
        return ""
    line = frame.f_lineno
    try:
        with tokenize.open(path) as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return ""
    return "" if _is_guarded(tree, line) else f"line {line} of {path}"


def _module_frame(names: dict[str, object]) -> FrameType | None:
    """Return the frame in which the main thread runs the main module, if it does."""
    frames = sys._current_frames()  # noqa: SLF001 - the only way to another thread's
    frame = frames.get(threading.main_thread().ident or 0)
    while frame is not None:
        if frame.f_globals is names and _is_module(frame.f_code):
            return frame
        frame = frame.f_back
    return None


def _is_module(code: CodeType) -> bool:
    return code.co_name == "<module>"


def _is_guarded(tree: ast.Module, line: int) -> bool:
    """Return whether a line lies within an `if` that workers do not enter."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.If):
            continue
        if not node.lineno <= line <= (node.end_lineno or node.lineno):
            continue
        names = {n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)}
        names |= {n.attr for n in ast.walk(node.test) if isinstance(n, ast.Attribute)}
        if names & _GUARDS:
            return True
    return False
