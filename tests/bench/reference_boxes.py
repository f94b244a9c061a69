"""How far the embedded detector is from reference boxes of a picture.

    python tests/bench/reference_boxes.py PICTURE

The reference is for the sample picture `bus.jpg` of the ultralytics package, which is
not ours to ship: score, left, top, right, bottom by onnxruntime and OpenCV alone.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.models.registry import load_embedded

REFERENCE = (
    ("bus", 0.791, (27.5, 216.0, 807.1, 732.9)),
    ("person", 0.694, (50.4, 396.8, 222.1, 894.0)),
    ("person", 0.526, (205.1, 397.8, 358.9, 854.7)),
)


def main() -> None:
    picture = np.asarray(Image.open(Path(sys.argv[1])).convert("RGB"))
    detector = Detector(load_embedded())
    found = detector.detect_image(picture, Search(score=0.3)).found
    for (label, score, box), seen, certain, class_id in zip(
        REFERENCE, found.boxes, found.scores, found.class_ids, strict=False
    ):
        off = np.abs(seen - box).max()
        print(
            f"{label:<7} seen as {detector.names[class_id]:<7} score off by "
            f"{abs(certain - score):.3f}, box by {off:.2f} px"
        )


if __name__ == "__main__":
    main()
