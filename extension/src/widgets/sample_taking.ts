/** Samples that are dropped on a song: the kernel fetches them and puts them into the document. */

import { tell, type Message, type SongModel } from "./model.js";

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** Asks the kernel over the comm of the song's widget; gives what puts one sample. */
export function sampleTaking(
  model: SongModel,
  signal: AbortSignal,
): (sample: string, stem: string | null, tick: number) => Promise<void> {
  const waiting = new Map<number, Waiting>();
  const heard = ({ taken, error }: Message): void => {
    const asked = waiting.get(taken ?? -1);
    waiting.delete(taken ?? -1);
    if (error === undefined) asked?.resolve();
    else asked?.reject(new Error(error));
  };
  model.on("msg:custom", heard);
  signal.addEventListener("abort", () => {
    model.off("msg:custom", heard);
    for (const { reject } of waiting.values()) reject(new Error("its view was closed"));
  });
  let count = 0;
  return (sample, stem, tick) => {
    count += 1;
    const id = count;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      tell(() => model.send({ take: [sample, stem, tick], id }));
    });
  };
}
