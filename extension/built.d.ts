/** What the bundler makes of imports that are not TypeScript. */

declare module "*?text" {
  /** The script, bundled on its own, as source text. */
  const source: string;
  export default source;
}

declare module "*.css" {
  const source: string;
  export default source;
}

declare module "*.svg" {
  const source: string;
  export default source;
}

declare module "*.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

declare module "*?packed" {
  /** The file's bytes, deflated. */
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
