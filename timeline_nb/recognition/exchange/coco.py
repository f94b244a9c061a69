"""COCO JSON: images, annotations with boxes, masks and keypoints, categories."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from timeline_nb.core.file_errors import file_errors
from timeline_nb.core.file_limits import MAX_TABLE_BYTES, read_limited
from timeline_nb.core.output_names import output_path
from timeline_nb.core.written_files import written_files
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.exchange.rows import table_from_rows
from timeline_nb.recognition.source import IndexedMedia, Source
from timeline_nb.recognition.tables.columns import source_of

__all__ = ["read_coco", "write_coco"]


def write_coco(
    table: pd.DataFrame, path: Path | str, *, overwrite: bool = False
) -> None:
    """Write a table as a COCO dataset: one image per frame, one annotation per row.

    Images are numbered by frame and hold the media's name, PTS and time, so that
    `read_coco` returns the same table. `overwrite` replaces a file that was not
    written here.
    """
    target = output_path(
        path, RecognitionError, what="the dataset, such as 'boxes.json'"
    )
    source = source_of(table)
    width, height = source.size
    labels = sorted(table["label"].unique())
    numbers = {label: number for number, label in enumerate(labels, 1)}
    frames = table.drop_duplicates("frame").sort_values("frame")
    images = [
        {
            "id": int(row["frame"]),
            "file_name": f"{Path(source.path).name}#{int(row['frame'])}",
            "width": width,
            "height": height,
            "pts": int(row["pts"]),
            "end_pts": int(row["end_pts"]),
            "time_s": float(row["time_s"]),
        }
        for row in frames.to_dict("records")
    ]
    annotations = [
        _annotation(number, row, numbers, (width, height))
        for number, row in enumerate(table.to_dict("records"), 1)
    ]
    dataset = {
        "images": images,
        "annotations": annotations,
        "categories": [{"id": numbers[label], "name": label} for label in labels],
    }
    with file_errors(path, RecognitionError):
        written_files().write(
            target, json.dumps(dataset).encode(), RecognitionError, overwrite=overwrite
        )


def _annotation(
    number: int, row: dict[Any, Any], numbers: dict[str, int], size: tuple[int, int]
) -> dict[str, Any]:
    x1, y1, x2, y2 = (float(row[name]) for name in ("x1", "y1", "x2", "y2"))
    annotation: dict[str, Any] = {
        "id": number,
        "image_id": int(row["frame"]),
        "category_id": numbers[row["label"]],
        "bbox": [x1, y1, x2 - x1, y2 - y1],
        "area": (x2 - x1) * (y2 - y1),
        "iscrowd": 0,
        "score": float(row["score"]),
    }
    if not pd.isna(row.get("track_id", pd.NA)):
        annotation["track_id"] = int(row["track_id"])
    if isinstance(row.get("mask"), (list, np.ndarray)):
        counts = [int(count) for count in row["mask"]]
        annotation["segmentation"] = {"size": [size[1], size[0]], "counts": counts}
        annotation["area"] = sum(counts[1::2])
        annotation["iscrowd"] = 1
    if isinstance(row.get("keypoints"), (list, np.ndarray)):
        points = [list(map(float, point)) for point in row["keypoints"]]
        annotation["keypoints"] = [
            value for x, y, score in points for value in (x, y, 2 if score > 0 else 0)
        ]
        annotation["num_keypoints"] = sum(1 for point in points if point[2] > 0)
    return annotation


def read_coco(path: Path | str, source: Source | IndexedMedia) -> pd.DataFrame:
    """Read a COCO dataset as a detection table.

    Args:
        path: A file as `write_coco` or any annotation tool writes it.
        source: The media: what `tl.open` gives, or the `source` of a table. Images
            without a PTS are frames by their `id`.

    Raises:
        RecognitionError: The file cannot be read, or is not a COCO dataset.
    """
    data = read_limited(path, MAX_TABLE_BYTES, RecognitionError)
    try:
        dataset = json.loads(data)
        names = {category["id"]: category["name"] for category in dataset["categories"]}
        images = {image["id"]: image for image in dataset["images"]}
        rows = [
            _row(entry, images[entry["image_id"]], names)
            for entry in dataset["annotations"]
        ]
    except json.JSONDecodeError as error:
        raise RecognitionError(
            f"{path} is not a COCO dataset, nor any JSON: {error}"
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        # What it holds instead is not shown, here or as a cause: it may be any file.
        raise RecognitionError(
            f"{path} is not a COCO dataset: that has images, categories, and "
            "annotations with image_id, category_id and bbox"
        ) from None
    return table_from_rows(rows, source)


def _row(
    entry: dict[str, Any], image: dict[str, Any], names: dict[int, str]
) -> dict[str, Any]:
    x, y, wide, high = map(float, entry["bbox"])
    row = {
        "frame": int(image["id"]),
        "label": names[entry["category_id"]],
        "score": float(entry.get("score", 1.0)),
        "x1": x,
        "y1": y,
        "x2": x + wide,
        "y2": y + high,
        "track_id": entry.get("track_id"),
    }
    row |= {name: image[name] for name in ("pts", "end_pts") if name in image}
    return row
