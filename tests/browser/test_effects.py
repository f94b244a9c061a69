"""The inspector and the effects browser, on the page without Jupyter."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from browser.alone_page import enter, in_step, own_copy
from browser.lab import wait_until_still
from media_factory import Recipe, make
from playwright.sync_api import Locator, Page, expect
from server.scene import Site, alone

import timeline_nb as tl

Modifier: TypeAlias = Literal["Alt", "Control", "ControlOrMeta", "Meta", "Shift"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("effects")
    make(folder, Recipe("film.mp4", frames=250, size=(640, 360), clicks=True))
    (folder / "Warm.cube").write_text(
        "LUT_3D_SIZE 2\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 0\n1 0 0\n0 1 0\n1 1 0\n"
    )
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        cut = tl.Edit("cut", rate=25, size=(640, 360), studio=studio)
        film = tl.open(folder / "film.mp4", studio=studio)
        cut.append(film.clip("1s", "5s"))
        cut.append(film.clip("6s", "9s"))
        cut.save(folder / "cut.tlp")
    return folder


@pytest.fixture
def name(site: Site, folder: Path, request: pytest.FixtureRequest) -> str:
    """The project of a test; what a first try has kept for all projects is gone."""
    site.run("studio.presets.remove('Dark corners')")
    site.run(
        "[studio.favorite_effects.set(n, is_favorite=False)"
        " for n in list(studio.favorite_effects.all())]"
    )
    return own_copy(folder, "cut.tlp", request.node.name)


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    # Presets and favorites are kept in the data folder.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder / ".data"))
        with alone(folder) as site:
            yield site


def _open(page: Page, site: Site, name: str) -> None:
    page.set_viewport_size({"width": 1600, "height": 1000})
    enter(page, site, name)
    page.wait_for_selector("canvas[data-testid=timeline][data-duration='7']")
    wait_until_still(page)


def _select(page: Page, at_s: float, *modifiers: Modifier) -> None:
    """Press the clip at a time on V1: the whole edit of seven seconds fits."""
    canvas = page.locator("[data-testid=timeline] canvas, canvas[data-testid=timeline]")
    box = canvas.first.bounding_box()
    assert box is not None
    canvas.first.click(
        position={"x": at_s * box["width"] / 7.5, "y": 50}, modifiers=list(modifiers)
    )
    chosen = page.locator("[data-testid=items] [role=option][aria-selected=true]")
    first = "00:00:00:00" if at_s < 4 else "00:00:04:00"
    expect(chosen.last).to_contain_text(f"{first} to")
    page.wait_for_selector(".tnb-clip-name:visible")


def _field(page: Page, name: str) -> Locator:
    return page.locator(f".tnb-inspector [data-field='{name}']").first


def _type(page: Page, name: str, text: str) -> None:
    field = _field(page, name)
    field.fill(text)
    field.press("Enter")


def _shows(page: Page, name: str, text: str) -> None:
    page.wait_for_function(
        "([name, text]) => document.querySelector("
        "`.tnb-inspector [data-field='${name}']`)?.value === text",
        arg=[name, text],
    )


def _search(page: Page, text: str) -> Locator:
    """Search the browser, and return the first tile."""
    page.click(".tnb-inspector >> text=Add effect…")
    page.fill("[aria-label='Search effects']", text)
    return page.locator(".tnb-effects-browser .tnb-tile").first


def _add(page: Page, text: str, kind: str) -> None:
    tile = _search(page, text)
    page.wait_for_selector(f"[data-tile$=':{kind}']")
    tile.dblclick()
    page.wait_for_selector(f".tnb-inspector [data-effect='{kind}']")


def _saved(page: Page, folder: Path, name: str) -> tl.Edit:
    page.keyboard.press("Control+s")
    page.wait_for_selector(f"[data-testid=status]:text('{name} is saved')")
    with tl.open_studio(tl.Settings(roots=(folder,))) as studio:
        return tl.load(folder / name, studio=studio)


@pytest.mark.browser
def test_fields_take_numbers_in_every_way(
    page: Page, site: Site, folder: Path, name: str
) -> None:
    _open(page, site, name)
    _select(page, 1)
    _type(page, "scale", "300/2")
    _shows(page, "scale", "150")
    # A drag of 20 px is 20 %, and one step; Shift is ten times as much.
    label = page.locator(".tnb-name.tnb-scrubbable:text-is('Scale')")
    in_step(page, site, name)
    wait_until_still(page)
    box = label.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 25, box["y"] + 5, steps=4)
    page.mouse.up()
    _shows(page, "scale", "170")
    page.locator("[data-group=transform] .tnb-group-toggle").focus()
    page.keyboard.press("Control+z")
    _shows(page, "scale", "150")
    _type(page, "fadeInS", "0:12")
    _shows(page, "fadeInS", "0:00:12")
    _type(page, "rotationDeg", "nonsense")
    _shows(page, "rotationDeg", "0")
    _select(page, 5, "Shift")
    page.wait_for_selector("[data-field=scale][placeholder=Mixed]")
    _type(page, "opacity", "50")
    # A group stays collapsed, on the next page, too.
    page.click("[data-group=composite] .tnb-group-toggle")
    clips = _saved(page, folder, name).clips
    assert [clip.transform.scale for clip in clips] == [1.5, 1.0]
    assert [clip.transform.opacity for clip in clips] == [0.5, 0.5]
    assert clips[0].fade_in == Fraction(12, 25)
    _open(page, site, name)
    _select(page, 1)
    page.wait_for_selector("[data-group=composite] [aria-expanded=false]")
    expect(page.locator("[data-field=opacity]")).to_be_hidden()


@pytest.mark.browser
def test_effects_are_found_tried_and_applied(
    page: Page, site: Site, folder: Path, name: str
) -> None:
    _open(page, site, name)
    _select(page, 1)
    expect(_search(page, "green screen")).to_contain_text("Chroma key")
    # What it makes of the clip's frame.
    page.wait_for_selector(".tnb-tile img:not([hidden])")
    page.locator(".tnb-tile").first.hover()
    page.click(".tnb-tile .tnb-star")
    page.wait_for_selector("[data-tile='picture:chroma_key'][data-favorite=true]")
    _add(page, "invert", "invert")
    _add(page, "sepia", "sepia")
    page.click(
        "[aria-label='Keyframe'], [aria-label='Add a keyframe: Amount'] >> nth=0"
    )
    page.wait_for_selector("[aria-label='Remove the keyframe: Amount']")
    # By keys, the second effect becomes the first.
    page.locator("[data-effect=sepia] .tnb-group-toggle").press("Alt+ArrowUp")
    page.wait_for_selector(".tnb-effect:first-child[data-effect=sepia]")
    effects = _saved(page, folder, name).clips[0].effects
    assert [effect.kind for effect in effects] == ["sepia", "invert"]
    page.click("[data-effect=sepia] [aria-label='Remove Sepia']", force=True)
    page.wait_for_selector("[data-effect=sepia]", state="detached")
    page.click("text=Before / after")
    page.wait_for_selector(".tnb-compare[data-shown]")
    # What is black before is white after.
    page.wait_for_function(
        """() => {
          const mean = (selector) => {
            const canvas = new OffscreenCanvas(64, 36);
            const context = canvas.getContext("2d");
            context.drawImage(document.querySelector(selector), 0, 0, 64, 36);
            const { data } = context.getImageData(0, 0, 64, 36);
            return data.reduce((sum, own, n) => sum + (n % 4 < 3 ? own : 0), 0) / 6912;
          };
          const before = mean(".tnb-before");
          const after = mean("[data-testid=picture]");
          return Math.abs(before + after - 255) < 12 && Math.abs(before - after) > 12;
        }"""
    )
    page.click("[aria-label='End the comparison']")


@pytest.mark.browser
def test_a_preset_goes_to_another_clip_and_a_lut_is_picked(
    page: Page, site: Site, folder: Path, name: str
) -> None:
    _open(page, site, name)
    _select(page, 1)
    _add(page, "vignette", "vignette")
    amount = page.locator("[data-effect=vignette] [data-field=amount]")
    amount.fill("80")
    amount.press("Enter")
    page.click(".tnb-effects-head >> text=More")
    page.click("text=Save as preset…")
    page.fill("[aria-label='Name of the preset']", "Dark corners")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")
    _select(page, 5)
    page.wait_for_selector("[data-effect=vignette]", state="detached")
    tile = _search(page, "dark corners")
    page.wait_for_selector("[data-tile='preset:Dark corners']")
    tile.press("Enter")
    page.wait_for_selector(".tnb-inspector [data-effect=vignette]")
    _add(page, "lookup table", "lut")
    page.click("text=Choose…")
    page.click(".tnb-lut-dialog .tnb-tile >> text=Warm")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-effect=lut][data-enabled=true]")
    _add(page, "curves", "curves")
    curve = page.locator(".tnb-curve")
    curve.scroll_into_view_if_needed()
    wait_until_still(page)
    box = curve.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4, steps=3)
    page.mouse.up()
    page.wait_for_selector("[data-effect=curves]")
    found = {
        effect.kind: effect for effect in _saved(page, folder, name).clips[1].effects
    }
    assert found["vignette"].parameters == {"amount": 0.8}
    assert found["lut"].parameters["path"] == str(folder / "Warm.cube")
    (_, (x, y), _) = found["curves"].parameters["master"]
    assert x == pytest.approx(0.5, abs=0.02)
    assert y > 0.7
