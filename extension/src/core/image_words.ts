/** A growing row of little-endian words of four bytes. */

export class Words {
  #bytes = new DataView(new ArrayBuffer(1 << 14));
  #length = 0;

  int(value: number): void {
    this.#room();
    this.#bytes.setInt32(this.#length, value, true);
    this.#length += 4;
  }

  float(value: number): void {
    this.#room();
    this.#bytes.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  /** The words so far; a copy. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer.slice(0, this.#length));
  }

  #room(): void {
    if (this.#length + 4 <= this.#bytes.byteLength) return;
    const larger = new Uint8Array(this.#bytes.byteLength * 2);
    larger.set(new Uint8Array(this.#bytes.buffer));
    this.#bytes = new DataView(larger.buffer);
  }
}
