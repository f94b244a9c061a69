"""Views come and go, and leave nothing behind."""

import json

import pytest
from browser.conftest import Opener
from browser.lab import becomes, run_code, wait_for_kernel
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

CELLS = (
    """
import gc, threading
from timeline_nb.media.decode import VideoDecoder
from timeline_nb.media.audio import AudioDecoder
film, other = tl.open("film.mp4"), tl.open("other.mp4")
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append([film.clip("1s", "3s"), other.clip("1s", "3s")])
# The studio's events listen as long as the edit lives.
# The editor's own session follows the edit's; its parts follow that.
def listeners():
    inner = cut.editor._session.changed
    return len(cut.session.changed) + len(inner)
listening = listeners()
def kept():
    gc.collect()
    ours = [t.name for t in threading.enumerate() if t.name.startswith("timeline_nb")]
    open_ = [o for o in gc.get_objects()
             if isinstance(o, (VideoDecoder, AudioDecoder)) and o.is_open]
    return len(ours), len(open_), listeners() - listening
""",
    "cut",
    "player = tl.Player(film)\nplayer",
)
PICTURE = "canvas[data-testid=picture]"
# Counts the page's blob URLs, and our own timers by their beats, that are not ended.
COUNT = """
window.alive = { urls: new Set(), timers: new Set() };
const [make, drop] = [URL.createObjectURL, URL.revokeObjectURL];
URL.createObjectURL = (o) => {
    const url = make.call(URL, o);
    alive.urls.add(url);
    return url;
};
URL.revokeObjectURL = (url) => { alive.urls.delete(url); drop.call(URL, url); };
const [begin, end] = [window.setInterval, window.clearInterval];
window.setInterval = (work, beat, ...more) => {
    const timer = begin(work, beat, ...more);
    if (beat === 15000 || beat === 250) alive.timers.add(timer);
    return timer;
};
window.clearInterval = (timer) => { alive.timers.delete(timer); end(timer); };
"""
RUN = """async (number) => {
    const panel = window.jupyterapp.shell.currentWidget;
    panel.content.activeCellIndex = number;
    await window.jupyterapp.commands.execute('notebook:run-cell');
}"""


def wait_for_views(page: Page, count: int, widget: str = "player-widget") -> None:
    page.wait_for_function(
        "([w, n]) => document.querySelectorAll("
        "`[data-testid=${w}][data-state=live]`).length === n",
        arg=[widget, count],
    )


def test_fifty_runs_of_a_cell_leave_nothing_behind(show: Opener, page: Page) -> None:
    page.add_init_script(COUNT)
    show(*CELLS, widget="player-widget")
    page.wait_for_selector(f"{PICTURE}[data-frame='0']")
    blobs = "() => alive.urls.size"
    timers = "() => alive.timers.size"
    becomes(lambda: page.evaluate(timers), 2)
    for _ in range(50):
        page.evaluate(RUN, 3)
    wait_for_views(page, 1)
    for _ in range(5):
        page.evaluate(RUN, 2)
    wait_for_views(page, 1, "editor-widget")
    page.locator("[data-testid=player-widget]").scroll_into_view_if_needed()
    wait_for_kernel(page, "player.view_count", "1")
    # An editor is one for all its cells; its views are told apart.
    wait_for_kernel(page, "cut.editor.view_count", "1")
    # The first editor's thumbnails, and what the players before had made.
    bin_pictures = page.locator(".tnb-medium img").count()
    page.wait_for_function(f"() => ({blobs})() <= {bin_pictures}")
    becomes(lambda: page.evaluate(timers), 2)

    page.evaluate(
        "() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')"
    )
    wait_for_kernel(page, "player.view_count + cut.editor.view_count", "0")
    becomes(lambda: (page.evaluate(blobs), page.evaluate(timers)), (0, 0))
    # Threads end by themselves once they have had nothing to do for some seconds.
    wait_for_kernel(page, "(__import__('time').sleep(0.5), kept())[1]", "(0, 0, 0)")


def test_a_page_that_is_loaded_anew_takes_up_its_views(show: Opener) -> None:
    page = show(*CELLS, widget="player-widget")
    run_code(page, "import timeline_nb.widgets.channel as c; c.VIEW_TIMEOUT_S = 3.0")
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function(
        "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
    )
    page.reload()
    wait_for_views(page, 1)
    run_code(page, "player.playhead = 4.0")
    page.wait_for_selector(f"{PICTURE}[data-frame='100']")
    # The view of the page that is gone said no goodbye: it is missed in the end.
    page.wait_for_function("() => window.jupyterapp")
    wait_for_kernel(
        page, "(player._remove_silent_views(), player.view_count <= 1)[1]", "True"
    )


def test_a_restarted_kernel_is_told_and_not_a_frozen_picture(show: Opener) -> None:
    page = show(*CELLS, widget="player-widget")
    page.wait_for_selector(f"{PICTURE}[data-frame='0']")
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session"
        ".kernel.restart()"
    )
    page.wait_for_selector("[data-testid=player-widget][data-state=lost]")
    cover = page.locator("[data-testid=player-widget] .tnb-disconnected")
    expect(cover).to_contain_text("Run this cell again")
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session"
        ".kernel.status === 'idle'"
    )
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    wait_for_views(page, 1)
    page.wait_for_selector(f"{PICTURE}[data-frame='0']")


def test_what_a_notebook_keeps_is_small_and_shows_a_picture(show: Opener) -> None:
    page = show(*CELLS, widget="player-widget")
    page.locator("[data-testid=screen]").last.click()
    page.keyboard.press("Space")
    page.wait_for_function(
        f"() => [...document.querySelectorAll('{PICTURE}')].at(-1).dataset.frame > 20"
    )
    page.keyboard.press("k")
    is_kept = "[w.get_state()['still'][:16] for w in (player, cut.editor)]"
    wait_for_kernel(page, f"set({is_kept})", "{'data:image/jpeg;'}")
    sizes = run_code(
        page,
        """
import json
for w in (player, cut.editor):
    state = w.get_state()
    print(len(json.dumps(state)), state["still"][:16])
""",
    )
    for line in sizes.splitlines():
        size, kind = line.split()
        assert int(size) < 64_000
        assert kind == "data:image/jpeg;"
    notebook = page.evaluate(
        "() => JSON.stringify(window.jupyterapp.shell.currentWidget.model.toJSON())"
    )
    outputs = [cell["outputs"] for cell in json.loads(notebook)["cells"]]
    (shown,) = outputs[2]
    assert "image/png" in shown["data"]
    assert "video" not in notebook.replace("timeline_nb", "")
