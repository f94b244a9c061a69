"""Whatever call of the system fails, old or new is whole, and the error names it."""

import pytest
from attacks.campaign import attack
from attacks.faults import faults_of
from attacks.full_disk import write_limited
from attacks.storage import SCENES

# Not the index itself: the library of media keeps it if it can.
WRITTEN = [scene for scene in SCENES if scene != "index"]
# Of the calls of each, every so many are tried where all would take long.
STEPS = {
    "save": 3,
    "version": 5,
    "render": 11,
    "sequence": 23,
    "library": 3,
    "detections": 4,
    "segment": 3,
    "lock": 9,
    "pack": 5,
}


@pytest.mark.parametrize("scene", WRITTEN)
def test_a_failing_call_leaves_the_old_or_the_new(scene: str) -> None:
    figures = faults_of(scene, step=STEPS.get(scene, 1))
    assert figures.calls > 5
    assert not figures.faults, figures.faults


@pytest.mark.whole
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scene", WRITTEN)
def test_every_failing_call(scene: str) -> None:
    figures = faults_of(scene)
    print(scene, figures)
    assert not figures.faults, figures.faults


def test_a_disk_that_is_full_is_named() -> None:
    tasks = [
        (scene, limit, is_cached)
        for scene, limits in (
            ("save", (0, 1, 4_096, 40_000)),
            ("render", (0, 300, 1_000, 1_500)),
            ("sequence", (0, 100)),
        )
        for limit in limits
        for is_cached in (False, True)
    ]
    figures = attack(write_limited, tasks, limit_s=60)
    assert figures.faults == []
    assert figures.refused == len(tasks)
