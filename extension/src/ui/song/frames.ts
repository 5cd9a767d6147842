/** One clock of the view for all that moves while something sounds. */

import type { Meters } from "../../core/player.js";
import type { SongScene } from "./song_scene.js";

export interface Frames {
  /** Called once a frame while the song plays and can be seen, and once with null when it rests. */
  onFrame(draw: (meters: Meters | null) => void): void;
}

export function createFrames(scene: SongScene): Frames {
  const drawers: ((meters: Meters | null) => void)[] = [];
  let frame = 0;
  let isSeen = true;
  const all = (meters: Meters | null): void => {
    for (const draw of drawers) draw(meters);
  };
  const step = (): void => {
    frame = requestAnimationFrame(step);
    const meters = scene.player.meters(scene.playable().id);
    if (meters !== null) all(meters);
  };
  const watch = (): void => {
    cancelAnimationFrame(frame);
    if (scene.signal.aborted) return;
    if (scene.player.stateOf(scene.playable().id) !== "playing") all(null);
    else if (isSeen) frame = requestAnimationFrame(step);
  };
  const eye = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? true;
    watch();
  });
  eye.observe(scene.root);
  scene.player.subscribe(watch, scene.signal);
  scene.signal.addEventListener("abort", () => {
    eye.disconnect();
    cancelAnimationFrame(frame);
  });
  return { onFrame: (draw) => void drawers.push(draw) };
}
