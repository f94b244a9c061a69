// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { FileSound } from "./clock";

/** The audio element that a sound makes, which plays or does not. */
function makeSound(plays: boolean) {
  let audio = document.createElement("audio");
  const make = document.createElement.bind(document);
  const spy = vi.spyOn(document, "createElement");
  spy.mockImplementation(((name: string) => {
    const made = make(name);
    if (name === "audio") {
      audio = made as HTMLAudioElement;
      audio.play = plays
        ? async () => undefined
        : () => Promise.reject(new Error("no"));
      audio.pause = vi.fn();
      audio.load = vi.fn();
    }
    return made;
  }) as typeof document.createElement);
  const failed = vi.fn();
  const sound = new FileSound("http://here/film.mp4", 0.5, failed);
  spy.mockRestore();
  return { sound, audio, failed };
}

describe("the sound of a file beside single frames", () => {
  it("sets their time by what is heard", () => {
    const { sound, audio } = makeSound(true);
    sound.start(3);
    expect(audio.src).toBe("http://here/film.mp4");
    expect(audio.volume).toBe(0.5);
    expect(sound.elapsedS).toBe(0);
    audio.currentTime = 4.5;
    expect(sound.elapsedS).toBe(1.5);
  });

  it("says that it cannot be had, and after its end nothing more", async () => {
    const { sound, audio, failed } = makeSound(false);
    sound.start(0);
    await Promise.resolve();
    await Promise.resolve();
    expect(failed).toHaveBeenCalledOnce();
    sound.stop();
    audio.dispatchEvent(new Event("error"));
    expect(failed).toHaveBeenCalledOnce();
    expect(audio.getAttribute("src")).toBeNull();
  });
});
