/** What is selected on the picture, how it is drawn, and how it is changed. */

import { isGone } from "../channel";
import type { WidgetContext } from "../context";
import { t } from "../i18n";
import type { PlayerView } from "../player/view";
import type { StageLayer } from "../protocol";
import { h } from "../ui/dom";
import { changedLayer, nudge, requestOf } from "./change";
import { Drafts, type StageChange } from "./drafts";
import { type Change, hasChanged, type StageDrag } from "./drag";
import { makeDrawing } from "./draw";
import { each, type Point } from "./geometry";
import { handlesOf, type Mode, modeOf, outline } from "./handles";
import { labelOf } from "./label";
import { Scene } from "./scene";
import type { Lines } from "./snap";
import { TextEditor } from "./textEditor";

// Presses of a key within this time are one step.
const NUDGE_MS = 350;
const NO_GUIDES: Lines = { x: [], y: [] };

export class Stage {
  readonly element = h("div", {
    class: "tnb-stage",
    role: "group",
    tabindex: "0",
    "aria-label": t("Clips on the picture"),
    "data-testid": "stage",
  });
  readonly scene: Scene;
  readonly drafts: Drafts;
  readonly editor: TextEditor;
  snaps = true;
  guideDrag: { follow(guides: Lines): void } | undefined;
  hover: StageLayer | undefined;
  drag: StageDrag | undefined;
  #context: WidgetContext;
  #player: PlayerView;
  #drawing = makeDrawing();
  #label = h("output", { class: "tnb-stage-label", hidden: true });
  #spoken = h("span", { class: "tnb-spoken", "aria-live": "polite" });
  #mode: Mode = "none";
  #showsGuides = false;
  #showsRulers = false;
  #ownGuides: Lines = NO_GUIDES;
  // Steps of the arrow keys that are not sent yet.
  #nudged: Point = [0, 0];
  #nudgeTimer = 0;
  /** The item whose text is edited once it is on the picture. */
  #awaited = "";

  constructor(context: WidgetContext, player: PlayerView) {
    this.#context = context;
    this.#player = player;
    const { channel } = context;
    channel.on("guides", ({ x, y }) => {
      // What is dragged here is ahead.
      if (this.guideDrag) this.guideDrag.follow({ x, y });
      else this.ownGuides = { x, y };
    });
    this.scene = new Scene(channel, player.engine, () => this.#onLayers());
    const width = () => this.element.clientWidth * (window.devicePixelRatio || 1);
    this.drafts = new Drafts(channel, width, (layers, problem) => {
      if (problem) context.notice.problem(new Error(problem));
      else this.editor.follow(layers);
      this.draw();
    });
    this.editor = new TextEditor(channel, this.drafts, {
      element: this.element,
      scale: () => this.scale,
      frame: () => this.scene.frame,
      finish: (change) => {
        if (change) void this.make(change);
        else this.drafts.clear();
        this.element.focus({ preventScroll: true });
        this.draw();
      },
    });
    this.element.append(
      this.drafts.canvas,
      this.#drawing.element,
      this.#label,
      this.#spoken,
    );
  }

  /** Page pixels a pixel of the picture. */
  get scale(): number {
    return this.element.clientWidth / Math.max(1, this.scene.size[0]) || 1;
  }

  get mode(): Mode {
    return this.#mode;
  }

  set mode(mode: Mode) {
    this.#mode = mode;
    this.draw();
  }

  get showsGuides(): boolean {
    return this.#showsGuides;
  }

  set showsGuides(shows: boolean) {
    this.#showsGuides = shows;
    this.draw();
  }

  get showsRulers(): boolean {
    return this.#showsRulers;
  }

  set showsRulers(shows: boolean) {
    this.#showsRulers = shows;
    this.draw();
  }

  /** The guides that were pulled out of the rulers; seen and met while those show. */
  get ownGuides(): Lines {
    return this.#showsRulers ? this.#ownGuides : NO_GUIDES;
  }

  set ownGuides(guides: Lines) {
    this.#ownGuides = guides;
    this.element.dataset.guides = JSON.stringify(guides);
    this.draw();
  }

  /** Have the project keep the guides as they lie now. */
  keepGuides(): void {
    const { x, y } = this.#ownGuides;
    const { channel, notice } = this.#context;
    channel.request({ kind: "setGuides", x, y }).catch(notice.problem);
  }

  /** The selected layer, if it is on the picture. */
  get selected(): StageLayer | undefined {
    return [...this.scene.layers].reverse().find((layer) => this.isSelected(layer));
  }

  select(layer: StageLayer | undefined): void {
    const { model } = this.#context;
    model.set("selection", layer ? [layer.item] : []);
    model.save_changes();
    this.#spoken.textContent = layer
      ? t("{name} is selected", { name: layer.name })
      : "";
    this.draw();
  }

  /** Select the next layer from the top; returns whether there was one. */
  selectNext(step: 1 | -1): boolean {
    const { layers } = this.scene;
    const now = layers.findIndex(({ item }) => item === this.selected?.item);
    const next = now < 0 ? (step > 0 ? layers.length - 1 : 0) : now - step;
    const layer = layers[next];
    if (layer) this.select(layer);
    return layer !== undefined;
  }

  /** Edit a text of the selection, now or as soon as it is on the picture. */
  editText(item: string): void {
    this.#awaited = item;
    this.#editAwaited();
  }

  #editAwaited(): void {
    const layer = this.#awaited ? this.scene.layer(this.#awaited) : undefined;
    if (!layer?.text) return;
    this.#awaited = "";
    this.editor.open(layer);
    this.draw();
  }

  /** Show a frame of the player. */
  show(frame: number): void {
    this.drafts.shown(this.#player.engine.source.view.version);
    // Who plays writes no more: no text opens where playback ends some day.
    if (this.#player.engine.playing) this.#awaited = "";
    if (this.editor.layer && frame !== this.scene.frame) this.editor.commit();
    this.scene.show(frame);
  }

  /** Make a change, one step of the history; its draft is seen until it is shown. */
  async make(change: StageChange): Promise<void> {
    this.drafts.keepUntilNext(this.#player.engine.source.view.version);
    try {
      await this.#context.channel.request(change);
    } catch (problem) {
      this.drafts.clear();
      this.scene.refresh();
      if (!isGone(problem)) this.#context.notice.problem(problem);
    }
    this.draw();
  }

  /** Show what a drag has come to: its outline at once, its picture when drawn. */
  preview(drag: StageDrag, pointer: Point): void {
    this.drag = drag;
    this.tell(labelOf(drag), pointer);
    this.drafts.show(requestOf(drag.layer, this.scene.frame, drag.change));
    this.draw();
  }

  /** Show numbers at the pointer; none if they are empty. */
  tell(numbers: string, pointer: Point): void {
    const { clientWidth, clientHeight } = this.element;
    this.#label.hidden = !numbers;
    this.#label.textContent = numbers;
    const x = Math.min(pointer[0] + 14, clientWidth - this.#label.offsetWidth - 4);
    const y = Math.min(pointer[1] + 16, clientHeight - this.#label.offsetHeight - 4);
    this.#label.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`;
  }

  /** The selection is another one: what is dragged may be gone, and is not asked for. */
  onSelection(): void {
    if (this.drag && !this.isSelected(this.drag.layer)) this.drop(false);
    if (!this.#isItemSelected(this.#awaited)) this.#awaited = "";
    this.draw();
  }

  isSelected({ item }: StageLayer): boolean {
    return this.#isItemSelected(item);
  }

  #isItemSelected(item: string): boolean {
    return ((this.#context.model.get("selection") as readonly string[]) ?? []).includes(
      item,
    );
  }

  /** End a drag: make what it has come to, or nothing. */
  drop(keeps: boolean): void {
    const drag = this.drag;
    this.drag = undefined;
    this.#label.hidden = true;
    if (drag && keeps && hasChanged(drag)) {
      this.#expect(drag.layer, drag.change);
      void this.make(requestOf(drag.layer, this.scene.frame, drag.change));
    } else {
      this.drafts.clear();
    }
    this.draw();
  }

  /** Move the selected layer by pixels of the picture; quick steps are one. */
  nudge(dx: number, dy: number): void {
    const layer = this.selected;
    if (!layer || modeOf(layer, this.#mode) !== "transform") return;
    this.#nudged = [this.#nudged[0] + dx, this.#nudged[1] + dy];
    const [x, y] = this.#nudged;
    const change = requestOf(layer, this.scene.frame, nudge(x, y));
    this.drafts.show(change);
    this.draw();
    window.clearTimeout(this.#nudgeTimer);
    this.#nudgeTimer = window.setTimeout(() => {
      this.#nudged = [0, 0];
      this.#expect(layer, nudge(x, y));
      void this.make(change);
    }, NUDGE_MS);
  }

  draw(): void {
    const edited = this.editor.layer;
    const layer = edited ?? this.selected;
    const drag = this.drag;
    const mode = layer ? modeOf(layer, this.#mode) : "none";
    const [dx, dy] = this.#nudged;
    const corners = drag?.corners ?? (layer && outline(layer, mode));
    const handles =
      layer && !drag && !edited && !dx && !dy
        ? handlesOf(layer, mode, 1 / this.scale, this.scene.size)
        : [];
    this.#drawing.draw({
      scale: this.scale,
      size: this.scene.size,
      corners: corners && each(corners, ([x, y]) => [x + dx, y + dy]),
      hover:
        this.hover && this.hover.item !== layer?.item && !drag
          ? this.hover.corners
          : undefined,
      handles,
      guideX: drag?.guideX,
      guideY: drag?.guideY,
      showsGuides: this.#showsGuides,
      showsRulers: this.#showsRulers,
      ownGuides: this.ownGuides,
      isLocked: layer?.locked ?? false,
    });
    this.element.dataset.mode = mode;
    this.element.dataset.selected = layer?.item ?? "";
    this.element.dataset.frame = String(this.scene.frame);
  }

  close(): void {
    window.clearTimeout(this.#nudgeTimer);
    this.drafts.close();
    this.scene.close();
  }

  /** Have the next drag begin where this change ends. */
  #expect(layer: StageLayer, change: Change): void {
    const { layers } = this.scene;
    const next = changedLayer(layer, change);
    this.scene.set(layers.map((one) => (one.item === layer.item ? next : one)));
  }

  #onLayers(): void {
    if (this.hover) this.hover = this.scene.layer(this.hover.item);
    this.editor.follow(this.scene.layers);
    this.#editAwaited();
    this.draw();
    this.element.dataset.layers = String(this.scene.layers.length);
  }
}
