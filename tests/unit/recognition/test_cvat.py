"""Annotations of CVAT, in the form that its documentation and its exports have."""

import zipfile
from pathlib import Path
from typing import Final

import pytest
from detections_factory import SOURCE, pts_of
from own_time import at_once

from timeline_nb.errors import RecognitionError
from timeline_nb.recognition.exchange.files import read_detections

# As app.cvat.ai exports it: each frame is written, those between keyframes, too.
VIDEO: Final = """<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <task>
      <id>5</id><name>t</name><size>30</size><mode>interpolation</mode>
      <labels><label><name>car</name><color>#fff</color><type>any</type>
        <attributes><attribute><name>color</name><mutable>True</mutable></attribute>
        </attributes></label></labels>
      <original_size><width>1280</width><height>720</height></original_size>
    </task>
  </meta>
  <track id="3" label="car" source="manual">
    <box frame="10" keyframe="1" outside="0" occluded="0" xtl="10.50" ytl="20.00" \
xbr="30.00" ybr="60.25" z_order="0">
      <attribute name="color">dark &amp; red</attribute>
    </box>
    <box frame="11" keyframe="0" outside="0" occluded="1" xtl="11.50" ytl="20.00" \
xbr="31.00" ybr="60.25" z_order="0">
      <attribute name="color">blue</attribute>
    </box>
    <box frame="12" keyframe="1" outside="1" occluded="1" xtl="11.50" ytl="20.00" \
xbr="31.00" ybr="60.25" z_order="0">
      <attribute name="color">blue</attribute>
    </box>
  </track>
  <track id="4" label="road" source="manual">
    <polygon frame="10" keyframe="1" outside="0" occluded="0" \
points="100.00,5.00;300.00,50.00;200.00,700.50" z_order="0"></polygon>
  </track>
</annotations>
"""
IMAGES: Final = """<annotations><version>1.1</version>
<image id="7" name="frame_000007.png" width="640" height="360">
 <box label="dog" source="manual" occluded="0" xtl="100" ytl="100" xbr="200" ybr="120" \
z_order="0" rotation="90.0"></box>
 <ellipse label="sun" source="manual" occluded="0" cx="50" cy="60" rx="10" ry="20"/>
 <mask label="cat" source="manual" occluded="0" rle="1, 2" left="5" top="6" width="7" \
height="8"/>
 <tag label="night" source="manual"></tag>
</image></annotations>
"""


def write(folder: Path, text: str | bytes, name: str = "annotations.xml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_tracks_have_their_attributes_and_end_where_they_are_outside(
    tmp_path: Path,
) -> None:
    table = read_detections(write(tmp_path, VIDEO), SOURCE)
    assert table["frame"].tolist() == [10, 10, 11]
    car = table[table["label"] == "car"]
    assert car["pts"].tolist() == [pts_of(10), pts_of(11)]
    assert car["track_id"].tolist() == [3, 3]
    assert car["occluded"].tolist() == [False, True]
    assert car["attribute_color"].tolist() == ["dark & red", "blue"]
    assert car[["x1", "y1", "x2", "y2"]].iloc[0].tolist() == [10.5, 20, 30, 60.25]
    (road,) = table[table["label"] == "road"].to_dict("records")
    assert (road["x1"], road["y1"], road["x2"], road["y2"]) == (100, 5, 300, 700.5)
    assert road["shape"] == "polygon"


def test_images_are_frames_by_their_id_and_boxes_fit_the_media(tmp_path: Path) -> None:
    # The pictures have half the media's sides.
    with pytest.warns(RuntimeWarning, match="1 tag"):
        table = read_detections(write(tmp_path, IMAGES), SOURCE)
    names = table["label"].tolist()
    found = table[["x1", "y1", "x2", "y2"]].to_numpy().tolist()
    boxes = dict(zip(names, found, strict=True))
    # Turned by 90 degrees about (150, 110), 100 x 20 is 20 x 100.
    assert boxes["dog"] == pytest.approx([280, 120, 320, 320])
    assert boxes["sun"] == [80, 80, 120, 160]
    assert boxes["cat"] == [10, 12, 24, 28]
    assert table["frame"].tolist() == [7, 7, 7]
    assert table["track_id"].isna().all()


def test_an_export_is_read_from_its_archive(tmp_path: Path) -> None:
    path = tmp_path / "task.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images/frame_000000.png", b"x")
        archive.writestr("annotations.xml", VIDEO)
    assert len(read_detections(path, SOURCE)) == 3


def test_pictures_of_another_shape_are_refused(tmp_path: Path) -> None:
    text = VIDEO.replace("<width>1280", "<width>720")
    with pytest.raises(RecognitionError, match=r"720x720, and .* has 1280x720"):
        read_detections(write(tmp_path, text), SOURCE)


def test_the_media_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(RecognitionError, match=r"source=tl.open"):
        read_detections(write(tmp_path, VIDEO))


_BOX: Final = '<box frame="1" xtl="1" ytl="1" xbr="2" ybr="2"/>'
HOSTILE: Final = {
    "empty": b"",
    "binary": bytes(range(256)) * 99,
    "cut off": VIDEO.encode()[:900],
    "another root": b"<html/>",
    "deep": b"<annotations>" + b"<a>" * 100_000,
    "entities": b'<!DOCTYPE a [<!ENTITY a "b">]><annotations>&a;</annotations>',
    "external": b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotations/>',
    "no frame": b"<annotations><track id='1' label='a'><box/></track></annotations>",
    "no label": f"<annotations><track id='1'>{_BOX}</track></annotations>".encode(),
    "nan": _BOX.replace('xtl="1"', 'xtl="nan"').encode(),
    "large frame": _BOX.replace('frame="1"', 'frame="' + "9" * 5000 + '"').encode(),
    "large number": _BOX.replace('xtl="1"', 'xtl="1e999"').encode(),
    "points": b'<polygon frame="1" points="' + b";" * 900_000 + b'"/>',
    "attributes": b"".join(
        _BOX.encode().replace(b"/>", b'><attribute name="%d">x</attribute></box>' % n)
        for n in range(300)
    ),
    "long value": _BOX.encode().replace(
        b"/>", b'><attribute name="a">' + b"x" * 900_000 + b"</attribute></box>"
    ),
    "encoding": b'<?xml version="1.0" encoding="nonsense"?><annotations/>',
    "broken archive": b"PK\x03\x04" + bytes(500),
    "tags beside tracks": b"<annotations><attribute>x</attribute><box/></annotations>",
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_document_is_refused_at_once(tmp_path: Path, name: str) -> None:
    data = HOSTILE[name]
    if data.startswith((b"<box", b"<polygon")):
        track = b"<annotations><track id='1' label='a'>%s</track></annotations>"
        data = track.replace(b"%s", data)
    path = write(tmp_path, data)
    with at_once():
        try:
            found = f"{path}: {len(read_detections(path, SOURCE))} rows"
        except RecognitionError as error:
            found = str(error)
    assert str(path) in found


def test_an_archive_that_unpacks_to_gigabytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMELINE_NB_MAX_TABLE_BYTES", "3_000_000")
    path = tmp_path / "task.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("annotations.xml", "<annotations>" + " " * 30_000_000)
    assert path.stat().st_size < 100_000
    with pytest.raises(RecognitionError, match="TIMELINE_NB_MAX_TABLE_BYTES"):
        read_detections(path, SOURCE)
