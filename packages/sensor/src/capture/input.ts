/** The bytes of a capture that are here but not parsed yet, and where in the file they stand. */
export class Input {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  /** First byte not parsed yet. */
  at = 0;
  /** Offset of `bytes[0]` in the uncompressed file. */
  #base = 0;
  /** Room of our own for a record that spans chunks; it doubles, so that tiny chunks cost no more than large ones. */
  #room = new Uint8Array(0);

  /** Offset in the uncompressed file of what is parsed next. */
  get offset(): number {
    return this.#base + this.at;
  }

  get available(): number {
    return this.bytes.length - this.at;
  }

  /** Puts a chunk behind what is left. The chunk itself is used where nothing is left, so its owner must not change it. */
  push(chunk: Uint8Array): void {
    const rest = this.available;
    if (rest === 0) this.#use(chunk);
    else if (this.#inRoom() && this.#roomOffset() + this.bytes.length + chunk.length <= this.#room.length) {
      this.#append(chunk);
    } else this.#move(chunk, rest);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  #use(chunk: Uint8Array): void {
    this.#base += this.at;
    this.at = 0;
    this.bytes = chunk;
  }

  #append(chunk: Uint8Array): void {
    const start = this.#roomOffset();
    const end = start + this.bytes.length;
    this.#room.set(chunk, end);
    this.bytes = this.#room.subarray(start, end + chunk.length);
  }

  #move(chunk: Uint8Array, rest: number): void {
    const needed = rest + chunk.length;
    const room = new Uint8Array(needed * 2);
    room.set(this.bytes.subarray(this.at));
    room.set(chunk, rest);
    this.#room = room;
    this.#base += this.at;
    this.at = 0;
    this.bytes = room.subarray(0, needed);
  }

  #inRoom(): boolean {
    return this.bytes.buffer === this.#room.buffer;
  }

  #roomOffset(): number {
    return this.bytes.byteOffset - this.#room.byteOffset;
  }
}
