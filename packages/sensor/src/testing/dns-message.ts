/** Builds DNS messages for the tests of DNS, mDNS, LLMNR and NBNS. */
import { bytes, u16, u32 } from './frames.ts';

export interface Record {
  name: string;
  type: number;
  data: Uint8Array;
  class?: number;
}

export interface Message {
  id?: number;
  flags: number;
  questions?: { name: string; type: number; class?: number }[];
  answers?: Record[];
  additionals?: Record[];
}

/** Labels without compression; dots in `name` separate them. */
export function dnsName(name: string): Uint8Array {
  const labels = name === '' ? [] : name.split('.');
  return bytes(...labels.flatMap((label) => [label.length, label]), 0);
}

export function dnsMessage({
  id = 7,
  flags,
  questions = [],
  answers = [],
  additionals = [],
}: Message): Uint8Array {
  const head = bytes(
    u16(id),
    u16(flags),
    u16(questions.length),
    u16(answers.length),
    u16(0),
    u16(additionals.length),
  );
  const asked = questions.map((entry) => bytes(dnsName(entry.name), u16(entry.type), u16(entry.class ?? 1)));
  return bytes(head, ...asked, ...[...answers, ...additionals].map(recordBytes));
}

function recordBytes({ name, type, data, class: rrClass = 1 }: Record): Uint8Array {
  return bytes(dnsName(name), u16(type), u16(rrClass), u32(120), u16(data.length), data);
}
