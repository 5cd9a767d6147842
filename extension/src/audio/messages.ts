/** What the page and the engine on the audio thread say to each other. */

/** A score image, played round and round or once. */
interface Score {
  readonly image: Uint8Array;
  readonly looping: boolean;
}

/** To the audio thread. `run` comes back in the reports of what this start plays. */
export type ToEngine =
  /** From silence, at the start of the loop; what sounds fades out first. */
  | ({ readonly kind: "start"; readonly run: number } & Score)
  /** A newer image of what plays, heard from the position onward. */
  | { readonly kind: "change"; readonly image: Uint8Array }
  /** One pass of this image at once, beside what still rings. */
  | { readonly kind: "audition"; readonly image: Uint8Array }
  | { readonly kind: "seek"; readonly tick: number }
  /** Releases all voices; tails ring. */
  | { readonly kind: "stop" }
  /** Whether blocks of the engine's own samples are sent back. */
  | { readonly kind: "tap"; readonly on: boolean };

/** Where sound failed: the engine could not be opened, or broke while it played. */
export type FaultStage = "compile" | "render";

/** A run of the engine's own samples; `frame` counts from the last start. */
export interface TapBlock {
  readonly kind: "tap";
  readonly frame: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** A newer image was taken, `frame` frames after the last start; told while the tap is on. */
export interface TapMark {
  readonly kind: "changed";
  readonly frame: number;
}

/** From the audio thread. A bare `Float64Array` is a report, laid out as `REPORT`. */
export type FromEngine =
  | Float64Array
  | TapBlock
  | TapMark
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly code: number; readonly live: boolean }
  | { readonly kind: "fault"; readonly stage: FaultStage; readonly message: string };

/** Places in a report. `frame` is the context's, at the end of the block just made. */
export const REPORT = {
  frame: 0,
  tick: 1,
  pass: 2,
  ticksPerFrame: 3,
  loopTicks: 4,
  run: 5,
  peaks: 6,
} as const;

/** Strips that a report has peaks of: the master and 32 rows. */
export const MOST_STRIPS = 33;

/** What the worklet node is made with. `start` is there where no message can come in time. */
export interface EngineOptions {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly start?: Score;
}

/** The name under which the processor is registered. */
export const PROCESSOR = "cellissimo-engine";
