"""Nothing that a notebook shows, logs, caches or saves holds a byte of a secret."""

import base64
from pathlib import Path

import nbformat
import pytest
from leaks.notebook import MODES, failing, run_parts
from leaks.parts import PARTS
from leaks.search import leaks_in

from timeline_nb.security.secret import MASK

# A notebook of 200 cells, with the tracebacks of all frames.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("leaks") / "searched"
    folder.mkdir()
    return folder, run_parts(folder, PARTS)


def test_no_byte_of_a_secret_is_left(searched: tuple[Path, dict[str, str]]) -> None:
    folder, known = searched
    assert leaks_in(folder, known) == []


def test_the_notebook_did_what_it_was_to_do(
    searched: tuple[Path, dict[str, str]],
) -> None:
    folder, known = searched
    cells = nbformat.read(folder / "leaks.ipynb", as_version=4).cells  # type: ignore[no-untyped-call]
    raised = [
        output["evalue"]
        for cell in cells
        for output in cell.outputs
        if output.output_type == "error"
    ]
    sources = [source for part in PARTS for source in part.failing]
    # Once as a cell, and once in each mode.
    assert len(raised) >= (1 + len(MODES)) * len(sources)
    fine = {c for part in PARTS for c in (*part.cells, *part.closing)}
    plain = [cell for cell in cells if cell.source in fine]
    wrong = [
        (cell.source, output["evalue"])
        for cell in plain
        for output in cell.outputs
        if output.output_type == "error"
    ]
    assert wrong == []
    assert "nothing was raised" not in raised
    assert MASK in str([cell.outputs for cell in cells])
    for name in ("debug.log", "leaks.tlp"):
        assert MASK in (folder / name).read_text(), name
    # A code, and access and refresh tokens, of two times that a person signed in.
    assert len([name for name in known if name.startswith("issued")]) >= 6


@pytest.mark.parametrize(
    "form",
    ["plain", "colored", "wrapped", "base64", "hex", "wrapped hex", "utf-16"],
)
def test_a_trace_is_found_in_each_form(tmp_path: Path, form: str) -> None:
    text = "Xq7vTz0LmP4wKc9RbN2h"
    digits = text.encode().hex()
    forms = {
        "plain": text.encode(),
        "colored": f"{text[:5]}\x1b[31m{text[5:]}".encode(),
        "wrapped": f"{text[:6]}   │\n│ {text[6:]}".encode(),
        "base64": base64.b64encode(b"ab" + text.encode()),
        "hex": digits.encode(),
        "wrapped hex": f"{digits[:9]}   │\n│ {digits[9:]}".encode(),
        "utf-16": text.encode("utf-16-le"),
    }
    path = tmp_path / "below" / "file"
    path.parent.mkdir()
    path.write_bytes(b"before " + forms[form] + b" after")
    found = leaks_in(tmp_path, {"key": text})
    assert found
    assert all("below/file holds key" in one for one in found)
    path.write_bytes(b"before after")
    assert leaks_in(tmp_path, {"key": text}) == []


def test_each_failing_call_is_shown_in_every_mode() -> None:
    shown = failing(["1 / 0"])
    assert shown[:2] == ["%xmode Verbose", "1 / 0"]
    assert shown[2].count("        1 / 0\n") == 1
    assert all(repr(mode) in shown[2] for mode in MODES)
    assert len(shown) == 3
