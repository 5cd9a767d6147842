/** What the browser test of playing together does in a page: sits in a room, and keeps its sound. */

import type { TapBlock } from "../../src/audio/messages.js";
import { page } from "../../src/audio/page.js";
import { ReplicaSongStore } from "../../src/crdt/song_store.js";
import { Replica } from "../../src/crdt/replica.js";
import { joinRoom } from "../../src/rooms/join.js";
import type { Seat } from "../../src/rooms/seat.js";

const { output, player } = page();
const forever = new AbortController().signal;
const replica = new Replica();
let seat: Seat | null = null;

/** Blocks and the browser's own output times since they were last taken away. */
let blocks: TapBlock[] = [];
let times: number[] = [];
/** How far the sound was measured to be ahead, time and again. */
let drifts: number[] = [];

/** As the page's clock would be at the start of 1970: the same for all pages of a machine. */
const epoch = (at: number): number => performance.timeOrigin + at;

function look(): void {
  const { context } = output;
  if (context?.state === "running") {
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    if (contextTime > 0) times.push(contextTime, epoch(performanceTime));
  }
  const drift = seat?.transport.alignment.drift;
  if (drift !== null && drift !== undefined) drifts.push(drift);
}

function base64Of(samples: Float32Array): string {
  const whole = Int16Array.from(samples, (sample) => Math.round(sample * 32_767));
  const bytes = new Uint8Array(whole.buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

const jam = {
  sit(base: string, token: string, piece: string): void {
    seat = joinRoom({ base, token, piece, replica }, forever);
    setInterval(look, 50);
  },

  /** Where it stands; `offset` is the room's clock less the machine's, by this page's probes. */
  stands() {
    const { transport, state } = seat ?? {};
    if (transport === undefined) return null;
    const { isReady, offset, roundTrip, error, latency, drift } = transport.alignment;
    return {
      room: state, isReady, roundTrip, error, latency, drift, ...transport.state,
      offset: offset - performance.timeOrigin,
      isLeader: transport.isLeader, isFollowing: transport.isFollowing, isPlaying: player.stateOf(songId()),
    };
  },

  join: () => seat?.transport.join(),

  record(): void {
    output.tap((message) => {
      if (message.kind === "tap") blocks.push(message);
    }, forever);
  },

  play(region: [number, number]): void {
    seat?.transport.play({ region });
  },

  stop: () => seat?.transport.stop(),

  mute: (strip: string, muted: boolean) => seat?.transport.setMuted(strip, muted),

  setTempo(bpm: number): void {
    const gesture = new ReplicaSongStore(replica, () => undefined).gesture();
    gesture.edit.setTempo(0, { bpm, ramp: false });
    gesture.end("");
  },

  /** What was heard since it was last taken: blocks by the context's frame, and output times. */
  take() {
    const taken = {
      blocks: blocks.map(({ context, left }) => [context, base64Of(left)] as const), times, drifts,
    };
    [blocks, times, drifts] = [[], [], []];
    return taken;
  },
};

function songId(): string {
  return replica.isEmpty ? "" : replica.reader.song().id;
}

Object.assign(globalThis, { jam });
