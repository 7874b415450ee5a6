import { crc32 } from 'node:zlib';

const UIMAGE_MAGIC = 0x27051956;
const HEADER_BYTES = 64;
const BODY_BYTES = 48 * 1024;

/** A made-up image in the form of U-Boot's legacy uImage: a true header, then bytes of a linear congruential generator. */
export function firmwareImage(name: string): Uint8Array {
  const image = Buffer.alloc(HEADER_BYTES + BODY_BYTES);
  let state = 0x2410;
  for (let at = HEADER_BYTES; at < image.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    image[at] = state >>> 16;
  }
  image.writeUInt32BE(UIMAGE_MAGIC, 0);
  image.writeUInt32BE(BODY_BYTES, 12);
  // Operating system Linux, processor ARM, type firmware, not compressed.
  image.set([5, 2, 5, 0], 28);
  image.write(name, 32, 'latin1');
  // Both checksums are right, the header's with its own field at zero.
  image.writeUInt32BE(crc32(image.subarray(HEADER_BYTES)), 24);
  image.writeUInt32BE(crc32(image.subarray(0, HEADER_BYTES)), 4);
  return image;
}
