"""Regions, tiles, batches, side-by-side runs and preparing on a device."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from models_factory import network, saved
from numpy.typing import NDArray

import timeline_nb as tl
from timeline_nb.errors import MediaError, RecognitionError
from timeline_nb.media.library import MediaLibrary
from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.inference.device import DevicePreparer
from timeline_nb.recognition.inference.masks import decode_mask, encode_mask
from timeline_nb.recognition.inference.nms import suppress
from timeline_nb.recognition.inference.prepare import (
    fill_input,
    picture_of,
    window_on,
)
from timeline_nb.recognition.inference.providers import (
    PREFERENCE,
    describe_providers,
    open_session,
)
from timeline_nb.recognition.inference.runs import RunGroup
from timeline_nb.recognition.inference.search import Search
from timeline_nb.recognition.inference.windows import areas_of, without_halves
from timeline_nb.recognition.layouts.candidates import Candidates
from timeline_nb.recognition.models.registry import load_embedded, load_file
from timeline_nb.recognition.models.spec import ModelSpec, Pixels
from timeline_nb.recognition.source import Source


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(load_embedded())


@pytest.fixture
def street(bikes: Path, library: MediaLibrary) -> NDArray[np.uint8]:
    with library.video(bikes) as decoder:
        return decoder.frame(112).to_rgb()


def test_a_region_is_looked_at_as_if_it_were_the_picture(
    detector: Detector, street: NDArray[np.uint8]
) -> None:
    region = (100, 20, 500, 260)
    found = detector.detect_image(street, Search(region=region)).found
    alone = detector.detect_image(street[20:260, 100:500].copy()).found
    assert len(found.scores) > 2
    assert np.abs(found.scores - alone.scores).max() < 1e-5
    assert np.abs(found.boxes - alone.boxes - [100, 20, 100, 20]).max() < 1e-3
    for wrong in ((0, 0, 700, 100), (5, 5, 5, 9), (-1, 0, 9, 9)):
        with pytest.raises(RecognitionError, match="is not within the frame"):
            detector.detect_image(street, Search(region=wrong))


def test_tiles_find_what_is_too_small_for_the_whole(
    detector: Detector, street: NDArray[np.uint8]
) -> None:
    import cv2

    # The street a quarter as large in a corner of a big picture.
    large = np.full((1080, 1920, 3), 114, np.uint8)
    large[40:176, 60:380] = cv2.resize(street, (320, 136))
    whole = detector.detect_image(large, Search(score=0.4)).found
    tiled = detector.detect_image(large, Search(score=0.4, tiles=(4, 3))).found
    assert len(tiled.scores) > len(whole.scores)
    inside = (tiled.boxes[:, 0] >= 55) & (tiled.boxes[:, 2] <= 385)
    assert inside.any()


def test_tiles_cover_all_and_overlap() -> None:
    areas = areas_of((1000, 500), None, (3, 2), 0.2)
    assert areas[0] == (0, 0, 1000, 500)
    seen = np.zeros((500, 1000), int)
    for left, top, wide, high in areas[1:]:
        assert (wide, high) == areas[1][2:]
        seen[top : top + high, left : left + wide] += 1
    assert seen.min() == 1
    assert areas[2][0] - areas[1][0] == pytest.approx(0.8 * areas[1][2], abs=1.5)


def test_halves_at_a_tile_s_edge_give_way_to_the_whole_box() -> None:
    found = Candidates(
        np.array([[80, 10, 120, 50], [80, 10, 100, 50], [60, 60, 100, 90]], np.float32),
        np.array([0.6, 0.9, 0.8], np.float32),
        np.array([0, 0, 0]),
    )
    areas = np.array([[0, 0, 200, 100], [0, 0, 100, 100], [0, 0, 100, 100]])
    kept = without_halves(found, areas, (0, 0, 200, 100))
    # The third is cut too, but nothing larger holds it.
    assert kept.tolist() == [True, False, True]


@pytest.mark.parametrize("batch", [1, 3, 8])
def test_batches_change_nothing(batch: int, bikes: Path, library: MediaLibrary) -> None:
    info = library.probe(bikes)
    source = Source.of(info, library.index(info))
    several = Detector(load_embedded(), batch=batch)
    with library.video(bikes) as decoder:
        found = several.detect(decoder.frames(range(110, 121)), source)
        one = Detector(load_embedded()).detect(decoder.frames(range(110, 121)), source)
    assert found.examined_frame.tolist() == list(range(110, 121))
    assert found.frame.tolist() == one.frame.tolist()
    assert np.abs(found.xyxy - one.xyxy).max() < 0.01


def test_a_network_of_a_fixed_batch_is_given_as_many(tmp_path: Path) -> None:
    table = np.zeros((4, 6, 100), np.float32)
    table[:, :, 0] = [[20, 30, 10, 20, 0.1, 0.8]] * 4
    data = network({"out": table}, batch=4)
    fixed = Detector(load_file(saved(tmp_path, data)))
    picture = np.zeros((64, 64, 3), np.uint8)
    assert fixed.detect_image(picture).found.boxes.tolist() == [[15, 20, 25, 40]]


@pytest.mark.parametrize(
    "pixels",
    [
        Pixels(),
        Pixels(order="bgr", std=(1, 1, 1), fit="corner"),
        Pixels(order="bgr", mean=(103, 116, 123), std=(57, 58, 59), pad=0),
        Pixels(fit="stretch"),
    ],
)
def test_preparing_on_a_device_is_preparing_here(
    pixels: Pixels, street: NDArray[np.uint8]
) -> None:
    layout = replace(load_embedded().layout, pixels=pixels)
    picture = picture_of(street)
    window = window_on((0, 0, *picture.size), layout.side, pixels.fit)
    here = np.empty((3, 416, 416), np.float32)
    fill_input(here, picture, window, pixels)
    # The same network that prepares on a GPU, on the CPU.
    device = DevicePreparer(layout, device="cpu", provider="CPUExecutionProvider")
    small = picture.small(window.area, window.inner[2:])
    there = device.prepare([small, small], [window.inner] * 2).numpy()
    assert there.shape == (2, 3, 416, 416)
    assert np.abs(there - here).max() < 1e-4


def test_the_path_by_binding_finds_what_the_plain_one_finds(
    street: NDArray[np.uint8],
) -> None:
    plain = Detector(load_embedded())
    bound = Detector(load_embedded(), batch=2)
    bound._network.device = DevicePreparer(
        bound.layout, device="cpu", provider="CPUExecutionProvider"
    )
    one, other = plain.detect_image(street).found, bound.detect_image(street).found
    assert other.class_ids.tolist() == one.class_ids.tolist()
    assert np.abs(other.scores - one.scores).max() < 1e-4
    tiled = Search(tiles=(2, 2))
    one = plain.detect_image(street, tiled).found
    assert len(bound.detect_image(street, tiled).found.scores) == len(one.scores)


def test_a_provider_counts_once_it_has_run_the_model() -> None:
    model = load_embedded()
    order = ("CUDAExecutionProvider", "CPUExecutionProvider")
    session, said = open_session(model.data, side=(416, 416), providers=order)
    assert session.get_providers()[0] in order
    assert said[-1].endswith("works")
    assert session.get_providers()[0] in said[-1]
    with pytest.raises(RuntimeError, match="no such provider"):
        open_session(model.data, side=(416, 416), providers=("Abacus",))
    told = describe_providers()
    assert list(told) == list(PREFERENCE)
    assert told["CPUExecutionProvider"] == "works"


def test_known_frames_cost_nothing_and_a_longer_look_only_what_is_new(
    bikes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from timeline_nb.recognition.inference.session import Network

    runs: list[int] = []
    run = Network.run

    def counted(
        self: Network, batch: NDArray[np.float32], group: RunGroup
    ) -> list[list[NDArray[np.float32]]]:
        runs.append(len(batch))
        return run(self, batch, group)

    monkeypatch.setattr(Network, "run", counted)

    def media() -> tl.Media:
        settings = tl.Settings(cache_dir=tmp_path)
        return tl.open(bikes, studio=tl.open_studio(settings))

    first = media().detect(start="4s", end="5s")
    assert sum(runs) == 25
    again = media().detect(start="4s", end="5s")
    assert sum(runs) == 25
    assert again.detections.xyxy.tolist() == first.detections.xyxy.tolist()
    longer = media().detect(start="4.4s", end="5.4s")
    assert sum(runs) == 35
    assert longer.detections.examined_frame.tolist() == list(range(110, 135))
    media().detect(start="4s", end="5s", every=5)
    assert sum(runs) == 35
    media().detect(start="4s", end="4.2s", score=0.3)
    assert sum(runs) == 40


def test_a_film_that_breaks_keeps_what_was_found_before(
    bikes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from timeline_nb.media.decode import VideoDecoder

    settings = tl.Settings(cache_dir=tmp_path)
    media = tl.open(bikes, studio=tl.open_studio(settings))
    reach = VideoDecoder.frame

    def breaks(self: VideoDecoder, number: int) -> object:
        if number >= 110:
            raise MediaError(f"bikes.mp4: frame {number} does not decode")
        return reach(self, number)

    with monkeypatch.context() as patch:
        patch.setattr(VideoDecoder, "frame", breaks)
        with pytest.raises(MediaError, match="frame 110 does not decode"):
            media.detect(start="4s", end="5s")
    (kept,) = (tmp_path / "detections").rglob("*.npz")
    assert len(np.load(kept)["examined_pts"]) == 10


def test_an_empty_result_has_every_column_and_all_its_tables(
    bikes: Path, tmp_path: Path
) -> None:
    data = network({"out": np.zeros((1, 6, 100), np.float32)})
    path = saved(tmp_path, data)
    settings = tl.Settings(cache_dir=tmp_path / "cache")
    media = tl.open(bikes, studio=tl.open_studio(settings))
    found = media.detect(model=path, start=0, end=1, spec=ModelSpec(labels=("a", "b")))
    table = found.track().to_dataframe()
    assert len(table) == 0
    assert table.dtypes["track_id"] == "Int64"
    for name in ("ranges", "appearances", "counts", "frames", "statistics", "tracks"):
        assert len(getattr(table.tl, name)()) == 0, name
    assert table.tl.summary()["frames"] == 25
    assert table.tl.markers() == ()
    assert table.tl.heat_map().sum() == 0
    assert len(table.tl.moments({"busy": "a > 1"})) == 0
    zone = tl.Zone(name="door", points=((0, 0), (9, 0), (9, 9)))
    assert len(table.tl.visits(zone)) == 0
    assert len(table.tl.crossings(tl.Line(name="l", start=(0, 0), end=(9, 9)))) == 0


def test_masks_survive_their_run_lengths() -> None:
    rng = np.random.default_rng(3)
    for _ in range(30):
        mask = rng.random((7, 5)) < 0.5
        corner = tuple(rng.integers(-3, 12, 2).tolist())
        counts = encode_mask(mask, corner, (10, 9))
        expected = np.zeros((9, 10), bool)
        for y, x in np.argwhere(mask):
            if 0 <= y + corner[1] < 9 and 0 <= x + corner[0] < 10:
                expected[y + corner[1], x + corner[0]] = True
        assert np.array_equal(decode_mask(counts, (10, 9)), expected)
        # As COCO has them: yes and no in turns, so that none but the first is empty.
        assert (counts[1:] > 0).all() or not expected.any() or expected[-1, -1]


def test_the_best_box_of_a_cluster_is_kept_within_its_class() -> None:
    boxes = np.array(
        [[0, 0, 10, 10], [0, 0, 10, 9], [0, 0, 10, 10], [20, 0, 30, 10]], np.float32
    )
    scores = np.array([0.5, 0.9, 0.8, 0.7], np.float32)
    found = Candidates(boxes, scores, np.array([0, 0, 1, 0]))
    assert suppress(found, iou_threshold=0.6).tolist() == [1, 2, 3]
    # 90 of 100 shared: an overlap of 0.9 is no repeat above 0.9.
    assert suppress(found, iou_threshold=0.9).tolist() == [1, 2, 3, 0]
