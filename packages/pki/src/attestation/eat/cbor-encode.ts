import { type Cbor, Tagged } from './cbor.ts';

/** RFC 8949 §4.2.1, shortest forms; maps keep their own order. @throws RangeError for numbers that are no integers */
export function encodeCbor(value: Cbor): Uint8Array {
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return Buffer.concat([head(3, bytes.length), bytes]);
  }
  if (typeof value === 'number' || typeof value === 'bigint') return integer(value);
  if (value instanceof Tagged) return Buffer.concat([head(6, value.tag), encodeCbor(value.value)]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, one]) => [encodeCbor(key), encodeCbor(one)]);
    return Buffer.concat([head(5, value.size), ...entries]);
  }
  return Uint8Array.of(value === false ? 0xf4 : value === true ? 0xf5 : value === null ? 0xf6 : 0xf7);
}

function integer(value: number | bigint): Uint8Array {
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new RangeError('only integers are written');
  return value < 0 ? head(1, -1n - BigInt(value)) : head(0, value);
}

function head(major: number, argument: number | bigint): Uint8Array {
  const value = BigInt(argument);
  if (value < 24n) return Uint8Array.of((major << 5) | Number(value));
  const size = value < 0x100n ? 0 : value < 0x1_0000n ? 1 : value < 0x1_0000_0000n ? 2 : 3;
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(value, 1);
  const length = 1 << size;
  return Buffer.concat([Uint8Array.of((major << 5) | (24 + size)), bytes.subarray(9 - length)]);
}
