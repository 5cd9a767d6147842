/** Renders a score image without playing it, by the same worklet that plays it live. */

import { SAMPLE_RATE } from "./engine.js";
import type { FromEngine } from "./messages.js";
import type { EngineSource } from "./sound.js";
import { engineNode, ready } from "./sound.js";

/** What to render: one pass with its tail, or round and round; `audio` by its number and page. */
export interface OfflineRequest {
  readonly image: Uint8Array;
  readonly frames: number;
  readonly looping: boolean;
  readonly audio?: readonly (readonly Float32Array[])[];
}

/** The engine's samples, left and right, `frames` of each, at 48 000 Hz. */
export async function renderOffline(
  source: EngineSource,
  request: OfflineRequest,
): Promise<readonly [Float32Array, Float32Array]> {
  const { image, frames, looping, audio = [] } = request;
  const context = new OfflineAudioContext(2, frames, SAMPLE_RATE);
  const node = await engineNode(context, source, { image, looping, audio });
  await ready(node);
  const failure = new Promise<never>((_, reject) => {
    node.port.onmessage = (event: MessageEvent<FromEngine>) => {
      const message = event.data;
      if (!(message instanceof Float64Array) && message.kind === "fault") {
        reject(new Error(`the sound engine broke while it rendered: ${message.message}`));
      }
    };
  });
  node.connect(context.destination);
  const buffer = await Promise.race([context.startRendering(), failure]);
  return [buffer.getChannelData(0), buffer.getChannelData(1)];
}
