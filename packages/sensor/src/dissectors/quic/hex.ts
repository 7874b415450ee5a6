import { Buffer } from 'node:buffer';

/** Constants of the standards, as they are printed there. */
export function hex(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits, 'hex'));
}
