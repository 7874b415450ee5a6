import { CBOR_DEPTH, CBOR_VALUES, TOKEN_BYTES } from '../limits.ts';

/** RFC 8949 data items. Integers beyond 2^53 are `bigint`. */
export type Cbor =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly Cbor[]
  | ReadonlyMap<Cbor, Cbor>
  | Tagged;

export class Tagged {
  readonly tag: number;
  readonly value: Cbor;

  constructor(tag: number, value: Cbor) {
    this.tag = tag;
    this.value = value;
  }
}

/** Not one well-formed item of definite length within the bounds. */
export const MALFORMED = Symbol('malformed CBOR');
type Read = Cbor | typeof MALFORMED;

/** One data item and nothing after it. Items of indefinite length are refused: no profile that is taken uses them. */
export function decodeCbor(bytes: Uint8Array): Read {
  if (bytes.length > TOKEN_BYTES) return MALFORMED;
  const decoder = new Decoder(bytes);
  const value = decoder.item(0);
  return decoder.at === bytes.length ? value : MALFORMED;
}

const EIGHT_BYTES = 27;
const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #values = 0;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** RFC 8949 §3 */
  item(depth: number): Read {
    this.#values += 1;
    const first = this.#bytes[this.at];
    if (first === undefined || depth > CBOR_DEPTH || this.#values > CBOR_VALUES) return MALFORMED;
    const [major, small] = [first >> 5, first & 0x1f];
    if (major === 7) return this.#simple(small);
    const argument = this.#argument(small);
    if (argument === null) return MALFORMED;
    if (major === 0) return plain(argument);
    if (major === 1) return plain(-1n - argument);
    return this.#sized(major, argument, depth);
  }

  /** The number in or after the first byte; null where it is cut off, reserved, or the mark of an indefinite length. */
  #argument(small: number): bigint | null {
    this.at += 1;
    if (small < 24) return BigInt(small);
    if (small > EIGHT_BYTES) return null;
    const length = 1 << (small - 24);
    const bytes = this.#take(BigInt(length));
    return bytes === null ? null : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  }

  #take(length: bigint): Uint8Array | null {
    if (length > this.#bytes.length - this.at) return null;
    this.at += Number(length);
    return this.#bytes.subarray(this.at - Number(length), this.at);
  }

  #sized(major: number, argument: bigint, depth: number): Read {
    if (major === 2) return this.#take(argument) ?? MALFORMED;
    if (major === 3) return textOf(this.#take(argument));
    if (major === 6) return this.#tagged(argument, depth);
    // Each item takes a byte at least: what says that it holds more than there are bytes lies.
    if (argument > this.#bytes.length - this.at) return MALFORMED;
    return major === 4 ? this.#array(Number(argument), depth) : this.#map(Number(argument), depth);
  }

  #array(length: number, depth: number): Read {
    const items: Cbor[] = [];
    for (let place = 0; place < length; place += 1) {
      const item = this.item(depth + 1);
      if (item === MALFORMED) return MALFORMED;
      items.push(item);
    }
    return items;
  }

  /** §5.6: a key that stands there twice makes a map invalid; keys are integers and texts only. */
  #map(length: number, depth: number): Read {
    const map = new Map<Cbor, Cbor>();
    for (let place = 0; place < length; place += 1) {
      const key = this.item(depth + 1);
      if ((typeof key !== 'number' && typeof key !== 'string') || map.has(key)) return MALFORMED;
      const value = this.item(depth + 1);
      if (value === MALFORMED) return MALFORMED;
      map.set(key, value);
    }
    return map;
  }

  #tagged(tag: bigint, depth: number): Read {
    const value = this.item(depth + 1);
    return value === MALFORMED || tag > Number.MAX_SAFE_INTEGER ? MALFORMED : new Tagged(Number(tag), value);
  }

  /** §3.3 */
  #simple(small: number): Read {
    this.at += 1;
    if (small === 20 || small === 21) return small === 21;
    if (small === 22) return null;
    if (small === 23) return undefined;
    return this.#float(small);
  }

  #float(small: number): Read {
    const at = this.at;
    const length = small === 25 ? 2 : small === 26 ? 4 : small === EIGHT_BYTES ? 8 : 0;
    if (length === 0 || this.#take(BigInt(length)) === null) return MALFORMED;
    if (length === 2) return half(this.#view.getUint16(at));
    return length === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at);
  }
}

const plain = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

function textOf(bytes: Uint8Array | null): Read {
  if (bytes === null) return MALFORMED;
  try {
    return text.decode(bytes);
  } catch {
    return MALFORMED;
  }
}

/** IEEE 754 binary16 (RFC 8949 appendix D). */
function half(bits: number): number {
  const [exponent, mantissa] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  const size =
    exponent === 0
      ? mantissa * 2 ** -24
      : exponent === 31
        ? mantissa === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (mantissa + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}
