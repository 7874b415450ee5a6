import { crc32, inflateRawSync } from 'node:zlib';
import { ZIP_ENTRIES, ZIP_ENTRY_BYTES, ZIP_TOTAL_BYTES } from '../limits.ts';

/** The container is no ZIP archive, or one that is not taken. */
export class ZipFault extends Error {
  override readonly name = 'ZipFault';
}

interface Entry {
  method: number;
  checksum: number;
  compressed: number;
  start: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** A ZIP archive of which single files are unpacked on demand, all of them within one budget (APPNOTE 6.3). */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #entries: Map<string, Entry>;
  #budget = ZIP_TOTAL_BYTES;

  /** @throws ZipFault where it is cut off, encrypted, or of a kind that no form has */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#entries = directoryOf(this.#bytes);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The bytes of one file, or null where there is none of that name. @throws ZipFault */
  read(name: string): Uint8Array | null {
    const entry = this.#entries.get(name);
    if (entry === undefined) return null;
    const packed = contentOf(this.#bytes, entry, name);
    const bytes = entry.method === 0 ? packed : this.#inflated(packed, name);
    this.#budget -= bytes.length;
    if (this.#budget < 0) throw new ZipFault(`it unpacks to more than ${ZIP_TOTAL_BYTES} bytes`);
    if (crc32(bytes) !== entry.checksum) throw new ZipFault(`${name} is damaged`);
    return bytes;
  }

  #inflated(packed: Buffer, name: string): Uint8Array {
    const maxOutputLength = Math.max(1, Math.min(ZIP_ENTRY_BYTES, this.#budget));
    try {
      return inflateRawSync(packed, { maxOutputLength });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      throw new ZipFault(
        code === 'ERR_BUFFER_TOO_LARGE'
          ? `${name} unpacks to more than ${maxOutputLength} bytes`
          : `${name} is damaged`,
      );
    }
  }
}

/** The end record is sought from the back, before a comment of up to 65,535 bytes (APPNOTE 4.3.16). */
function directoryOf(bytes: Buffer): Map<string, Entry> {
  const least = Math.max(0, bytes.length - 22 - 65_535);
  for (let at = bytes.length - 22; at >= least; at--) {
    if (bytes.readUInt32LE(at) === END)
      return entriesOf(bytes, bytes.readUInt32LE(at + 16), bytes.readUInt16LE(at + 10));
  }
  throw new ZipFault('the archive has no end: the file is cut off or damaged');
}

/** APPNOTE 4.3.12 */
function entriesOf(bytes: Buffer, start: number, count: number): Map<string, Entry> {
  if (count > ZIP_ENTRIES) throw new ZipFault(`the archive holds more than ${ZIP_ENTRIES} files`);
  const entries = new Map<string, Entry>();
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL)
      throw new ZipFault("the archive's directory is damaged");
    if ((bytes.readUInt16LE(at + 8) & 1) === 1) throw new ZipFault('the archive is encrypted');
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength).replaceAll('\\', '/');
    entries.set(name.replace(/^\//, ''), {
      method: bytes.readUInt16LE(at + 10),
      checksum: bytes.readUInt32LE(at + 16),
      compressed: bytes.readUInt32LE(at + 20),
      start: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** APPNOTE 4.3.7 */
function contentOf(bytes: Buffer, { method, compressed, start }: Entry, name: string): Buffer {
  if (method !== 0 && method !== 8) throw new ZipFault(`${name} is packed in an unusual way`);
  if (start + 30 > bytes.length || bytes.readUInt32LE(start) !== LOCAL)
    throw new ZipFault(`${name} is damaged`);
  const at = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
  if (at + compressed > bytes.length) throw new ZipFault(`${name} is cut off`);
  return bytes.subarray(at, at + compressed);
}
