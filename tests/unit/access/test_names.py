"""Faults of a path's text; those of Windows by Microsoft's list of reserved names."""

import pytest

from timeline_nb.access.names import is_device_name, protocol_of, text_fault
from timeline_nb.access.no_links import without_prefix


@pytest.mark.parametrize(
    ("text", "protocol"),
    [
        ("http://host/a.mp4", "http"),
        ("HTTPS://host/a.mp4", "https"),
        ("concat:a.mp4|b.mp4", "concat"),
        ("file:/etc/passwd", "file"),
        ("data:text/plain;base64,AAAA", "data"),
        ("subfile,,start,0,end,9,,:/etc/passwd", "subfile"),
        ("crypto+file:/etc/passwd", "crypto+file"),
        ("smb://host/share/a.mp4", "smb"),
        ("C:\\films\\a.mp4", ""),
        ("C:/films/a.mp4", ""),
        ("/films/http:/a.mp4", ""),
        ("scene:3.mp4", ""),
        ("a.mp4", ""),
    ],
)
def test_a_path_that_is_an_address(text: str, protocol: str) -> None:
    assert protocol_of(text) == protocol


@pytest.mark.parametrize(
    "text",
    [
        "films\\nul",
        "films\\NUL.mp4",
        "films\\con .mp4",
        "com1.mp4",
        "lpt\u00b9.txt",
        "CONIN$",
        "films\\aux.tar.gz",
        "films\\a.mp4:hidden",
        "films\\a.mp4::$DATA",
        "C:films\\nul:x",
        "\\\\?\\C:\\films\\a.mp4",
        "\\\\.\\PhysicalDrive0",
        "//./pipe/a",
        "\\??\\C:\\a.mp4",
        "films\\a.mp4.",
        "films\\a.mp4 ",
        "films.\\a.mp4",
    ],
)
def test_what_windows_reads_as_something_else(text: str) -> None:
    assert text_fault(text, windows=True)
    assert not text_fault(text, windows=False)


@pytest.mark.parametrize(
    "text",
    ["C:\\films\\a.mp4", "..\\films\\.\\a.mp4", "\\\\nas\\films\\a.mp4", "nullify.mp4"],
)
def test_what_is_a_file_of_windows(text: str) -> None:
    assert not text_fault(text, windows=True)


def test_no_file_has_the_name() -> None:
    assert "NUL" in text_fault("a.mp4\0.png")
    assert "surrogate" in text_fault("\ud800.mp4")
    assert text_fault("")
    # Bytes that are no UTF-8 come as these from the system.
    assert not text_fault("\udcff.mp4", windows=False)


def test_device_names_are_whole_names() -> None:
    assert is_device_name("COM9")
    assert not is_device_name("COM10")
    assert not is_device_name("console.mp4")


def test_final_paths_of_windows_lose_their_prefix() -> None:
    assert without_prefix("\\\\?\\C:\\films\\a.mp4") == "C:\\films\\a.mp4"
    assert without_prefix("\\\\?\\UNC\\nas\\films\\a.mp4") == "\\\\nas\\films\\a.mp4"
