/** Opens the browser's sound: a context, the engine in its worklet, and the listener's volume. */

import { SAMPLE_RATE } from "./engine.js";
import { REASONS, SoundError } from "./failure.js";
import type { EngineOptions, FromEngine, ToEngine } from "./messages.js";
import { PROCESSOR } from "./messages.js";

/** The two things a worklet is made of: its script, and the engine's bytes, deflated. */
export interface EngineSource {
  readonly script: string;
  readonly packed: Uint8Array<ArrayBuffer>;
}

/** An open engine: messages go in by `send` and come back to `received`. */
export interface Sound {
  send(message: ToEngine): void;
  setVolume(volume: number): void;
  /** Takes the engine off the loudspeaker for good. */
  close(): void;
}

/** A context at the engine's rate. Throws `SoundError` where this page can have none. */
export function openContext(): AudioContext {
  if (!globalThis.isSecureContext) throw new SoundError(REASONS.insecure);
  if (typeof AudioContext === "undefined") throw new SoundError(REASONS.unsupported);
  const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: "interactive" });
  if (context.sampleRate !== SAMPLE_RATE) throw new SoundError(REASONS.rate);
  return context;
}

/** The engine's node in any context, its script loaded from memory. */
export async function engineNode(
  context: BaseAudioContext,
  source: EngineSource,
  start?: EngineOptions["start"],
): Promise<AudioWorkletNode> {
  if (!context.audioWorklet) throw new SoundError(REASONS.unsupported);
  const url = URL.createObjectURL(new Blob([source.script], { type: "text/javascript" }));
  const unpacking = unpacked(source.packed);
  try {
    await Promise.all([context.audioWorklet.addModule(url), unpacking]);
  } finally {
    URL.revokeObjectURL(url);
  }
  const processorOptions: EngineOptions = { wasm: await unpacking, ...(start && { start }) };
  return new AudioWorkletNode(context, PROCESSOR, {
    numberOfInputs: 0,
    outputChannelCount: [2],
    processorOptions,
  });
}

async function unpacked(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(whole).arrayBuffer());
}

/** Opens the engine in a context; resolves when it is ready to take a loop. */
export async function openSound(
  context: AudioContext,
  source: EngineSource,
  received: (message: FromEngine) => void,
): Promise<Sound> {
  const node = await engineNode(context, source);
  await ready(node);
  node.port.onmessage = (event: MessageEvent<FromEngine>) => received(event.data);
  const volume = new GainNode(context);
  node.connect(volume).connect(context.destination);
  return {
    send: (message) => node.port.postMessage(message),
    setVolume: (value) => volume.gain.setTargetAtTime(value, context.currentTime, 0.01),
    close: () => {
      node.port.onmessage = null;
      node.disconnect();
      volume.disconnect();
    },
  };
}

/** Waits until the engine has been compiled on the audio thread. */
export function ready(node: AudioWorkletNode): Promise<void> {
  return new Promise((resolve, reject) => {
    node.onprocessorerror = () => reject(new Error("the audio worklet did not start"));
    node.port.onmessage = (event: MessageEvent<FromEngine>) => {
      const message = event.data;
      if (message instanceof Float64Array) return;
      if (message.kind === "fault") reject(new Error(message.message));
      else if (message.kind === "refused") reject(new SoundError(REASONS.mismatch));
      else resolve();
    };
  });
}
