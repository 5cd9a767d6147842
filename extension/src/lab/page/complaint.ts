/** Says in a dialog why something could not be done. */

import { showErrorMessage } from "@jupyterlab/apputils";
import { Refusal } from "../server/refusal.js";
import { sentences } from "../words.js";

/** The answer; undefined once the reason of a refusal has been read. */
export async function complain<T>(answer: Promise<T>, title: string): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const { message, cure, commands } = Refusal.of(error);
    await showErrorMessage(title, [sentences(message, cure), commands].filter(Boolean).join("\n"));
    return undefined;
  }
}
