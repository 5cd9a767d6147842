/** What the bundler makes of imports that are no modules. */

declare module "*.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

declare module "*?text" {
  const text: string;
  export default text;
}

declare module "*?packed" {
  /** The file's bytes, deflated. */
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
