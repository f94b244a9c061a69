"""Mutated model files, thrown at loading and detection."""

import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from attacks.campaign import Figures, attack
from attacks.models import changed
from models_factory import embedded_as, network

from timeline_nb.recognition.inference.detector import Detector
from timeline_nb.recognition.inference.trial import ModelTrials
from timeline_nb.recognition.models.limits import ModelLimits
from timeline_nb.recognition.models.registry import _trusted, load_file
from timeline_nb.recognition.models.spec import ModelSpec

__all__ = ["detect_untried", "load_and_detect", "mutated_models", "mutations_of_models"]

_LIMITS: Final = ModelLimits(time_s=8, memory_bytes=2**29)
_PICTURE: Final = np.random.default_rng(3).integers(0, 255, (90, 160, 3), np.uint8)
_TEXTS: Final = (
    "",
    "[",
    "{'a': 1}",
    "[1e999, 2]",
    "None",
    "-1",
    "[[3]]",
    "\ud7ff",
    "{}",
)
_SIZES: Final = (0, 1, -1, 3, 7, 64, 4096, 8193, 2**31, 2**40, 2**62)


def mutations_of_models(count: int, seed: int = 0, *, tried: bool = True) -> Figures:
    """Load so many mutated files, and detect in a picture with those that load.

    Args:
        count: How many.
        seed: Of the mutations.
        tried: Whether each is tried in a process of its own first, as files from
            outside are. If not, twenty times as many can be done.
    """
    # The child that loads them has a child in turn; both must end in time.
    function = load_and_detect if tried else detect_untried
    return attack(function, mutated_models(count, seed), limit_s=30)


def load_and_detect(data: bytes) -> None:
    """Load a model file, and detect in a picture."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutated.onnx"
        path.write_bytes(data)
        trials = ModelTrials(Path(folder) / "known", _LIMITS)
        Detector(load_file(path, None, trials)).detect_image(_PICTURE)


def detect_untried(data: bytes) -> None:
    """Do in this process what the child and then the parent do with a file."""
    model = _trusted("mutated.onnx", data, "", ModelSpec())
    Detector(model).detect_image(_PICTURE)


def mutated_models(count: int, seed: int) -> Iterator[bytes]:
    """Yield files with one to three mutations each."""
    chance = random.Random(seed)
    originals = list(_originals())
    for _ in range(count):
        data = chance.choice(originals)
        try:
            for _ in range(chance.randint(1, 3)):
                data = chance.choice(_MUTATIONS)(data, chance)
        except Exception:  # noqa: BLE001, S110 - a mutation of what is no model any more
            pass
        yield data


def _originals() -> Iterator[bytes]:
    facts = {
        "names": "{0: 'cat', 1: 'dog'}",
        "imgsz": "[64, 64]",
        "task": "pose",
        "kpt_shape": "[2, 3]",
    }
    rng = np.random.default_rng(5)

    def values(*shape: int) -> np.ndarray[Any, Any]:
        return rng.random((1, *shape), np.float32) * 40

    yield network({"out": values(6, 84)}, metadata={"names": "['a', 'b']"})
    yield network({"out": values(12, 84)}, metadata=facts)
    yield network({"out": values(84, 7)}, vague=True)
    rows = values(300, 6)
    rows[..., 4:] /= 40
    many = {"names": str([f"class {number}" for number in range(80)])}
    yield network({"out": rows}, batch="batch", weights_told=True, metadata=many)
    yield network({"logits": values(20, 4), "pred_boxes": values(20, 4)})
    yield network({"out": values(38, 84), "protos": values(32, 16, 16)})
    parts = {"labels": values(9), "boxes": values(9, 4), "scores": values(9) / 40}
    yield network(parts, metadata=many)
    heads = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
    yield network(
        {
            f"{head}_{stride}": values((64 // stride) ** 2, width)
            for head, width in heads.items()
            for stride in (8, 16, 32)
        }
    )
    yield embedded_as("end2end")


def _flipped(data: bytes, chance: random.Random) -> bytes:
    """Change a byte or two, most often of the structure at beginning and end."""
    changing = bytearray(data)
    for _ in range(chance.randint(1, 2)):
        near = min(len(data), 400)
        place = chance.randrange(near) * chance.choice((1, -1, len(data) // near))
        changing[place % len(data)] = chance.randrange(256)
    return bytes(changing)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _metadata(model: Any, chance: random.Random) -> None:
    entry = model.metadata_props.add()
    entry.key = chance.choice(("names", "imgsz", "kpt_shape", "task", "stride"))
    entry.value = chance.choice((*_TEXTS, "detect", "segment", "obb", "(" * 999))


def _shape(model: Any, chance: random.Random) -> None:
    value = chance.choice([*model.graph.input, *model.graph.output])
    dims = value.type.tensor_type.shape.dim
    if dims and chance.random() < 0.8:
        dim = chance.choice(dims)
        if chance.random() < 0.3:
            dim.dim_param = "open"
        else:
            dim.dim_value = chance.choice(_SIZES)
    elif dims:
        del dims[chance.randrange(len(dims))]
    else:
        dims.add().dim_value = chance.choice(_SIZES)


def _type(model: Any, chance: random.Random) -> None:
    value = chance.choice([*model.graph.input, *model.graph.output])
    value.type.tensor_type.elem_type = chance.randrange(20)


def _operator(model: Any, chance: random.Random) -> None:
    node = chance.choice(model.graph.node)
    node.op_type = chance.choice(
        ("Loop", "Constant", "Cast", "Neg", "Shape", "Exp", "Log", "Sqrt", "NonZero")
    )
    if chance.random() < 0.3:
        del node.attribute[:]


def _inputs(model: Any, chance: random.Random) -> None:
    node = chance.choice(model.graph.node)
    names = [name for other in model.graph.node for name in other.output]
    if node.input:
        node.input[chance.randrange(len(node.input))] = chance.choice([*names, ""])


def _without(model: Any, chance: random.Random) -> None:
    lists = [model.graph.node, model.graph.output, model.graph.initializer]
    chosen = chance.choice([one for one in lists if one])
    del chosen[chance.randrange(len(chosen))]


def _renamed(model: Any, chance: random.Random) -> None:
    value = chance.choice([*model.graph.output, *model.graph.input])
    value.name = chance.choice(("", "boxes", "scores", "images", "\n" * 50, "x" * 9999))


def _weights(model: Any, chance: random.Random) -> None:
    tensor = chance.choice(model.graph.initializer)
    if chance.random() < 0.5 and tensor.dims:
        tensor.dims[chance.randrange(len(tensor.dims))] = chance.choice(_SIZES)
    elif chance.random() < 0.5:
        tensor.data_type = chance.randrange(25)
    else:
        filling = (b"\xff", b"\x7f\x80\x00\x00", b"\x00\x00\x80\x7f")
        tensor.raw_data = chance.choice(filling) * (len(tensor.raw_data) // 4)


def _versions(model: Any, chance: random.Random) -> None:
    model.ir_version = chance.choice((-1, 0, 3, 99))
    if model.opset_import:
        model.opset_import[0].version = chance.choice((-1, 0, 7, 13, 99))


def _structural(
    change: Callable[[Any, random.Random], None],
) -> Callable[[bytes, random.Random], bytes]:
    def mutate(data: bytes, chance: random.Random) -> bytes:
        return changed(data, lambda model: change(model, chance))

    return mutate


_MUTATIONS: Final = [
    _flipped,
    _cut,
    *map(
        _structural,
        (
            _metadata,
            _metadata,
            _shape,
            _shape,
            _type,
            _operator,
            _inputs,
            _without,
            _renamed,
            _weights,
            _weights,
            _versions,
        ),
    ),
]
