"""Every lock of the package is watched by the tests, and none is held by who emits."""

import ast
from pathlib import Path

import pytest
from contract.lock_calls import Sources

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


def test_no_signal_is_emitted_while_a_lock_is_held() -> None:
    assert list(Sources.of(PACKAGE).emitted_under_locks()) == []


_SESSION = """
class Session:
    def __init__(self) -> None:
        self.changed: Signal[()] = Signal("it")

    def step(self) -> None:
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()

class Part:
    def __init__(self, session: Session) -> None:
        self.session = session

    def reload(self) -> None:
        self.session.step()

class Whole(Part):
    def other(self) -> None:
        pass
"""
_SERVED = """
class Served:
    def __init__(self, edit: "Whole | None") -> None:
        self.edit = edit
        self._lock = new_lock("it")

    def use(self) -> None:
        with self._lock:
            {}
        self.edit.reload()
"""


@pytest.mark.parametrize(
    ("call", "is_found"),
    [
        ("self.edit.reload()", True),
        ("one = self.edit.session; one.step()", True),
        ("self.edit.session.changed.emit()", True),
        ("self.edit.other()", False),
        ("self.later = lambda: self.edit.reload()", False),
    ],
)
def test_an_emission_is_found_through_calls(call: str, *, is_found: bool) -> None:
    found = Sources({"a.py": _SESSION, "b.py": _SERVED.format(call)})
    lines = list(found.emitted_under_locks())
    assert [line.partition(" ")[0] for line in lines] == ["b.py:9"] * is_found
