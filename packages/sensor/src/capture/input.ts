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

  /** Puts a chunk behind what is left. The chunk itself is used where nothing is left. */
  push(chunk: Uint8Array): void {
    if (this.available === 0) this.#use(chunk);
    else this.#append(chunk);
  }

  /** Keeps what is left apart from the chunk it came in, whose owner may use its memory again. */
  settle(): void {
    if (this.available > 0 && !this.#inRoom()) this.#compact(this.available);
  }

  #use(chunk: Uint8Array): void {
    this.#base += this.at;
    this.at = 0;
    // A plain array, where a Buffer came: its views are cheaper to make.
    this.#show(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
  }

  #append(chunk: Uint8Array): void {
    const end = this.bytes.length;
    const needed = this.available + chunk.length;
    if (!this.#inRoom() || end + chunk.length > this.#room.length) this.#compact(needed);
    const length = this.bytes.length;
    this.#room.set(chunk, length);
    this.#show(this.#room.subarray(0, length + chunk.length));
  }

  /** Moves what is left to the start of the room, which holds at least `needed` bytes then. */
  #compact(needed: number): void {
    const rest = this.bytes.subarray(this.at);
    if (needed > this.#room.length) this.#room = new Uint8Array(needed * 2);
    this.#room.set(rest);
    this.#base += this.at;
    this.at = 0;
    this.#show(this.#room.subarray(0, rest.length));
  }

  #show(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #inRoom(): boolean {
    return this.bytes.buffer === this.#room.buffer;
  }
}
