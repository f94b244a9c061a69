"""The reader of each layout, by name."""

from collections.abc import Callable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from timeline_nb.recognition.layouts import detr, faces, grid, yolo
from timeline_nb.recognition.layouts.candidates import Candidates
from timeline_nb.recognition.layouts.layout import OutputLayout
from timeline_nb.recognition.models.spec import LayoutName

__all__ = ["READERS", "Reader"]

# The outputs of one frame, its layout, and the least score that counts.
Reader: TypeAlias = Callable[
    [list[NDArray[np.float32]], OutputLayout, float], Candidates
]

READERS: Final[dict[LayoutName, Reader]] = {
    "yolov5": yolo.read_yolov5,
    "yolov8": yolo.read_yolov8,
    "end2end": yolo.read_end2end,
    "yolox": grid.read_yolox,
    "yolox-decoded": yolo.read_yolov5,
    "nanodet": grid.read_nanodet,
    "nanodet-heads": grid.read_nanodet_heads,
    "detr": detr.read_detr,
    "detr-scored": detr.read_detr_scored,
    "yolov5-face": faces.read_yolov5_face,
    "yunet": faces.read_yunet,
    "centerface": faces.read_centerface,
}
