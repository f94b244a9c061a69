"""Find the output layout of a model, and check it against its labels."""

from typing import Final

from msgspec.structs import replace as with_fields

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.layouts.grid import cells_of
from timeline_nb.recognition.layouts.layout import OutputLayout
from timeline_nb.recognition.models.card import DEFAULT_SIDE, ModelCard
from timeline_nb.recognition.models.limits import MOST_LABELS
from timeline_nb.recognition.models.spec import LayoutName, ModelSpec, Pixels

__all__ = ["choose_layout"]

_RAW: Final = (1.0, 1.0, 1.0)
_PIXELS: Final[dict[LayoutName, Pixels]] = {
    "yolox": Pixels(order="bgr", std=_RAW, fit="corner"),
    "yolox-decoded": Pixels(order="bgr", std=_RAW, fit="corner"),
    "nanodet": Pixels(
        order="bgr", mean=(103.53, 116.28, 123.675), std=(57.375, 57.12, 58.395), pad=0
    ),
    "nanodet-heads": Pixels(
        order="bgr", mean=(103.53, 116.28, 123.675), std=(57.375, 57.12, 58.395), pad=0
    ),
    "detr": Pixels(fit="stretch"),
    "detr-scored": Pixels(fit="stretch"),
    "yunet": Pixels(order="bgr", std=_RAW, fit="corner", pad=0),
    "centerface": Pixels(std=_RAW, fit="corner", pad=0),
}
# Rows of a finished detection: box, score, class.
_FINISHED: Final = 6
_YUNET_HEADS: Final = ("cls", "obj", "bbox", "kps")
_STRIDES: Final = (8, 16, 32)
_FOUR_STRIDES: Final = (8, 16, 32, 64)
_FACE: Final = ("face",)


def choose_layout(card: ModelCard, spec: ModelSpec) -> OutputLayout:
    """Find the layout of a model: the one given, or else from its outputs.

    Args:
        card: The shapes and metadata of the file.
        spec: Given by the caller; overrides the file.

    Raises:
        RecognitionError: No known layout fits the outputs, or the labels do not.
    """
    side = _side(card, spec)
    spec = with_fields(spec, keypoints=_keypoints(card, spec))
    layout = _by_names(card, side, spec) or _by_shapes(card, side, spec)
    if layout is None or (spec.layout and layout.name != spec.layout):
        wanted = f"the layout {spec.layout}" if spec.layout else "any layout known"
        raise RecognitionError(
            f"the model {card.name} gives {_shapes(card)}, which is not {wanted}; "
            "name another with layout="
        )
    if not layout.labels:
        raise RecognitionError(
            f"the model {card.name} does not name its classes: give labels="
        )
    return layout


def _shapes(card: ModelCard) -> str:
    return ", ".join(f"{name} {shape}" for name, shape in card.outputs.items())


def _side(card: ModelCard, spec: ModelSpec) -> tuple[int, int]:
    shape = next(
        (shape for shape in card.inputs.values() if len(shape) == 4 and shape[1] == 3),
        None,
    )
    if shape is None:
        raise RecognitionError(
            f"the model {card.name} takes {list(card.inputs.values())}, "
            "not (batch, 3, height, width)"
        )
    _, _, height, width = shape
    if width and height:
        if spec.side not in {None, (width, height)} and not _is_centerface(card):
            raise RecognitionError(
                f"the model {card.name} takes pictures of {width}x{height}, "
                f"not of side={spec.side}"
            )
        return spec.side or (width, height)
    return spec.side or card.image_size or DEFAULT_SIDE


def _is_centerface(card: ModelCard) -> bool:
    """Return whether there are four maps: heat, sizes, offsets and five points."""
    shapes = card.outputs.values()
    return [s[1] if len(s) == 4 else None for s in shapes] == [1, 2, 2, 10]


def _keypoints(card: ModelCard, spec: ModelSpec) -> tuple[int, int]:
    return spec.keypoints if spec.keypoints[0] else card.keypoints or spec.keypoints


def _by_names(
    card: ModelCard, side: tuple[int, int], spec: ModelSpec
) -> OutputLayout | None:
    """Find a layout by the names or the number of its outputs."""
    names, shapes = list(card.outputs), list(card.outputs.values())
    heads = [f"{head}_{stride}" for stride in _STRIDES for head in _YUNET_HEADS]
    if set(heads) <= set(names):
        return _layout("yunet", _FACE, spec, side, outputs=tuple(heads))
    if {"labels", "boxes", "scores"} <= set(names):
        labels = _labels(card, spec, None)
        order = ("labels", "boxes", "scores")
        return _layout("detr-scored", labels, spec, side, outputs=order)
    if _is_centerface(card):
        # Its file names the size of one example, and takes any multiple of 32.
        open_side = spec.side or DEFAULT_SIDE
        return _layout("centerface", _FACE, spec, open_side, outputs=tuple(names))
    if len(shapes) == 2 and all(len(shape) == 3 for shape in shapes):
        # With four classes the logits are as wide as the boxes: use the names.
        by_name = [name for name in names if "box" in name.lower()]
        by_width = [name for name, shape in card.outputs.items() if shape[2] == 4]
        boxes = (by_name if len(by_name) == 1 else by_width)[:1]
        if boxes and card.outputs[boxes[0]][2] == 4:
            (logits,) = set(names) - set(boxes)
            count = card.outputs[logits][2]
            labels = _labels(card, spec, count, may_have_nothing=True)
            return _layout("detr", labels, spec, side, outputs=(logits, boxes[0]))
    if len(shapes) in {6, 8} and all(len(shape) in {2, 3} for shape in shapes):
        return _heads(card, side, spec)
    return None


def _heads(
    card: ModelCard, side: tuple[int, int], spec: ModelSpec
) -> OutputLayout | None:
    """Find NanoDet with separate scores and distances, a pair per stride."""
    pairs = len(card.outputs) // 2
    strides = _FOUR_STRIDES[:pairs]
    cells = cells_of(side, strides)
    order, counts = [], set()
    for count in cells:
        pair = [n for n, shape in card.outputs.items() if shape[-2] == count]
        if len(pair) != 2:
            return None
        pair.sort(key=lambda name: card.outputs[name][-1] in {32, 64, 68})
        order += pair
        counts.add(card.outputs[pair[0]][-1])
    labels = _labels(card, spec, counts.pop())
    return _layout(
        "nanodet-heads", labels, spec, side, outputs=tuple(order), strides=strides
    )


def _by_shapes(
    card: ModelCard, side: tuple[int, int], spec: ModelSpec
) -> OutputLayout | None:
    """Find a layout of one table, with mask prototypes beside it or not."""
    tables = {name: s for name, s in card.outputs.items() if len(s) == 3}
    prototypes = [name for name, s in card.outputs.items() if len(s) == 4]
    # YOLOv5 may keep its raw heads beside the table; the table is read.
    if not tables:
        return None
    name, shape = next(iter(tables.items()))
    rows, columns = shape[1], shape[2]
    masks = spec.masks
    outputs: tuple[str, ...] = (name,)
    if card.task == "segment" or (len(card.outputs) == 2 and prototypes):
        masks = masks or card.outputs[prototypes[0]][1] or 32 if prototypes else 0
        outputs = (name, prototypes[0]) if prototypes else outputs
    rotated = spec.rotated or card.task == "obb"
    more = masks + spec.keypoints[0] * spec.keypoints[1] + rotated
    found = _table(card, (rows, columns), more, side, spec)
    if found is None:
        return None
    kind, labels, strides = found
    return _layout(
        kind,
        labels,
        spec,
        side,
        masks=masks,
        rotated=rotated,
        outputs=outputs,
        strides=strides,
    )


def _table(
    card: ModelCard,
    shape: tuple[int | None, int | None],
    more: int,
    side: tuple[int, int],
    spec: ModelSpec,
) -> tuple[LayoutName, tuple[str, ...], tuple[int, ...]] | None:
    """Find the layout of a table of `rows` by `columns`, its labels and strides."""
    rows, columns = shape
    cells, four = sum(cells_of(side, _STRIDES)), sum(cells_of(side, _FOUR_STRIDES))
    given = spec.layout
    if given == "end2end" or (given is None and columns == _FINISHED + more):
        return "end2end", _labels(card, spec, None), _STRIDES
    if given == "yolov5-face" or (
        given is None and columns == 16 and rows == 3 * cells
    ):
        return "yolov5-face", _FACE, _STRIDES
    rows_are_cells = rows is None or (columns is not None and rows > columns)
    if given == "yolov8" or (given is None and not rows_are_cells):
        count = None if rows is None else rows - 4 - more
        return "yolov8", _labels(card, spec, count), _STRIDES
    if columns is None or not rows_are_cells:
        return None
    known = len(spec.labels or card.labels or ())
    if given == "nanodet" or (
        given is None
        and (rows == four or (known and columns in {known + 32, known + 64}))
    ):
        count = known or columns - 32
        strides = _FOUR_STRIDES if rows == four else _STRIDES
        return "nanodet", _labels(card, spec, count), strides
    kind: LayoutName = given or ("yolox" if rows == cells else "yolov5")
    return kind, _labels(card, spec, columns - 5 - more), _STRIDES


def _labels(
    card: ModelCard,
    spec: ModelSpec,
    count: int | None,
    *,
    may_have_nothing: bool = False,
) -> tuple[str, ...]:
    """Return the labels, and check that there are `count` if that is known."""
    labels = spec.labels or card.labels
    if labels is None and (count or 0) > MOST_LABELS:
        raise RecognitionError(
            f"the model {card.name} gives {count:,} classes: more than {MOST_LABELS:,} "
            "are believed only with labels="
        )
    if labels is None:
        return tuple(f"class {number}" for number in range(count or 0))
    fits = {count, count - 1 if may_have_nothing and count else count}
    if count is not None and len(labels) not in fits:
        raise RecognitionError(
            f"the model {card.name} has {len(labels)} labels for {count} classes"
        )
    return labels


def _layout(  # noqa: PLR0913 - one line a fact
    name: LayoutName,
    labels: tuple[str, ...],
    spec: ModelSpec,
    side: tuple[int, int],
    *,
    masks: int = 0,
    rotated: bool = False,
    outputs: tuple[str, ...] = (),
    strides: tuple[int, ...] = _STRIDES,
) -> OutputLayout:
    return OutputLayout(
        name=name,
        labels=labels,
        pixels=spec.pixels or _PIXELS.get(name, Pixels()),
        side=side,
        keypoints=spec.keypoints,
        masks=masks,
        rotated=rotated,
        outputs=outputs,
        strides=strides,
    )
