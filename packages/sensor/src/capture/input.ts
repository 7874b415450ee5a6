/** The bytes of a capture that are here but not parsed yet, and where in the file they stand. */
export class Input {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  /** First byte not parsed yet. */
  at = 0;
  /** Offset of `bytes[0]` in the uncompressed file. */
  #base = 0;

  /** Offset in the uncompressed file of what is parsed next. */
  get offset(): number {
    return this.#base + this.at;
  }

  get available(): number {
    return this.bytes.length - this.at;
  }

  /** Puts a chunk behind what is left. The chunk itself is used where nothing is left, so its owner must not change it. */
  push(chunk: Uint8Array): void {
    const rest = this.bytes.subarray(this.at);
    this.#base += this.at;
    this.at = 0;
    if (rest.length === 0) this.bytes = chunk;
    else this.bytes = joined(rest, chunk);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const all = new Uint8Array(left.length + right.length);
  all.set(left);
  all.set(right, left.length);
  return all;
}
