import { MAX_RECORDS } from './limits.ts';
import { readName } from './name.ts';

export interface Header {
  id: number;
  response: boolean;
  opcode: number;
  recursionAvailable: boolean;
  /** Reserved bits and response code, as they stand. */
  flags: number;
  counts: readonly [questions: number, answers: number, authorities: number, additionals: number];
}

export interface Question {
  name: string[];
  type: number;
  class: number;
}

export type Section = 'answer' | 'authority' | 'additional';

export interface ResourceRecord extends Question {
  section: Section;
  /** Where the record's data lies in the message. */
  start: number;
  end: number;
}

export interface DnsMessage {
  bytes: Uint8Array;
  header: Header;
  questions: Question[];
  records: ResourceRecord[];
  /** True where every count was honoured and nothing was left over. */
  whole: boolean;
  /** Where reading stopped. */
  end: number;
}

export const types = {
  a: 1,
  ns: 2,
  cname: 5,
  soa: 6,
  ptr: 12,
  txt: 16,
  aaaa: 28,
  srv: 33,
  nbstat: 33,
  nb: 32,
};

const HEADER = 12;
const sections: readonly Section[] = ['answer', 'authority', 'additional'];

export function readHeader(bytes: Uint8Array): Header | null {
  if (bytes.length < HEADER) return null;
  const flags = u16(bytes, 2);
  return {
    id: u16(bytes, 0),
    response: (flags & 0x8000) !== 0,
    opcode: (flags >>> 11) & 15,
    recursionAvailable: (flags & 0x80) !== 0,
    flags,
    counts: [u16(bytes, 4), u16(bytes, 6), u16(bytes, 8), u16(bytes, 10)],
  };
}

/** The message read last: recognition, direction and dissection of one datagram ask for the same bytes in a row. */
let latest: DnsMessage | null = null;

/**
 * Reads a message of RFC 1035 §4 as far as it holds; what stands before the damage is kept. Asked again for the very
 * same view in a row it answers from memory, so a view's bytes must not change between two calls.
 */
export function readMessage(bytes: Uint8Array): DnsMessage | null {
  if (latest?.bytes !== bytes) latest = parse(bytes);
  return latest;
}

function parse(bytes: Uint8Array): DnsMessage | null {
  const header = readHeader(bytes);
  if (header === null) return null;
  const message: DnsMessage = { bytes, header, questions: [], records: [], whole: false, end: HEADER };
  message.whole = readQuestions(message) && readRecords(message) && message.end === bytes.length;
  return message;
}

function readQuestions(message: DnsMessage): boolean {
  for (let i = 0; i < message.header.counts[0]; i++) {
    const question = readQuestion(message, message.end);
    if (question === null || i >= MAX_RECORDS) return false;
    message.questions.push(question.entry);
    message.end = question.next;
  }
  return true;
}

function readRecords(message: DnsMessage): boolean {
  for (let i = 0; i < sections.length; i++) {
    for (let left = message.header.counts[i + 1]!; left > 0; left--) {
      if (message.records.length >= MAX_RECORDS || !readRecord(message, sections[i]!)) return false;
    }
  }
  return true;
}

function readQuestion(message: DnsMessage, at: number): { entry: Question; next: number } | null {
  const name = readName(message.bytes, at);
  if (name === null || name.next + 4 > message.bytes.length) return null;
  const entry = {
    name: name.labels,
    type: u16(message.bytes, name.next),
    class: u16(message.bytes, name.next + 2),
  };
  return { entry, next: name.next + 4 };
}

function readRecord(message: DnsMessage, section: Section): boolean {
  const head = readQuestion(message, message.end);
  if (head === null || head.next + 6 > message.bytes.length) return false;
  const start = head.next + 6;
  const end = start + u16(message.bytes, head.next + 4);
  if (end > message.bytes.length) return false;
  const { name, type, class: recordClass } = head.entry;
  message.records.push({ name, type, class: recordClass, section, start, end });
  message.end = end;
  return true;
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
