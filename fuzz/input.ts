import { createHash } from 'node:crypto';

/**
 * One step of what a target is fed. What `kind` means is the target's affair: a side, a gap of a side, a link type.
 * A gap carries its length as the length of its bytes.
 */
export interface Step {
  kind: number;
  bytes: Uint8Array;
}

export type Input = readonly Step[];

/** The kinds of a step of a conversation: bytes of a side, and as many that were lost. */
export const CLIENT = 0;
export const SERVER = 1;
export const CLIENT_LOST = 2;
export const SERVER_LOST = 3;
/** The ports of client and server, 16 bits each, big-endian. */
export const PORTS = 4;

export function portsStep(clientPort: number, serverPort: number): Step {
  return {
    kind: PORTS,
    bytes: Uint8Array.of(clientPort >> 8, clientPort & 255, serverPort >> 8, serverPort & 255),
  };
}

/** The ports that a conversation has; those of a test where none are given. */
export function portsOf(input: Input): { clientPort: number; serverPort: number } {
  const [a = 195, b = 80, c = 4, d = 210] = input.find(({ kind }) => kind === PORTS)?.bytes ?? [];
  return { clientPort: (a << 8) | b, serverPort: (c << 8) | d };
}

/** The steps that are of a side. */
export function spoken(input: Input): Input {
  return input.filter(({ kind }) => kind !== PORTS);
}

/** No target is fed more: larger inputs spend the time on bulk, not on shapes. */
export const LARGEST_INPUT = 16_384;
const MOST_STEPS = 64;
const HEAD = 4;

/** Each step as kind and length (16 bits each, big-endian) and its bytes. */
export function encode(input: Input): Uint8Array {
  const out = new Uint8Array(input.reduce((sum, { bytes }) => sum + HEAD + bytes.length, 0));
  let at = 0;
  for (const { kind, bytes } of input) {
    out.set([kind >>> 8, kind & 255, bytes.length >>> 8, bytes.length & 255], at);
    out.set(bytes, at + HEAD);
    at += HEAD + bytes.length;
  }
  return out;
}

export function decode(bytes: Uint8Array): Input {
  const steps: Step[] = [];
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const content = bytes.slice(at + HEAD, at + HEAD + length);
    steps.push({ kind: (bytes[at]! << 8) | bytes[at + 1]!, bytes: content });
    at += HEAD + length;
  }
  return steps;
}

export function sizeOf(input: Input): number {
  return input.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** The input within the bounds: what is beyond them is left out. */
export function bounded(input: Input): Input {
  let room = LARGEST_INPUT;
  const steps: Step[] = [];
  for (const { kind, bytes } of input.slice(0, MOST_STEPS)) {
    steps.push({ kind, bytes: bytes.subarray(0, room) });
    room -= Math.min(room, bytes.length);
  }
  return steps;
}

/** The name under which an input is kept. */
export function nameOf(input: Input): string {
  return createHash('sha256').update(encode(input)).digest('hex').slice(0, 16);
}
