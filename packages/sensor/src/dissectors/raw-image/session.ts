import { DETACH, type Side, type StreamSession } from '../../dissector.ts';
import { imageInBytes } from '../../firmware/image.ts';
import { IMAGE_HEAD } from '../../firmware/limits.ts';

/** Tells the image once and leaves the rest alone. */
export class RawImageSession implements StreamSession {
  readonly #found: (image: string, from: Side) => void;

  constructor(found: (image: string, from: Side) => void) {
    this.#found = found;
  }

  /** The first bytes may come again in the pieces in which they arrived, so that they are waited for. */
  onData(from: Side, bytes: Uint8Array): number {
    const image = imageInBytes(bytes);
    if (image === null) return bytes.length < IMAGE_HEAD ? 0 : DETACH;
    this.#found(image, from);
    return DETACH;
  }
}
