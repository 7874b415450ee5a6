/** Builds BER for the tests of SNMP. */
import { bytes } from './frames.ts';

export function element(tag: number, ...content: (number | string | Uint8Array)[]): Uint8Array {
  const body = bytes(...content);
  const length = body.length < 128 ? bytes(body.length) : bytes(0x82, body.length >>> 8, body.length & 255);
  return bytes(tag, length, body);
}

export function integer(value: number): Uint8Array {
  return element(2, value);
}

export function text(value: string): Uint8Array {
  return element(4, value);
}

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(6, first * 40 + second, ...rest.flatMap(base128));
}

export function sequence(...content: Uint8Array[]): Uint8Array {
  return element(0x30, ...content);
}

function base128(value: number): number[] {
  const digits = [value & 127];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 127) | 128);
  return digits;
}
