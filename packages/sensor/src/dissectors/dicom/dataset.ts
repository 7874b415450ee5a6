import { MAX_DEPTH, MAX_VALUE } from './limits.ts';
import { type Encoding, guessEncoding, isLong, isRepresentation } from './transfer-syntax.ts';

/** What a reader is asked for: the values of some top level elements up to a last tag. */
export interface DatasetPlan {
  /** Tags as numbers, group in the upper half. */
  wants(tag: number): boolean;
  lastTag: number;
  /** Called for every top level element, before its value is taken or skipped. */
  meets(tag: number): void;
  take(tag: number, value: Uint8Array): void;
}

interface ElementHeader {
  tag: number;
  /** Of the header itself. */
  size: number;
  length: number;
  representation: string;
}

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const DELIMITER_GROUP = 0xfffe;
const EMPTY = new Uint8Array(0);

/**
 * Reads the leading elements of a dataset from fragments of any size. Sequences are skipped: by their length where
 * they have one, else by walking their items to the delimiter (PS3.5 §7.5). Holds one header and one wanted value at
 * the most; {@link DatasetReader.unwanted} says how much of what follows it needn't see.
 */
export class DatasetReader {
  readonly #plan: DatasetPlan;
  #encoding: Encoding;
  #held: Uint8Array = EMPTY;
  #skip = 0;
  #previous = -1;
  /** Per open sequence or item of undefined length: whether its elements are implicit. */
  readonly #open: boolean[] = [];
  #done: boolean;
  #damaged = false;

  constructor(encoding: Encoding, plan: DatasetPlan) {
    this.#encoding = encoding;
    this.#plan = plan;
    this.#done = encoding === 'unreadable';
  }

  get done(): boolean {
    return this.#done;
  }

  /** The bytes were no dataset of this encoding. */
  get damaged(): boolean {
    return this.#damaged;
  }

  /** How many of the next bytes can be passed to {@link DatasetReader.skip} instead of being read. */
  get unwanted(): number {
    return this.#done ? Number.MAX_SAFE_INTEGER : this.#skip;
  }

  skip(length: number): void {
    this.#skip = Math.max(0, this.#skip - length);
  }

  /** Gives up: bytes were lost. */
  abandon(): void {
    this.#finish();
  }

  push(fragment: Uint8Array): void {
    if (this.#done) return;
    const passed = Math.min(this.#skip, fragment.length);
    this.#skip -= passed;
    let rest = joined(this.#held, fragment.subarray(passed));
    while (!this.#done) {
      const used = this.#element(rest);
      if (used === 0) break;
      this.#skip = Math.max(0, used - rest.length);
      rest = rest.subarray(Math.min(used, rest.length));
    }
    this.#held = this.#done ? EMPTY : new Uint8Array(rest);
  }

  /** Takes one element, or the header of one that is entered; returns the bytes used, 0 for more bytes. */
  #element(bytes: Uint8Array): number {
    if (this.#skip > 0 || bytes.length < 8) return 0;
    if (this.#encoding === 'guess') this.#encoding = guessEncoding(bytes);
    const header = this.#header(bytes);
    if (header === null) return 0;
    if (header === 'invalid') return this.#damage();
    if (header.tag >>> 16 === DELIMITER_GROUP) return this.#delimiter(header);
    return this.#open.length > 0 ? this.#pass(header) : this.#topLevel(header, bytes);
  }

  #topLevel(header: ElementHeader, bytes: Uint8Array): number {
    const { tag, size, length } = header;
    // Elements stand in ascending order (PS3.5 §7.1); anything else is damage.
    if (tag <= this.#previous) return this.#damage();
    if (tag > this.#plan.lastTag) return this.#finish();
    if (this.#plan.wants(tag) && length <= MAX_VALUE) {
      if (bytes.length < size + length) return 0;
      this.#plan.take(tag, bytes.subarray(size, size + length));
    }
    this.#plan.meets(tag);
    this.#previous = tag;
    return this.#pass(header);
  }

  /** Skips an element of defined length, enters one of undefined length. */
  #pass({ size, length, representation }: ElementHeader): number {
    if (length !== UNDEFINED_LENGTH) return size + length;
    // PS3.5 §6.2.2 note: UN of undefined length holds implicit VR little endian.
    return this.#enter(representation === 'UN' || representation === '') ? size : this.#damage();
  }

  #delimiter({ tag, size, length }: ElementHeader): number {
    if (this.#open.length === 0) return this.#damage();
    if (tag === ITEM) {
      if (length !== UNDEFINED_LENGTH) return size + length;
      return this.#enter(this.#isImplicit()) ? size : this.#damage();
    }
    if (tag !== ITEM_END && tag !== SEQUENCE_END) return this.#damage();
    this.#open.pop();
    return size;
  }

  #enter(implicit: boolean): boolean {
    this.#open.push(implicit || this.#isImplicit());
    return this.#open.length <= MAX_DEPTH;
  }

  #isImplicit(): boolean {
    return this.#open.at(-1) ?? this.#encoding === 'implicit-little';
  }

  #header(bytes: Uint8Array): ElementHeader | 'invalid' | null {
    const little = this.#encoding !== 'explicit-big';
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const group = view.getUint16(0, little);
    const tag = group * 65_536 + view.getUint16(2, little);
    if (this.#isImplicit() || group === DELIMITER_GROUP) {
      return { tag, size: 8, length: view.getUint32(4, little), representation: '' };
    }
    const representation = String.fromCharCode(view.getUint8(4), view.getUint8(5));
    if (!isRepresentation(representation)) return 'invalid';
    if (!isLong(representation)) return { tag, size: 8, length: view.getUint16(6, little), representation };
    if (bytes.length < 12) return null;
    return { tag, size: 12, length: view.getUint32(8, little), representation };
  }

  #damage(): number {
    this.#damaged = true;
    return this.#finish();
  }

  #finish(): number {
    this.#done = true;
    this.#held = EMPTY;
    return 0;
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const all = new Uint8Array(left.length + right.length);
  all.set(left);
  all.set(right, left.length);
  return all;
}
