"""What Python and the browser agree upon, read from the browser's side."""

import json
import re

import numpy as np
from timelines import three_clips

from timeline_nb.recognition.label_colors import label_color
from timeline_nb.widgets.incoming import read_request
from timeline_nb.widgets.item_rows import ItemRows
from timeline_nb.widgets.protocol import TYPESCRIPT_PATH
from timeline_nb.widgets.requests import CodeRequest

TEXT = TYPESCRIPT_PATH.read_text()


def layout(name: str) -> tuple[int, dict[str, tuple[int, str]]]:
    """The bytes of a row, and each column's offset and type."""
    (block,) = re.findall(rf"export const {name} = (.*?)as const;", TEXT, re.DOTALL)
    (size,) = re.findall(r"bytes: (\d+)", block)
    columns = re.findall(r'(\w+): \{ offset: (\d+), type: "(\w+)" \}', block)
    return int(size), {column: (int(at), kind) for column, at, kind in columns}


def test_labels_have_the_same_color_in_python_and_the_browser() -> None:
    (block,) = re.findall(r"LABEL_COLORS = \[(.*?)\]", TEXT, re.DOTALL)
    colors = re.findall(r'"#(\w{6})"', block)
    assert [bytes(label_color(n)).hex() for n in range(len(colors))] == colors
    assert label_color(len(colors)) == label_color(0)
    assert len(set(colors)) == len(colors)


def test_neighboring_labels_differ() -> None:
    for number in range(47):
        one = np.array(label_color(number), int)
        other = np.array(label_color(number + 1), int)
        assert np.abs(one - other).sum() > 100


def test_items_lie_where_the_browser_reads_them() -> None:
    size, columns = layout("ITEM_LAYOUT")
    timeline = three_clips(has_audio=True)
    links = {"": 0}
    rows = ItemRows(lambda _: 5, lambda link: links.setdefault(link, len(links)))
    data = rows.columns_of(timeline.tracks[0])
    assert len(data) == 3 * size

    def read(item: int, column: str) -> float:
        at, kind = columns[column]
        return float(np.frombuffer(data, kind, 1, item * size + at)[0])

    # Clips of 4, 3 and 2 s, of media seconds from 10, 20 and 30.
    assert [read(n, "startS") for n in range(3)] == [0, 4, 7]
    assert [read(n, "endS") for n in range(3)] == [4, 7, 9]
    assert [read(n, "mediaStartS") for n in range(3)] == [10, 20, 30]
    assert {read(n, "media") for n in range(3)} == {5}
    # Each is linked to its own sound.
    assert [read(n, "link") for n in range(3)] == [1, 2, 3]
    assert {read(n, "kind") for n in range(3)} == {0}


def test_the_loader_sends_what_the_kernel_reads() -> None:
    # It is written without the types of the protocol, to be small.
    loader = (TYPESCRIPT_PATH.parent / "entry" / "loader.ts").read_text()
    (sent,) = re.findall(r"model\.send\((\{.*?\})\)", loader)
    message = json.loads(re.sub(r"(\w+):", r'"\1":', sent))
    assert isinstance(read_request(message), CodeRequest)
