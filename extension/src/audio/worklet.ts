/** The AudioWorklet: hands the engine's blocks to the browser. Runs alone on the audio thread. */

import { AudioThread } from "./audio_thread.js";
import type { EngineOptions, ToEngine } from "./messages.js";
import { PROCESSOR } from "./messages.js";

/** The scope of a worklet, which TypeScript's DOM library leaves out. */
declare const currentFrame: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { readonly processorOptions: EngineOptions }) => AudioWorkletProcessor,
): void;

class EngineProcessor extends AudioWorkletProcessor {
  readonly #thread: AudioThread;

  constructor(options: { readonly processorOptions: EngineOptions }) {
    super();
    this.#thread = new AudioThread(options.processorOptions, (message) => {
      this.port.postMessage(message);
    });
    this.port.onmessage = (event: MessageEvent<ToEngine>) => this.#thread.receive(event.data);
  }

  process(_inputs: unknown, outputs: readonly (readonly Float32Array[])[]): boolean {
    const [left, right] = outputs[0] ?? [];
    if (left && right) this.#thread.process(left, right, currentFrame);
    return true;
  }
}

registerProcessor(PROCESSOR, EngineProcessor);
