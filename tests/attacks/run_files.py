"""Hostile notebooks, tables of batches, and certificates."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from signing_scene import certificate

from timeline_nb.credentials.certificate import certificates_in
from timeline_nb.runs.film_names import film_names
from timeline_nb.runs.notebook_file import read_notebook
from timeline_nb.runs.parameters import injected_source
from timeline_nb.runs.prepare import prepared
from timeline_nb.runs.rows import rows_of

__all__ = ["HONEST_RUN_FILES", "RUN_FAMILIES", "read_run_file"]

Family = Callable[[Path, int], Any]


def read_run_file(path: Path) -> None:
    """Read a notebook, a table of rows, or the lines of certificates.

    Raises:
        TimelineNbError: It is refused.
    """
    if path.suffix == ".ipynb":
        values = {one.name: "x" for one in read_notebook(path).parameters}
        prepared(read_notebook(path), values)
        compile(injected_source(values), "cell", "exec")
    elif path.suffix == ".rows":
        film_names("{name}.mp4", rows_of(path), path.parent)
    else:
        certificates_in(path, what="certificate")


def _notebook(source: str, more: str = "") -> str:
    cell = {
        "cell_type": "code",
        "metadata": {"tags": ["parameters"]},
        "source": source,
        "outputs": [],
    }
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [cell]})
    return f"{text[:-1]}{more}}}"


def _text(text: Callable[[int], str]) -> Family:
    def write(path: Path, size: int) -> None:
        path.write_text(text(size), encoding="utf-8")

    return write


def _lists(size: int) -> str:
    lists = "[]," * (size // 3)
    return _notebook("a=1", f', "metadata": {{"a": [{lists}[]]}}')


RUN_FAMILIES: dict[str, tuple[str, Family]] = {
    "notebook: many assignments": ("ipynb", _text(lambda n: _notebook("a=1\n" * n))),
    "notebook: deep default": ("ipynb", _text(lambda n: _notebook("a=" + "[" * n))),
    "notebook: many signs": (
        "ipynb",
        _text(lambda _: _notebook("a=" + "-" * 19_000 + "1")),
    ),
    "notebook: long number": ("ipynb", _text(lambda _: _notebook("a=" + "9" * 19_000))),
    "notebook: many magics": ("ipynb", _text(lambda n: _notebook("%a\n" * n))),
    "notebook: many lists": ("ipynb", _text(_lists)),
    "notebook: deep metadata": (
        "ipynb",
        _text(lambda n: _notebook("a=1", f', "metadata": {{"a": {"[" * n}')),
    ),
    "rows: many": ("rows", _text(lambda n: "name\n" + "a\n" * n)),
    "rows: many columns": ("rows", _text(lambda n: "a," * n)),
    "rows: one long cell": ("rows", _text(lambda n: "name\n" + "a" * n)),
    "rows: open quote": ("rows", _text(lambda n: 'name\n"' + "a\n" * n)),
    "certificates: many": (
        "lines",
        _text(lambda n: "-----BEGIN CERTIFICATE-----\nAAAA\n" * (n // 40)),
    ),
}
HONEST_RUN_FILES: dict[str, bytes] = {
    "ipynb": _notebook("a = 1  # b\nc: str | None = None\nd = [1, {}]").encode(),
    "rows": b'name,title,score\nada,"A, da",0.5\nbob,,\n',
    "lines": certificate()[0].encode(),
}
