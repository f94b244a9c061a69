"""The editor in a real JupyterLab, used as a person would: cut, look, render."""

from pathlib import Path

import pytest
from browser.conftest import Opener
from browser.lab import Lab, becomes, run_code, wait_for_kernel, wait_until_still
from playwright.sync_api import Locator, Page, expect
from plugins_factory import effects_plugin

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

AXE = (
    Path(__file__).parents[2]
    / "widgets-js"
    / "node_modules"
    / "axe-core"
    / "axe.min.js"
)
CELLS = (
    """
film, other = tl.open("film.mp4"), tl.open("other.mp4")
cut = tl.Edit("walk", rate=25, size=(640, 360))
cut.append([film.clip("1s", "3s", name="street"), other.clip("1s", "3s", name="park")])
start = cut.timeline
""",
    "cut",
)
CANVAS = "canvas[data-testid=timeline]"
# Of the clip on A1 that belongs to the first one on V1.
GAIN_DB = "cut.timeline.tracks[1].items[0].gain_db"


@pytest.fixture
def editor(show: Opener) -> Page:
    page = show(*CELLS, widget="editor-widget")
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
    return page


def _show(editor: Page, tab: str) -> None:
    """Bring a panel into sight, where it shares its place with others."""
    button = editor.locator(f".tnb [role=tab]:text-is('{tab}')")
    if button.is_visible():
        button.click()


def _select(editor: Page) -> Locator:
    """Select the clip at the playhead, and return the inspector."""
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Enter")
    _show(editor, "Inspector")
    inspector = editor.locator(".tnb-inspector")
    inspector.locator(".tnb-clip-name").wait_for()
    return inspector


def _apply(editor: Page, words: str, tile: str) -> None:
    """Find something in the effects browser, and apply it."""
    _show(editor, "Effects")
    editor.get_by_role("searchbox", name="Search effects").fill(words)
    editor.locator(f"[data-tile='{tile}']").dblclick()
    _show(editor, "Inspector")


def test_what_was_done_by_hand_becomes_code(editor: Page) -> None:
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Shift+ArrowRight")
    editor.keyboard.press("s")
    wait_for_kernel(editor, "cut.session.undo_label", "split")
    editor.keyboard.press("Enter")
    editor.keyboard.press("Shift+Delete")
    wait_for_kernel(editor, "cut.session.undo_label", "ripple delete")
    editor.keyboard.press("m")
    wait_for_kernel(editor, "cut.session.undo_label", "add marker")

    editor.locator("[data-testid=code]").click()
    editor.locator(".tnb-dialog").get_by_role("button", name="Copy").click()
    editor.wait_for_selector(".tnb-notice:has-text('Copied')")
    copied = editor.evaluate("() => navigator.clipboard.readText()")
    assert copied.splitlines()[0] == 'cut.split("25f")'
    run_code(
        editor, f"twin = tl.Edit(timeline=start)\n{copied.replace('cut.', 'twin.')}"
    )
    assert run_code(editor, "print(twin.timeline == cut.timeline)") == "True"

    cells = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = editor.evaluate(cells)
    editor.locator("[data-testid=code]").click()
    editor.get_by_role("button", name="Insert as a cell").click()
    editor.wait_for_function(f"() => ({cells})() === {before + 1}")
    source = (
        "() => window.jupyterapp.shell.currentWidget.content.widgets.at(-1)"
        ".model.sharedModel.getSource()"
    )
    becomes(lambda: editor.evaluate(source), copied)


def test_the_inspector_changes_the_selected_clip(editor: Page) -> None:
    inspector = _select(editor)
    scale = inspector.get_by_role("textbox", name="Scale", exact=True)
    gain = inspector.get_by_role("textbox", name="Gain", exact=True)
    scale.fill("50")
    scale.press("Enter")
    wait_for_kernel(editor, "cut.clips[0].transform.scale", "0.5")
    inspector.get_by_role("textbox", name="Opacity", exact=True).fill("25")
    gain.fill("-6")
    wait_for_kernel(editor, "cut.clips[0].transform.opacity", "0.25")
    gain.press("Enter")
    wait_for_kernel(editor, GAIN_DB, "-6.0")
    assert run_code(editor, f"cut.undo(); print({GAIN_DB})") == "0.0"
    expect(gain).to_have_value("0")
    # A number stays within its limits.
    scale.fill("-3")
    scale.press("Enter")
    wait_for_kernel(editor, "cut.clips[0].transform.scale", "0.01")
    # What the edit refuses is told, and the field shows what is.
    fade = inspector.get_by_role("textbox", name="Fade in", exact=True)
    before = fade.input_value()
    fade.fill("9:00")
    fade.press("Enter")
    editor.wait_for_selector(".tnb-notice[data-kind=problem]:has-text('fades')")
    expect(fade).to_have_value(before)
    assert run_code(editor, "print(cut.clips[0].fade_in)") == "0"


def test_what_is_typed_stays_while_the_edit_changes(editor: Page) -> None:
    inspector = _select(editor)
    gain = inspector.get_by_role("textbox", name="Gain", exact=True)
    gain.fill("-6")
    run_code(editor, "cut.set(0, transform=tl.Transform(opacity=0.25))")
    opacity = inspector.get_by_role("textbox", name="Opacity", exact=True)
    expect(opacity).to_have_value("25", timeout=30_000)
    expect(gain).to_have_value("-6")
    gain.press("Enter")
    wait_for_kernel(editor, GAIN_DB, "-6.0")


def test_the_bin_takes_files_and_folders_and_gives_clips(
    editor: Page, lab: Lab
) -> None:
    def add(name: str) -> None:
        editor.locator(".tnb-bin-head [data-command='bin.import']").click()
        path = editor.get_by_role("textbox", name="Path of a file or folder")
        path.fill(name)
        path.press("Enter")
        path.wait_for(state="detached")

    def choose(name: str, item: str) -> None:
        tile = editor.locator(".tnb-medium").filter(has_text=name)
        tile.click(button="right")
        editor.get_by_role("menuitem", name=item).click()

    add("bunny.mp4")
    choose("bunny.mp4", "Append to the timeline")
    wait_for_kernel(editor, "cut.clips[-1].name", "bunny")
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Home")
    choose("film.mp4", "Insert at the playhead")
    wait_for_kernel(editor, "cut.clips[0].name", "film")
    add(str(lab.folder))
    editor.wait_for_selector(".tnb-medium >> text=bikes.mp4")
    add("nowhere.mp4")
    editor.wait_for_selector(".tnb-notice:has-text('nowhere.mp4')")


def test_media_are_dragged_from_the_bin_to_a_time(editor: Page) -> None:
    canvas = editor.locator(CANVAS)
    px_per_s = float(canvas.get_attribute("data-px-per-s") or 0)
    held = editor.locator(".tnb-media li").filter(has_text="film.mp4")
    held.drag_to(canvas, target_position={"x": 3.42 * px_per_s, "y": 60})
    wait_for_kernel(editor, "cut.clips[-1].name", "film")
    # What lay there from the drop on is covered; sound goes along.
    begins = "[r.start_s for r in rows if r.name == 'film']"
    run_code(editor, "rows = list(cut.timeline.to_dataframe().itertuples())")
    told = run_code(editor, f"print({begins})")
    times = [float(number) for number in told.strip("[]").split(",")]
    assert len(times) == 2
    assert times == pytest.approx([3.4, 3.4], abs=0.09)
    assert run_code(editor, "print(cut.session.undo_label)") == "overwrite"


def test_solo_tracks_are_heard_alone_and_the_edit_stays(editor: Page) -> None:
    editor.get_by_role("button", name="Solo A1").click()
    wait_for_kernel(editor, "cut.editor.solo", "['A1']")
    run_code(editor, "cut.add_track('audio')")
    seen = "cut.editor._shown(cut.timeline).tracks"
    wait_for_kernel(editor, f"[t.name for t in {seen} if t.enabled]", "['V1', 'A1']")
    assert (
        run_code(editor, "print(all(t.enabled for t in cut.timeline.tracks))") == "True"
    )


def test_it_renders_with_progress_and_can_be_stopped(editor: Page, lab: Lab) -> None:
    _export(editor, "made.mp4")
    editor.wait_for_selector(".tnb-render[data-status=completed]")
    assert (lab.folder / "made.mp4").stat().st_size > 10_000
    shown = run_code(editor, "m = tl.open('made.mp4'); print(len(m.index), m.size)")
    assert shown == "100 (640, 360)"
    # A second one, stopped at once, leaves the first film as it was.
    digest = (lab.folder / "made.mp4").read_bytes()
    run_code(editor, "for _ in range(20): cut.append(film.clip())")
    _export(editor, "made.mp4")
    editor.get_by_role("button", name="Cancel the render").click()
    editor.wait_for_selector(".tnb-render[data-status=cancelled]")
    assert (lab.folder / "made.mp4").read_bytes() == digest


def _export(editor: Page, name: str) -> None:
    editor.locator("[data-command='export.open']").click()
    editor.get_by_label("File name").fill(name)
    editor.locator("dialog.tnb-export .tnb-primary").click()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize("width", [1400, 760])
def test_nothing_hinders_who_sees_or_moves_otherwise(
    editor: Page, theme: str, width: int, tmp_path: Path
) -> None:
    change = (
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    )
    editor.evaluate(change, theme)
    dark = str("Dark" not in theme).lower()
    editor.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{dark}'")
    editor.set_viewport_size({"width": width, "height": 1000})
    if width == 760:
        editor.wait_for_selector(".tnb-layout[data-shape=narrow]")
    wait_until_still(editor)
    _show(editor, "Timeline")
    inspector = _select(editor)
    inspector.locator("[data-field=scale]").wait_for()
    # The style sheets of a theme come some moments after its name.
    editor.wait_for_function(
        """isDark => {
            const style = getComputedStyle(document.querySelector('.tnb'));
            const [red] = style.backgroundColor.match(/\\d+/g).map(Number);
            return isDark === red < 128;
        }""",
        arg=dark == "false",
    )
    wait_until_still(editor)
    editor.screenshot(path=tmp_path / f"editor-{theme}-{width}.png")
    editor.add_script_tag(path=AXE)
    # In a narrow editor the inspector and the timeline take turns.
    for tab in ("Inspector", "Timeline"):
        _show(editor, tab)
        wait_until_still(editor)
        found = editor.evaluate("() => axe.run('.tnb')")
        serious = [
            (fault["id"], [node["html"][:120] for node in fault["nodes"]])
            for fault in found["violations"]
            if fault["impact"] in {"serious", "critical"}
        ]
        assert serious == []
    # Escape gives up what is selected, and then the keys.
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Escape")
    editor.keyboard.press("Escape")
    editor.wait_for_function("() => !document.activeElement.closest('.tnb')")


def test_the_inspector_puts_on_effects_keyframes_and_transitions(editor: Page) -> None:
    canvas = editor.locator(CANVAS)
    inspector = _select(editor)
    _apply(editor, "gaussian blur", "picture:gaussian_blur")
    wait_for_kernel(editor, "cut.clips[0].effects[0].kind", "gaussian_blur")
    row = inspector.locator("[data-effect=gaussian_blur] [data-parameter=sigma]")
    sigma = row.get_by_role("textbox", name="Sigma", exact=True)
    # A share of the picture's height is shown in percent.
    sigma.fill("5")
    sigma.press("Enter")
    told = "cut.clips[0].effects[0]"
    wait_for_kernel(editor, f"{told}.parameters['sigma']", "0.05")
    row.get_by_role("button", name="Add a keyframe: Sigma").click()
    wait_for_kernel(editor, f"len({told}.keyframes['sigma'])", "1")
    canvas.focus()
    for _ in range(10):
        editor.keyboard.press("ArrowRight")
    wait_for_kernel(editor, "round(cut.editor.playhead, 2)", "0.4")
    sigma.fill("0")
    sigma.press("Enter")
    keys = f"[(str(k.time), k.value) for k in {told}.keyframes['sigma']]"
    wait_for_kernel(editor, keys, "[('1', 0.05), ('7/5', 0.0)]")
    # Halfway between the keyframes the value is halfway too, and shown.
    canvas.focus()
    for _ in range(5):
        editor.keyboard.press("ArrowLeft")
    expect(sigma).to_have_value("2.5")
    # What is out of range becomes the greatest that there is.
    sigma.fill("70")
    sigma.press("Enter")
    wait_for_kernel(editor, keys, "[('1', 0.05), ('6/5', 0.2), ('7/5', 0.0)]")
    expect(sigma).to_have_value("20")
    inspector.get_by_role("button", name="Remove Gaussian blur").click()
    wait_for_kernel(editor, "len(cut.clips[0].effects)", "0")

    canvas.focus()
    editor.keyboard.press("End")
    editor.keyboard.press("ArrowLeft")
    editor.keyboard.press("Enter")
    expect(inspector.locator(".tnb-clip-name")).to_have_value("park")
    comes = inspector.get_by_role("combobox", name="Transition in")
    comes.select_option("wipe")
    wait_for_kernel(editor, "cut.timeline.tracks[0].items[1].kind", "wipe")
    angle = inspector.get_by_role("textbox", name="Angle", exact=True)
    angle.fill("90")
    angle.press("Enter")
    wait_for_kernel(
        editor, "cut.timeline.tracks[0].items[1].parameters", "{'angle': 90.0}"
    )
    comes.select_option("")
    wait_for_kernel(editor, "len(cut.timeline.tracks[0].items)", "2")


def test_the_effects_browser_adds_templates_with_sample_texts(editor: Page) -> None:
    _show(editor, "Inspector")
    heading = editor.locator(".tnb-inspector").get_by_role(
        "heading", name="Sequence effects"
    )
    heading.wait_for()
    _apply(editor, "lower third bar", "template:lower_third_bar")
    items = "(i for t in cut.timeline.tracks for i in t.items)"
    names = f"[getattr(i, 'name', '') for i in {items}]"
    wait_for_kernel(editor, f"'lower_third_bar' in {names}", "True")


def test_meters_show_how_loud_tracks_are_at_the_playhead(editor: Page) -> None:
    canvas = editor.locator(CANVAS)
    canvas.focus()
    level = (
        "() => Number(getComputedStyle(document.querySelector('.tnb-meter'))"
        ".getPropertyValue('--tnb-level'))"
    )
    # The films click at each half second: there it is loud, between it is silent.
    editor.keyboard.press("Home")
    editor.keyboard.press("ArrowRight")
    editor.wait_for_function(f"() => ({level})() < 0.05")
    # What the keys did arrives first, and not after what a cell does.
    wait_for_kernel(editor, "round(cut.editor.playhead, 2)", "0.04")
    run_code(editor, "cut.editor.playhead = 0.48")
    editor.wait_for_function(f"() => ({level})() > 0.8")


def test_an_effect_of_a_plugin_is_used_and_missed(editor: Page, lab: Lab) -> None:
    effects_plugin(lab.folder / "plugin")
    try:
        _use_and_miss_its_effect(editor)
    finally:
        run_code(editor, "tl.plugins.remove('org.example.test')")


def _use_and_miss_its_effect(editor: Page) -> None:
    install = "tl.plugins.install('plugin/org.example.test.wasm')"
    inspector = _select(editor)
    _show(editor, "Effects")
    editor.get_by_role("searchbox", name="Search effects").fill("test effects")
    tiles = editor.locator(".tnb-tiles [data-tile^='picture:org.example.test/']")
    # It comes into the browser of an editor that is open.
    run_code(editor, install)
    expect(tiles.locator("b")).to_have_text(
        ["Brighten", "Crash", "Hang", "Tint", "Veil"]
    )
    expect(tiles.locator("small").first).to_have_text("Test effects")
    _apply(editor, "test effects", "picture:org.example.test/brighten")
    own = "cut.clips[0].effects[0]"
    wait_for_kernel(editor, f"{own}.kind", "org.example.test/brighten")
    amount = inspector.get_by_role("textbox", name="Amount", exact=True)
    # Its limits are those that the plugin states.
    amount.fill("300")
    amount.press("Enter")
    wait_for_kernel(editor, f"{own}.parameters['amount']", "255.0")
    amount.fill("70")
    amount.press("Enter")
    wait_for_kernel(editor, f"{own}.parameters['amount']", "70.0")
    run_code(editor, "tl.plugins.remove('org.example.test')")
    problem = inspector.locator("[data-effect] .tnb-problem")
    expect(problem).to_contain_text("plugin 'org.example.test'")
    expect(problem).to_contain_text("is not installed")
    missing = "Shown without an effect: the plugin 'org.example.test'"
    expect(editor.locator(".tnb-notice", has_text=missing)).to_be_visible()
    expect(tiles).to_have_count(0)
    run_code(editor, install)
    expect(amount).to_have_value("70")
