"""The editor in a real JupyterLab, used as a person would: cut, look, render."""

from pathlib import Path

import pytest
from browser.conftest import Opener
from browser.lab import Lab, run_code, wait_for_kernel, wait_until_still
from playwright.sync_api import Page, expect
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


@pytest.fixture
def editor(show: Opener) -> Page:
    page = show(*CELLS, widget="editor-widget")
    page.wait_for_selector(f"{CANVAS}[data-duration='4']")
    return page


def test_what_was_done_by_hand_becomes_code(editor: Page) -> None:
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Shift+ArrowRight")
    editor.keyboard.press("s")
    wait_for_kernel(editor, "cut.session.undo_label", "split")
    editor.keyboard.press("Enter")
    editor.keyboard.press("Shift+Delete")
    wait_for_kernel(editor, "cut.session.undo_label", "delete")
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
    source = editor.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets.at(-1)"
        ".model.sharedModel.getSource()"
    )
    assert source == copied


def test_the_inspector_changes_the_selected_clip(editor: Page) -> None:
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Enter")
    scale = editor.get_by_role("spinbutton", name="Scale")
    scale.fill("50")
    scale.press("Enter")
    wait_for_kernel(editor, "cut.clips[0].transform.scale", "0.5")
    editor.get_by_role("spinbutton", name="Opacity").fill("25")
    editor.get_by_role("spinbutton", name="Gain").fill("-6")
    wait_for_kernel(editor, "cut.clips[0].transform.opacity", "0.25")
    editor.get_by_role("spinbutton", name="Gain").press("Enter")
    wait_for_kernel(editor, "cut.clips[0].gain_db", "-6.0")
    assert run_code(editor, "cut.undo(); print(cut.clips[0].gain_db)") == "0.0"
    gain = editor.get_by_role("spinbutton", name="Gain")
    editor.wait_for_function("e => e.value === '0'", arg=gain.element_handle())
    # What the edit refuses is told, and the field shows what is.
    scale.fill("-3")
    scale.press("Enter")
    editor.wait_for_selector(".tnb-notice[data-kind=problem]")
    assert run_code(editor, "print(cut.clips[0].transform.scale)") == "0.5"


def test_what_is_typed_stays_while_the_edit_changes(editor: Page) -> None:
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Enter")
    gain = editor.get_by_role("spinbutton", name="Gain")
    gain.fill("-6")
    run_code(editor, "cut.set(0, transform=tl.Transform(opacity=0.25))")
    opacity = editor.get_by_role("spinbutton", name="Opacity")
    expect(opacity).to_have_value("25", timeout=30_000)
    expect(gain).to_have_value("-6")
    gain.press("Enter")
    wait_for_kernel(editor, "cut.clips[0].gain_db", "-6.0")


def test_the_bin_takes_files_and_folders_and_gives_clips(
    editor: Page, lab: Lab
) -> None:
    def add(name: str) -> None:
        editor.get_by_role("button", name="Add media").first.click()
        path = editor.get_by_role("textbox", name="Path of a file or folder")
        path.fill(name)
        path.press("Enter")

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
    seen = "cut.editor._with_solo(cut.timeline).tracks"
    wait_for_kernel(editor, f"[t.name for t in {seen} if t.enabled]", "['V1', 'A1']")
    assert (
        run_code(editor, "print(all(t.enabled for t in cut.timeline.tracks))") == "True"
    )


def test_it_renders_with_progress_and_can_be_stopped(editor: Page, lab: Lab) -> None:
    editor.get_by_role("textbox", name="Path of the film").fill("made.mp4")
    editor.locator("[data-testid=render]").click()
    editor.wait_for_selector("[data-testid=rendered]:has-text('made.mp4 is ready')")
    assert (lab.folder / "made.mp4").stat().st_size > 10_000
    shown = run_code(editor, "m = tl.open('made.mp4'); print(len(m.index), m.size)")
    assert shown == "100 (640, 360)"
    # A second one, stopped at once, leaves the first film as it was.
    digest = (lab.folder / "made.mp4").read_bytes()
    run_code(editor, "for _ in range(20): cut.append(film.clip())")
    editor.locator("[data-testid=render]").click()
    editor.wait_for_selector("[data-testid=render]:has-text('Cancel')")
    editor.locator("[data-testid=render]").click()
    editor.wait_for_selector("[data-testid=rendered]:has-text('Canceled')")
    assert (lab.folder / "made.mp4").read_bytes() == digest
    editor.get_by_role("textbox", name="Path of the film").fill("no/folder/made.mp4")
    editor.locator("[data-testid=render]").click()
    editor.wait_for_selector(".tnb-notice:has-text('there is no folder')")


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
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Enter")
    editor.wait_for_selector(".tnb-field")
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
    assert editor.evaluate("() => document.activeElement.closest('.tnb')") is None


def test_the_inspector_puts_on_effects_keyframes_and_transitions(editor: Page) -> None:
    canvas = editor.locator(CANVAS)
    canvas.focus()
    editor.keyboard.press("Enter")
    looks = editor.locator(".tnb-effects")
    own = looks.get_by_role("heading", name="Effects", exact=True)
    own.wait_for()
    looks.get_by_role("combobox", name="Add an effect").select_option("gaussian_blur")
    wait_for_kernel(editor, "cut.clips[0].effects[0].kind", "gaussian_blur")
    sigma = looks.get_by_role("spinbutton", name="sigma")
    sigma.fill("0.05")
    sigma.press("Enter")
    told = "cut.clips[0].effects[0]"
    wait_for_kernel(editor, f"{told}.parameters['sigma']", "0.05")
    looks.get_by_role("button", name="Add a keyframe: sigma").click()
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
    editor.wait_for_function(
        "() => document.querySelector('.tnb-effects [aria-label=sigma]').value == 0.025"
    )
    # What is out of range is told, and nothing changes.
    sigma.fill("7")
    sigma.press("Enter")
    editor.wait_for_selector(".tnb-notice[data-kind=problem]:has-text('sigma')")
    looks.get_by_role("button", name="Remove gaussian blur").click()
    wait_for_kernel(editor, "len(cut.clips[0].effects)", "0")

    canvas.focus()
    editor.keyboard.press("End")
    editor.keyboard.press("ArrowLeft")
    editor.keyboard.press("Enter")
    comes = looks.get_by_role("combobox", name="Transition in")
    comes.select_option("wipe")
    wait_for_kernel(editor, "cut.timeline.tracks[0].items[1].kind", "wipe")
    angle = looks.get_by_role("spinbutton", name="angle")
    angle.fill("90")
    angle.press("Enter")
    wait_for_kernel(
        editor, "cut.timeline.tracks[0].items[1].parameters", "{'angle': 90.0}"
    )
    comes.select_option("")
    wait_for_kernel(editor, "len(cut.timeline.tracks[0].items)", "2")


def test_the_inspector_adds_templates_with_sample_texts(editor: Page) -> None:
    editor.locator(CANVAS).focus()
    editor.keyboard.press("Escape")
    looks = editor.locator(".tnb-effects")
    looks.get_by_role("heading", name="Effects on the whole timeline").wait_for()
    make = looks.get_by_role("combobox", name="Add a title or generator")
    make.select_option("lower_third_bar")
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
    run_code(editor, "cut.editor.playhead = 0.48")
    editor.wait_for_function(f"() => ({level})() > 0.8")


def test_an_effect_of_a_plugin_is_used_and_missed(editor: Page, lab: Lab) -> None:
    effects_plugin(lab.folder / "plugin")
    install = "tl.plugins.install('plugin/org.example.test.wasm')"
    canvas = editor.locator(CANVAS)
    canvas.focus()
    editor.keyboard.press("Enter")
    looks = editor.locator(".tnb-effects")
    looks.get_by_role("heading", name="Effects", exact=True).wait_for()
    # It comes into the list of an editor that is open.
    run_code(editor, install)
    add = looks.get_by_role("combobox", name="Add an effect")
    group = add.locator("optgroup[label='Test effects']")
    expect(group.locator("option")).to_have_text(
        ["brighten", "crash", "hang", "tint", "veil"]
    )
    add.select_option("org.example.test/brighten")
    own = "cut.clips[0].effects[0]"
    wait_for_kernel(editor, f"{own}.kind", "org.example.test/brighten")
    amount = looks.get_by_role("spinbutton", name="amount")
    expect(amount).to_have_attribute("max", "255")
    amount.fill("70")
    amount.press("Enter")
    wait_for_kernel(editor, f"{own}.parameters['amount']", "70.0")
    run_code(editor, "tl.plugins.remove('org.example.test')")
    problem = looks.locator(".tnb-problem")
    expect(problem).to_contain_text("plugin 'org.example.test'")
    expect(problem).to_contain_text("is not installed")
    expect(editor.locator(".tnb-notice:visible")).to_contain_text("Shown without")
    expect(group).to_have_count(0)
    run_code(editor, install)
    expect(amount).to_have_value("70")
    run_code(editor, "tl.plugins.remove('org.example.test')")
