/** A backup is a row of frames: a kind, a length and so many bytes. */
export type Frame = { kind: 'header'; header: Header } | { kind: 'data'; bytes: Buffer };

/** What the data frames behind it are. */
export type Header =
  | {
      is: 'backup';
      form: string;
      at: number;
      origin: string;
      size: number;
      root: string;
      migrations: string[];
      /** Keys by which the ledger's heads are checked; before they were told, the signing key lay in a file of the backup. */
      keys?: { log: string; clock: string };
      /** Which transactions it holds, and by which changes it is followed, from which number on. */
      snapshot?: string;
      line?: string;
      next?: number;
    }
  | { is: 'file'; name: string }
  | { is: 'partition'; parent: string; name: string; bounds: string }
  | { is: 'table'; name: string; columns: string[] }
  | { is: 'sequence'; table: string; column: string; value: number }
  | { is: 'end'; rows: Record<string, number> }
  | { is: 'changes'; form: string; line: string; number: number; before: string | null }
  | { is: 'end-of-changes'; until: number; transactions: number };

const HEADER = 0x48;
const DATA = 0x44;
const PREFIX_BYTES = 5;
/** PostgreSQL hands over a row at a time at the most some megabytes long. */
const FRAME_BYTES = 64 * 1024 * 1024;

export function frameOf(frame: Frame): Buffer {
  const payload = frame.kind === 'header' ? Buffer.from(JSON.stringify(frame.header)) : frame.bytes;
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix[0] = frame.kind === 'header' ? HEADER : DATA;
  prefix.writeUInt32BE(payload.length, 1);
  return Buffer.concat([prefix, payload]);
}

/** What a file holds that is no backup, or that is cut off. */
export class BackupFault extends Error {
  override readonly name = 'BackupFault';
}

/** Reads frames from bytes that come in any pieces. @throws BackupFault */
export async function* readFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of source) {
    pieces.push(piece);
    held += piece.length;
    if (held < PREFIX_BYTES) continue;
    let buffer = Buffer.concat(pieces);
    for (
      let length = lengthOf(buffer);
      length !== null && buffer.length >= length;
      length = lengthOf(buffer)
    ) {
      yield parseFrame(buffer.subarray(0, length));
      buffer = buffer.subarray(length);
    }
    pieces = [buffer];
    held = buffer.length;
  }
  if (held > 0) throw new BackupFault('the backup is cut off in the middle of a frame');
}

function lengthOf(buffer: Buffer): number | null {
  if (buffer.length < PREFIX_BYTES) return null;
  const length = buffer.readUInt32BE(1);
  if ((buffer[0] !== HEADER && buffer[0] !== DATA) || length > FRAME_BYTES)
    throw new BackupFault('this is no backup');
  return PREFIX_BYTES + length;
}

function parseFrame(frame: Buffer): Frame {
  const payload = frame.subarray(PREFIX_BYTES);
  if (frame[0] === DATA) return { kind: 'data', bytes: payload };
  try {
    return { kind: 'header', header: JSON.parse(payload.toString('utf8')) as Header };
  } catch {
    throw new BackupFault('a header of the backup cannot be read');
  }
}
