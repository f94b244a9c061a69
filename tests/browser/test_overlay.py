"""The overlay in a real JupyterLab: a box belongs to the very frame it lies on."""

import pytest
from browser.conftest import Opener
from browser.lab import NUMBER_OF_CANVAS, run_code, wait_for_kernel
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# A box a frame whose left edge tells the frame's number, in pixels of the film, and
# one of another label below it.
CELLS = (
    """
import numpy as np
from timeline_nb.recognition.detections import Detections
from timeline_nb.recognition.source import Source
film = tl.open("film.mp4")
index, video = film.index, film.info.video[0]
n = len(index)
source = Source(path=film.info.path, fingerprint=film.info.fingerprint,
                stream=index.stream, time_base=index.time_base,
                start_time=index.start_time, rate=video.rate,
                size=video.display_size, end_pts=index.end_pts)
frames = np.repeat(np.arange(n), 2)
left = 2.0 * frames
top = np.tile([200.0, 280.0], n)
found = Detections(
    source=source, names=("<b>walker</b>", "dog"), examined_frame=np.arange(n),
    examined_pts=index.pts, frame=frames, pts=index.pts[frames],
    xyxy=np.stack([left, top, left + 60, top + 50], 1).astype(np.float32),
    score=np.tile([0.9, 0.4], n).astype(np.float32), class_id=np.tile([0, 1], n),
    track_id=np.tile([7, -1], n),
)
""",
    "overlay = tl.Overlay(film, found)\noverlay",
)
BOXES = "canvas[data-testid=boxes]"
PICTURE = "canvas[data-testid=picture]"
# The frame that the box's left edge tells, at 225 lines of the film's 360.
EDGE = """(canvas) => {
    const scale = canvas.width / 640;
    const row = canvas.getContext('2d')
        .getImageData(0, Math.round(225 * scale), canvas.width, 1).data;
    for (let x = 0; x < canvas.width; x++) {
        if (row[x * 4 + 3] > 200) return Math.round((x + 1.5) / scale / 2);
    }
    return -1;
}"""
# What the boxes, the picture's number and both canvases say, in one moment each.
# As the film plays, until so many frames were seen.
WATCH = f"""(count) => new Promise(done => {{
    const boxes = document.querySelector('{BOXES}');
    const picture = document.querySelector('{PICTURE}');
    const [edge, read] = [{EDGE}, {NUMBER_OF_CANVAS}];
    const seen = [];
    const tick = () => {{
        seen.push([read(picture), edge(boxes), Number(boxes.dataset.frame)]);
        const frames = new Set(seen.filter(one => one[1] >= 0).map(one => one[0]));
        const goes = picture.dataset.playing === 'true';
        if (frames.size < count && goes) requestAnimationFrame(tick); else done(seen);
    }};
    tick();
}})"""


@pytest.fixture
def overlay(show: Opener) -> Page:
    page = show(*CELLS, widget="overlay-widget")
    page.wait_for_selector(f"{BOXES}[data-frame='0'][data-count='2']")
    return page


def test_the_box_drawn_belongs_to_the_frame_shown(overlay: Page) -> None:
    for frame in (137, 12, 249, 248):
        run_code(overlay, f"overlay.playhead = {frame} / 25")
        overlay.wait_for_selector(f"{BOXES}[data-frame='{frame}'][data-count='2']")
        assert overlay.locator(PICTURE).evaluate(NUMBER_OF_CANVAS) == frame
        assert abs(overlay.locator(BOXES).evaluate(EDGE) - frame) <= 1
    run_code(overlay, "overlay.playhead = 0.4")
    overlay.wait_for_selector(f"{BOXES}[data-frame='10']")
    overlay.locator("[data-testid=screen]").focus()
    overlay.keyboard.press("Space")
    overlay.wait_for_selector(f"{PICTURE}[data-playing=true]")
    seen = overlay.evaluate(WATCH, 15)
    overlay.keyboard.press("k")
    told = [(number, edge, frame) for number, edge, frame in seen if edge >= 0]
    assert len({number for number, _, _ in told}) > 10
    # Boxes that have not come yet are left out; a box of another frame never shows.
    assert len(told) > len(seen) * 0.5
    assert all(number == frame for number, _, frame in told)
    assert all(abs(edge - number) <= 1 for number, edge, _ in told)


def test_labels_and_scores_filter_both_ways(overlay: Page) -> None:
    overlay.get_by_role("checkbox", name="dog").uncheck()
    overlay.wait_for_selector(f"{BOXES}[data-count='1']")
    wait_for_kernel(overlay, "overlay.visible_classes", "['<b>walker</b>']")
    run_code(overlay, "overlay.visible_classes = ['dog']")
    overlay.wait_for_function(
        f"() => ({EDGE})(document.querySelector('{BOXES}')) === -1"
    )
    run_code(overlay, "overlay.visible_classes = ['dog', '<b>walker</b>']")
    overlay.wait_for_selector(f"{BOXES}[data-count='2']")
    score = overlay.get_by_role("slider", name="Minimum score")
    score.fill("0.5")
    overlay.wait_for_selector(f"{BOXES}[data-count='1']")
    wait_for_kernel(overlay, "overlay.min_score", "0.5")
    run_code(overlay, "overlay.min_score = 0.95")
    overlay.wait_for_selector(f"{BOXES}[data-count='0']")
    expect(overlay.locator(".tnb-label b")).to_have_count(0)


def test_hovering_tells_the_row_and_a_click_selects_it(overlay: Page) -> None:
    run_code(overlay, "overlay.playhead = 4.0")
    overlay.wait_for_selector(f"{BOXES}[data-frame='100'][data-count='2']")
    canvas = overlay.locator(BOXES)
    box = canvas.bounding_box()
    assert box is not None
    scale = box["width"] / 640
    inside = (box["x"] + 230 * scale, box["y"] + 225 * scale)
    overlay.mouse.move(*inside)
    tooltip = "<b>walker</b> #7 0.90 · row 200"
    overlay.wait_for_selector(f".tnb-tooltip:has-text('{tooltip}')")
    overlay.mouse.click(*inside)
    wait_for_kernel(overlay, "overlay.selection", "[200]")
    picked = "overlay.selected[['frame', 'label', 'x1']].values.tolist()"
    assert run_code(overlay, f"print({picked})") == "[[100, '<b>walker</b>', 200.0]]"
    run_code(overlay, "overlay.selection = [201]")
    wait_for_kernel(overlay, "overlay.selected['label'].tolist()", "['dog']")


def test_what_is_drawn_comes_back_as_rows(overlay: Page) -> None:
    run_code(overlay, "overlay.playhead = 2.0")
    overlay.wait_for_selector(f"{BOXES}[data-frame='50']")

    def at(x: float, y: float) -> tuple[float, float]:
        box = overlay.locator(BOXES).bounding_box()
        assert box is not None
        scale = box["width"] / 640
        return box["x"] + x * scale, box["y"] + y * scale

    overlay.get_by_role("textbox", name="Label of new shapes").fill("door")
    overlay.get_by_role("button", name="Draw a box").click()
    overlay.mouse.move(*at(320, 40))
    overlay.mouse.down()
    overlay.mouse.move(*at(480, 160), steps=5)
    overlay.mouse.up()
    wait_for_kernel(overlay, "overlay.drawn_count", "1")
    overlay.get_by_role("button", name="Draw a zone").click()
    for corner in ((100, 100), (300, 100), (200, 300)):
        overlay.mouse.click(*at(*corner))
    overlay.mouse.click(*at(100, 100))
    wait_for_kernel(overlay, "overlay.drawn_count", "2")
    run_code(overlay, "rows = overlay.drawn")
    told = "rows[['frame', 'shape', 'label']].values.tolist()"
    assert run_code(overlay, f"print({told})") == (
        "[[50, 'box', 'door'], [50, 'zone', 'door']]"
    )
    assert (
        run_code(overlay, "print(rows.pts.tolist() == [index.pts[50]] * 2)") == "True"
    )
    corners = run_code(
        overlay, "print(rows[['x1', 'y1', 'x2', 'y2']].round().values.tolist())"
    )
    read = [[float(n) for n in row.split(",")] for row in corners[2:-2].split("], [")]
    for row, wanted in zip(
        read, [[320, 40, 480, 160], [100, 100, 300, 300]], strict=True
    ):
        assert row == pytest.approx(wanted, abs=2)


def test_boxes_are_corrected_by_hand_in_a_layer_of_their_own(overlay: Page) -> None:
    run_code(overlay, "overlay.playhead = 4.0")
    overlay.wait_for_selector(f"{BOXES}[data-frame='100'][data-count='2']")

    def at(x: float, y: float) -> tuple[float, float]:
        box = overlay.locator(BOXES).bounding_box()
        assert box is not None
        scale = box["width"] / 640
        return box["x"] + x * scale, box["y"] + y * scale

    def drag(start: tuple[float, float], end: tuple[float, float]) -> None:
        overlay.mouse.move(*at(*start))
        overlay.mouse.down()
        overlay.mouse.move(*at(*end), steps=5)
        overlay.mouse.up()

    overlay.get_by_role("button", name="Correct boxes").click()
    # The walker of frame 100 lies at 200 to 260: moved as a whole, then by its edge.
    drag((230, 225), (330, 125))
    wait_for_kernel(overlay, "len(overlay.corrections)", "1")
    # The browser draws it at 300 once it has the corrected table.
    overlay.wait_for_function(
        f"""() => {{
            const canvas = document.querySelector('{BOXES}');
            const scale = canvas.width / 640;
            const row = canvas.getContext('2d')
                .getImageData(0, Math.round(125 * scale), canvas.width, 1).data;
            const edge = Math.round(300 * scale);
            return [-1, 0, 1].some(x => row[(edge + x) * 4 + 3] > 200);
        }}"""
    )
    drag((360, 125), (400, 125))
    wait_for_kernel(overlay, "len(overlay.corrections)", "2")
    row = "overlay.corrected.query('row == 200')"
    told = run_code(
        overlay, f"print({row}[['x1', 'y1', 'x2', 'y2']].round().values.tolist())"
    )
    moved = [float(number) for number in told[2:-2].split(",")]
    assert moved == pytest.approx([300, 100, 400, 150], abs=2)
    assert run_code(overlay, f"print({row}['by'].tolist())") == "['hand']"
    # A name for what is selected, then away with the dog.
    label = overlay.get_by_role("textbox", name="Label of new shapes")
    label.fill("runner")
    label.press("Enter")
    wait_for_kernel(overlay, f"{row}['label'].tolist()", "['runner']")
    overlay.wait_for_selector(".tnb-label:has-text('runner')")
    overlay.mouse.click(*at(230, 305))
    wait_for_kernel(overlay, "overlay.selection", "[201]")
    overlay.locator("[data-testid=screen]").focus()
    overlay.keyboard.press("Delete")
    run_code(overlay, "overlay.visible_classes = ['runner', 'dog', '<b>walker</b>']")
    overlay.wait_for_selector(f"{BOXES}[data-frame='100'][data-count='1']")
    wait_for_kernel(overlay, "len(overlay.corrected), len(found)", "499 500")
    run_code(overlay, "overlay.undo_correction()")
    overlay.wait_for_selector(f"{BOXES}[data-frame='100'][data-count='2']")


def test_a_line_is_drawn_by_two_points_and_crossed(overlay: Page) -> None:
    run_code(overlay, "overlay.playhead = 2.0")
    overlay.wait_for_selector(f"{BOXES}[data-frame='50']")
    overlay.get_by_role("textbox", name="Label of new shapes").fill("kerb")
    overlay.get_by_role("button", name="Draw a zone, or a line").click()
    box = overlay.locator(BOXES).bounding_box()
    assert box is not None
    scale = box["width"] / 640
    overlay.mouse.click(box["x"] + 200 * scale, box["y"] + 20 * scale)
    overlay.mouse.dblclick(box["x"] + 200 * scale, box["y"] + 340 * scale)
    wait_for_kernel(overlay, "len(overlay.lines)", "1")
    # The middle of the walker's lower edge is at 30 + 2 a frame: on 200 at frame 85.
    run_code(overlay, "crossed = found.to_dataframe().tl.crossings(overlay.lines)")
    told = run_code(overlay, "print(crossed[['line', 'track_id', 'frame', 'to']])")
    assert "kerb" in told
    frame = int(run_code(overlay, "print(crossed['frame'].iloc[0])"))
    assert abs(frame - 85) <= 1


def test_boxes_follow_their_clip_through_an_edit(show: Opener) -> None:
    page = show(
        CELLS[0],
        """
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append(film.clip("2s", "4s"))
cut.append(film.clip("6s", "8s"))
overlay = tl.Overlay(cut, found)
overlay
""",
        widget="overlay-widget",
    )
    for frame, own in ((0, 50), (49, 99), (50, 150)):
        run_code(page, f"overlay.playhead = {frame} / 25")
        page.wait_for_selector(f"{BOXES}[data-frame='{frame}'][data-count='2']")
        assert page.locator(PICTURE).evaluate(NUMBER_OF_CANVAS) == own
        assert abs(page.locator(BOXES).evaluate(EDGE) - own) <= 1


def test_the_editor_shows_what_was_found_when_asked(show: Opener) -> None:
    page = show(
        CELLS[0],
        """
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append(film.clip("2s", "4s"))
cut.editor.show(found)
cut
""",
        widget="editor-widget",
    )
    page.wait_for_selector(f"{BOXES}[data-frame='0']")
    expect(page.locator(BOXES)).to_have_attribute("data-count", "0")
    page.get_by_role("button", name="Detections").click()
    page.wait_for_selector(f"{BOXES}[data-frame='0'][data-count='2']")
    assert abs(page.locator(BOXES).evaluate(EDGE) - 50) <= 1
