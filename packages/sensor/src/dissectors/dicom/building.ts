/** Builds DICOM upper layer bytes. For tests only. */
import { Buffer } from 'node:buffer';

export const IMPLICIT = '1.2.840.10008.1.2';
export const EXPLICIT = '1.2.840.10008.1.2.1';
export const BIG = '1.2.840.10008.1.2.2';
export const CT_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
export const STUDY_FIND = '1.2.840.10008.5.1.4.1.2.2.1';

export function pdu(type: number, body: Uint8Array): Buffer {
  const head = Buffer.from([type, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(body.length, 2);
  return Buffer.concat([head, body]);
}

function item(type: number, body: Uint8Array | string): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  const head = Buffer.from([type, 0, 0, 0]);
  head.writeUInt16BE(content.length, 2);
  return Buffer.concat([head, content]);
}

export interface AssociateOptions {
  called?: string;
  calling?: string;
  /** Abstract syntax (in a request) and transfer syntaxes of contexts 1, 3, 5, … */
  contexts?: [abstract: string, ...transfer: string[]][];
  /** User identity item 58: type, primary, secondary. */
  identity?: [number, string, string];
  answersIdentity?: boolean;
}

function associate(type: 1 | 2, options: AssociateOptions): Buffer {
  const { called = 'PACS', calling = 'CT01', contexts = [[CT_STORAGE, IMPLICIT]] } = options;
  const titles = Buffer.from(called.padEnd(16) + calling.padEnd(16), 'latin1');
  const presented = contexts.map(([abstract, ...transfer], i) => {
    const syntaxes = transfer.map((name) => item(0x40, name));
    const names = type === 1 ? [item(0x30, abstract), ...syntaxes] : syntaxes;
    return item(0x1f + type, Buffer.concat([Buffer.from([i * 2 + 1, 0, 0, 0]), ...names]));
  });
  const information = [
    item(0x51, Buffer.from([0, 0, 0x40, 0])),
    item(0x52, '1.2.276.0.1'),
    item(0x55, 'TOOLKIT_1'),
  ];
  if (options.identity) information.push(identityItem(...options.identity));
  if (options.answersIdentity) information.push(item(0x59, Buffer.from([0, 0])));
  const items = [item(0x10, '1.2.840.10008.3.1.1.1'), ...presented, item(0x50, Buffer.concat(information))];
  return pdu(type, Buffer.concat([Buffer.from([0, 1, 0, 0]), titles, Buffer.alloc(32), ...items]));
}

function identityItem(type: number, primary: string, secondary: string): Buffer {
  const part = (text: string) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(text.length);
    return Buffer.concat([length, Buffer.from(text, 'latin1')]);
  };
  return item(0x58, Buffer.concat([Buffer.from([type, 1]), part(primary), part(secondary)]));
}

export const request = (options: AssociateOptions = {}) => associate(1, options);
export const accept = (options: AssociateOptions = {}) => associate(2, options);
export const reject = (source: number, reason: number) => pdu(3, Buffer.from([0, 1, source, reason]));
export const release = () => [pdu(5, Buffer.alloc(4)), pdu(6, Buffer.alloc(4))] as const;

/** One message part as P-DATA, cut into fragments of at most `size` bytes, one PDU each. */
export function data(context: number, isCommand: boolean, bytes: Uint8Array, size = 4096): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    const control = (isCommand ? 1 : 0) | (at + size >= bytes.length ? 2 : 0);
    const head = Buffer.from([0, 0, 0, 0, context, control]);
    head.writeUInt32BE(part.length + 2);
    pieces.push(pdu(4, Buffer.concat([head, part])));
  }
  return Buffer.concat(pieces);
}

export interface CommandOptions {
  field: number;
  sopClass?: string;
  hasDataset?: boolean;
  status?: number;
  moveOriginator?: string;
}

export function command({ field, sopClass, hasDataset, status, moveOriginator }: CommandOptions): Buffer {
  const short = (value: number) => Buffer.from([value & 255, value >> 8]);
  const elements: Buffer[] = [];
  if (sopClass) elements.push(element(IMPLICIT, 0x00000002, 'UI', padded(sopClass, '\0')));
  elements.push(element(IMPLICIT, 0x00000100, 'US', short(field)));
  elements.push(element(IMPLICIT, 0x00000110, 'US', short(1)));
  elements.push(element(IMPLICIT, 0x00000800, 'US', short(hasDataset ? 0 : 0x0101)));
  if (status !== undefined) elements.push(element(IMPLICIT, 0x00000900, 'US', short(status)));
  if (moveOriginator) elements.push(element(IMPLICIT, 0x00001030, 'AE', padded(moveOriginator, ' ')));
  const all = Buffer.concat(elements);
  const group = Buffer.alloc(4);
  group.writeUInt32LE(all.length);
  return Buffer.concat([element(IMPLICIT, 0, 'UL', group), all]);
}

function padded(text: string, padding: string): Buffer {
  return Buffer.from(text.length % 2 === 0 ? text : text + padding, 'latin1');
}

export function element(syntax: string, tag: number, vr: string, value: Uint8Array | string): Buffer {
  const content = typeof value === 'string' ? padded(value, vr === 'UI' ? '\0' : ' ') : value;
  return Buffer.concat([elementHead(syntax, tag, vr, content.length), content]);
}

/** The head alone; a length of 0xffffffff is undefined. */
export function elementHead(syntax: string, tag: number, vr: string, length: number): Buffer {
  const big = syntax === BIG;
  const head = Buffer.alloc(12);
  const u16 = (value: number, at: number) =>
    big ? head.writeUInt16BE(value, at) : head.writeUInt16LE(value, at);
  const u32 = (value: number, at: number) =>
    big ? head.writeUInt32BE(value, at) : head.writeUInt32LE(value, at);
  u16(tag >>> 16, 0);
  u16(tag & 0xffff, 2);
  if (syntax === IMPLICIT || tag >>> 16 === 0xfffe) {
    u32(length, 4);
    return head.subarray(0, 8);
  }
  head.write(vr, 4, 'latin1');
  if (['OB', 'OW', 'SQ', 'UN', 'UT'].includes(vr)) {
    u32(length, 8);
    return head;
  }
  u16(length, 6);
  return head.subarray(0, 8);
}
