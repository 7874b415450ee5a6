/** A set of one message: its id (0 to 3 for templates, 256 and above for data) and where its body stands. */
export interface ExportSet {
  id: number;
  start: number;
  end: number;
}

/** The head of one message of NetFlow v9 or IPFIX, and its sets. */
export interface ExportMessage {
  version: 9 | 10;
  /** The source id (v9) or observation domain (IPFIX). */
  domain: number;
  sequence: number;
  /** When it was sent, µs since the epoch. */
  exported: number;
  /** Milliseconds since the exporter started; null in IPFIX, which does not say. */
  upTime: number | null;
  sets: ExportSet[];
  /** True where the sets do not fill the message as its lengths say. */
  damaged: boolean;
}

const V9_HEADER = 20;
const IPFIX_HEADER = 16;
const SET_HEADER = 4;

/** The version that a datagram states; 0 where it is too short to. */
export function versionOf(bytes: Uint8Array): number {
  return bytes.length < 2 ? 0 : bytes[0]! * 256 + bytes[1]!;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads head and sets of a message of version 9 (RFC 3954 §5.1) or 10 (RFC 7011 §3.1); null where it is none. */
export function readMessage(bytes: Uint8Array): ExportMessage | null {
  const version = versionOf(bytes);
  const view = viewOf(bytes);
  if (version === 9 && bytes.length >= V9_HEADER) return readV9(view);
  if (version === 10 && bytes.length >= IPFIX_HEADER) return readIpfix(view);
  return null;
}

function readV9(view: DataView): ExportMessage {
  return {
    version: 9,
    upTime: view.getUint32(4),
    exported: view.getUint32(8) * 1e6,
    sequence: view.getUint32(12),
    domain: view.getUint32(16),
    ...readSets(view, V9_HEADER, view.byteLength),
  };
}

function readIpfix(view: DataView): ExportMessage {
  const stated = view.getUint16(2);
  const end = Math.min(stated, view.byteLength);
  const { sets, damaged } = readSets(view, IPFIX_HEADER, end);
  return {
    version: 10,
    upTime: null,
    exported: view.getUint32(4) * 1e6,
    sequence: view.getUint32(8),
    domain: view.getUint32(12),
    sets,
    damaged: damaged || stated !== view.byteLength,
  };
}

/** The sets up to the first that does not fit. */
function readSets(view: DataView, from: number, end: number): Pick<ExportMessage, 'sets' | 'damaged'> {
  const sets: ExportSet[] = [];
  let at = from;
  while (at + SET_HEADER <= end) {
    const length = view.getUint16(at + 2);
    if (length < SET_HEADER || at + length > end) return { sets, damaged: true };
    sets.push({ id: view.getUint16(at), start: at + SET_HEADER, end: at + length });
    at += length;
  }
  return { sets, damaged: at !== end };
}
