"""Finding shots beside PySceneDetect, on real footage cut together at 1080p.

python tests/bench/shots.py
"""

import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

import scenedetect
from references import cut_together

import timeline_nb as tl
from timeline_nb.recognition.signals.shots import CutMethod

ROUNDS = 3
PEERS: dict[CutMethod, type] = {
    "content": scenedetect.ContentDetector,
    "adaptive": scenedetect.AdaptiveDetector,
    "histogram": scenedetect.HistogramDetector,
}


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = cut_together(folder / "cuts.mp4", size=(1920, 1080), times=5)
        for method, peer in PEERS.items():
            ours: list[float] = []
            theirs: list[float] = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                cache = folder / f"{method}{len(ours)}"
                with tl.open_studio(tl.Settings(cache_dir=cache)) as studio:
                    media = tl.open(path, studio=studio)
                    mine = media.signals.shots(method)["first_frame"].tolist()
                ours.append(time.perf_counter() - began)
                began = time.perf_counter()
                scenes = scenedetect.detect(str(path), peer(), start_in_scene=True)
                theirs.append(time.perf_counter() - began)
            other = [scene[0].frame_num for scene in scenes]
            ratio = median(theirs) / median(ours)
            print(
                f"{method:<10} {len(media.index)} frames: {median(ours):.2f} s,",
                end=" ",
            )
            print(f"PySceneDetect {median(theirs):.2f} s, {ratio:.1f} x faster")
            apart = len(set(mine) ^ set(other))
            print(f"  {len(mine)} shots, {apart} told by one of both only")


if __name__ == "__main__":
    main()
