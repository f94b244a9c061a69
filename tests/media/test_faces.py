"""Faces of a made film through networks made for it, and their groups."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from models_factory import network, saved
from numpy.typing import NDArray
from onnx import TensorProto, helper

import timeline_nb as tl
from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.faces import FaceEmbedder, aligned, groups_of
from timeline_nb.recognition.inference.trial import ModelTrials

RED, GREEN = (200, 40, 30), (30, 180, 60)


def film(path: Path) -> Path:
    """A red face on the left and a green one on the right, which change places."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 128, 128, "yuv420p"
        stream.options = {"crf": "2"}
        for number in range(20):
            rgb = np.full((128, 128, 3), 90, np.uint8)
            sides = (RED, GREEN) if number < 10 else (GREEN, RED)
            rgb[32:96, 8:56], rgb[32:96, 72:120] = sides
            picture = av.VideoFrame.from_ndarray(rgb, "rgb24")
            picture.pts = number
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


def detector_of_two() -> bytes:
    """A YOLO-face network that always finds the same two faces."""
    table = np.zeros((1, 20, 100), np.float32)
    left = np.array([[18, 50, 1], [46, 50, 1], [32, 60, 1], [22, 80, 1], [42, 80, 1]])
    right = left + np.array([64, 0, 0])
    table[0, :, 0] = [32, 64, 48, 64, 0.9, *left.ravel()]
    table[0, :, 1] = [96, 64, 48, 64, 0.8, *right.ravel()]
    facts = {"task": "pose", "kpt_shape": "[5, 3]", "names": "['face']"}
    return network({"out": table}, side=(128, 128), metadata=facts)


def embedding_by_color() -> bytes:
    """The mean of each channel: a vector that tells colors apart."""
    given = helper.make_tensor_value_info("face", TensorProto.FLOAT, [1, 3, 112, 112])
    told = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, 3])
    node = helper.make_node("ReduceMean", ["face"], ["vector"], axes=[2, 3], keepdims=0)
    graph = helper.make_graph([node], "mean", [given], [told])
    opset = [helper.make_opsetid("", 13)]
    return bytes(
        helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()
    )


def test_faces_are_found_and_grouped_wherever_they_are(tmp_path: Path) -> None:
    studio = tl.open_studio(tl.Settings(cache_dir=tmp_path / "cache"))
    media = tl.open(film(tmp_path / "faces.mp4"), studio=studio)
    found = media.detect(model=saved(tmp_path, detector_of_two(), "face.onnx"))
    assert found.detections.keypoints is not None
    assert found.detections.keypoints.shape == (40, 5, 3)
    model = saved(tmp_path, embedding_by_color(), "embed.onnx")
    table = found.people(model, threshold=0.9)
    left = table["x1"] < 50
    first = table["frame"] < 10
    # Who was on the left is on the right later.
    red = table.loc[(left & first) | (~left & ~first), "person"].unique()
    green = table.loc[(~left & first) | (left & ~first), "person"].unique()
    assert len(red) == len(green) == 1
    assert set(red) | set(green) == {0, 1}
    with pytest.raises(RecognitionError, match=r"gone\.onnx cannot be read"):
        found.people(tmp_path / "gone.onnx")


def test_a_face_is_turned_upright_by_its_points() -> None:
    upright = np.zeros((112, 112, 3), np.uint8)
    for x, y in ((38, 52), (74, 52), (56, 72), (42, 92), (71, 92)):
        cv2.circle(upright, (x, y), 4, (255, 255, 255), -1)
    matrix = cv2.getRotationMatrix2D((56, 56), 30, 0.8)
    turned = cv2.warpAffine(upright, matrix, (200, 200))
    points = np.array([[38, 52], [74, 52], [56, 72], [42, 92], [71, 92]], float)
    spots = np.c_[points, np.ones(5)] @ matrix.T
    face = aligned(np.asarray(turned, np.uint8), np.array([0, 0, 150, 150]), spots)
    assert np.abs(face.astype(int) - upright).mean() < 6
    swapped = aligned(
        np.asarray(turned, np.uint8), np.array([0, 0, 9, 9]), spots[[1, 0, 2, 4, 3]]
    )
    assert np.abs(swapped.astype(int) - upright).mean() < 6
    by_box = aligned(upright, np.array([10.0, 20, 60, 80]), None)
    assert by_box.shape == (112, 112, 3)


def test_groups_are_numbered_by_size() -> None:
    rng = np.random.default_rng(0)

    def around(middle: list[float], count: int) -> NDArray[np.float32]:
        vectors = np.array(middle) + rng.normal(0, 0.05, (count, 3))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, np.float32)

    parts = [around([1, 0, 0], 3), around([0, 1, 0], 9), around([0, 0, 1], 5)]
    groups = groups_of(np.concatenate(parts), threshold=0.7)
    assert groups.tolist() == [2] * 3 + [0] * 9 + [1] * 5
    assert groups_of(parts[0][:1]).tolist() == [0]
    assert groups_of(parts[0][:0]).tolist() == []


def test_what_is_no_embedding_is_refused(tmp_path: Path) -> None:
    trials = ModelTrials(tmp_path)
    with pytest.raises(RecognitionError, match=r"x\.onnx is an empty"):
        FaceEmbedder(b"", "x.onnx", trials)
    silent = network({"out": np.zeros((1, 8), np.float32)}, side=(112, 112))
    embedder = FaceEmbedder(silent, "silent.onnx", trials)
    with pytest.raises(RecognitionError, match="gave no vector"):
        embedder.embed(np.zeros((112, 112, 3), np.uint8))
