"""Warnings name the line of the person's call, whatever lies between."""

import warnings
from pathlib import Path
from threading import Thread

import pytest

import timeline_nb
from timeline_nb.core.user_warnings import warn_user

# A function as a module of the package would have it, a deep `with` block between.
_SOURCE = """
from contextlib import contextmanager
from timeline_nb.core.user_warnings import warn_user

@contextmanager
def scope():
    yield
    warn_user("it hurts")

def outer(depth):
    if depth:
        return outer(depth - 1)
    with scope():
        pass
"""


def outer(depth: int) -> None:
    names: dict[str, object] = {}
    path = Path(timeline_nb.__file__).parent / "notebook" / "deep.py"
    exec(compile(_SOURCE, str(path), "exec"), names)  # noqa: S102 - our own text
    names["outer"](depth)  # type: ignore[operator]


@pytest.mark.parametrize("depth", [0, 5])
def test_the_line_outside_the_package_is_named(depth: int) -> None:
    with pytest.warns(RuntimeWarning, match="it hurts") as told:
        outer(depth)
    assert told[0].filename == __file__
    assert told[0].lineno == outer.__code__.co_firstlineno + 4


def test_a_thread_of_the_package_has_its_first_line() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        thread = Thread(target=warn_user, args=("it hurts",))
        thread.start()
        thread.join()
    assert [str(one.message) for one in told] == ["it hurts"]
    assert "threading" in told[0].filename
