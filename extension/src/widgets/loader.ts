/**
 * The `_esm` that every widget carries: fetches the one bundle of the page, from the Jupyter
 * server's lab extension or, where there is none, from the kernel over the comm.
 */

import type { AnyModel, Bundle, Connection, Held } from "./model.js";

type AnyHeld = Held<{ readonly kind: string }>;

const KEY = Symbol.for("cellissimo.bundles");
type Bundles = Map<string, Promise<Bundle>>;
const shared = globalThis as { [KEY]?: Bundles };
const bundles: Bundles = (shared[KEY] ??= new Map<string, Promise<Bundle>>());

function fetched(model: AnyModel, name: string): Promise<Bundle> {
  return fromServer(name).catch(() => fromKernel(model));
}

async function fromServer(name: string): Promise<Bundle> {
  const config = document.getElementById("jupyter-config-data")?.textContent;
  if (config == null) throw new Error("no Jupyter server");
  const page = JSON.parse(config) as { baseUrl?: string; fullLabextensionsUrl?: string };
  const folder = page.fullLabextensionsUrl ?? `${page.baseUrl ?? "/"}lab/extensions`;
  // Absolute, because this module is a blob, against which no path can be resolved.
  const url = new URL(`${folder}/@cellissimo/lab/static/${name}`, document.baseURI);
  return (await import(url.href)) as Bundle;
}

function fromKernel(model: AnyModel): Promise<Bundle> {
  return new Promise((resolve, reject) => {
    const heard = (message: { kind: string }, buffers: DataView[]): void => {
      const [bytes] = buffers;
      if (message.kind !== "bundle" || bytes === undefined) return;
      model.off("msg:custom", heard);
      const blob = new Blob([bytes as DataView<ArrayBuffer>], { type: "text/javascript" });
      const url = URL.createObjectURL(blob);
      import(url).then((bundle) => resolve(bundle as Bundle), reject);
    };
    model.on("msg:custom", heard);
    model.send({ kind: "bundle" });
  });
}

export default (): object => {
  let connection: Promise<Connection>;
  return {
    initialize({ model, signal }: { model: AnyModel; signal: AbortSignal }): void {
      const held: AnyHeld[] = [];
      const hold = (...message: AnyHeld): number => held.push(message);
      model.on("msg:custom", hold);
      const name = model.get("_bundle");
      if (!bundles.has(name)) bundles.set(name, fetched(model, name));
      connection = (bundles.get(name) as Promise<Bundle>).then((bundle) => {
        model.off("msg:custom", hold);
        return bundle.connect(model, held, signal);
      });
      connection.catch(() => bundles.delete(name));
    },
    async render({ el, signal }: { el: HTMLElement; signal: AbortSignal }): Promise<void> {
      (await connection).render(el, signal);
    },
  };
};
