/** The transport of a room in which nobody plays together. */

import type { PersonalMix, SharedTransport } from "../core/shared_transport.js";

const MIX: PersonalMix = {
  muted: new Set(), soloed: new Set(), volumes: new Map(), effects: new Map(), isEmpty: true,
};

const nothing = (): void => {};

export function playAlone(): SharedTransport {
  return {
    state: { leader: null, playing: false, of: "song", tick: 0, at: 0, region: null },
    alignment: { isReady: false, offset: 0, roundTrip: 0, error: 0, latency: 0, drift: null },
    isLeader: false, mayLead: false, isFollowing: false, mix: MIX,
    subscribe: nothing, join: () => Promise.resolve(), leave: nothing, takeLead: nothing,
    passLead: nothing, play: nothing, stop: nothing, seek: nothing, setMuted: nothing,
    setSoloed: nothing, setVolume: nothing, setEffect: nothing,
  } as SharedTransport;
}
