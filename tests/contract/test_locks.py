"""Every lock of the package is one whose order the tests watch."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "timeline_nb"
RAW = {"Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "allocate_lock"}
OWN = {PACKAGE / "core" / "locks.py", PACKAGE / "core" / "lock_order.py"}


def raw_locks(source: str) -> list[int]:
    """The lines that name a lock of `threading`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and node.attr in RAW and not _is_loop(node))
        or (
            isinstance(node, ast.ImportFrom)
            and node.module in {"threading", "_thread"}
            and RAW & {alias.name for alias in node.names}
        )
    ]


def _is_loop(node: ast.Attribute) -> bool:
    """Whether it is one of asyncio's, which tasks of one thread wait for."""
    return isinstance(node.value, ast.Name) and node.value.id == "asyncio"


def test_locks_are_made_in_one_module() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path not in OWN
        for line in raw_locks(path.read_text())
    ]
    assert not found, "take locks from timeline_nb.core.locks"


def test_a_raw_lock_is_found_however_it_is_imported() -> None:
    assert raw_locks("import threading\nx = threading.Lock()\n") == [2]
    assert raw_locks("def f():\n    from threading import Thread, RLock\n") == [2]
    assert raw_locks("from threading import Event, Thread\n") == []
