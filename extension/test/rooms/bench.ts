/** Rooms with people in them, for tests. */

import { MemoryRoom } from "./memory_room.js";
import { Browser, Page, World } from "./world.js";

/** A room, and the browsers of two people. */
export function bench() {
  const world = new World();
  const room = new MemoryRoom(world);
  return { world, room, ada: new Browser("ada"), ben: new Browser("ben") };
}

/** Two people in one room, in step. */
export async function both() {
  const there = bench();
  const { world, room, ada, ben } = there;
  const [one, other] = [new Page(world, room, ada), new Page(world, room, ben)];
  await world.run(200);
  return { ...there, one, other };
}
