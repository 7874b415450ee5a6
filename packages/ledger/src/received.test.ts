import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointText } from './checkpoint.ts';
import { leafHash } from './hash.ts';
import { RECEIVED_EARLY } from './limits.ts';
import { createSigner, formatNote, signNote } from './note.ts';
import { ReceivedReader } from './received.ts';
import { naiveRoot } from './testing/naive-tree.ts';

const log = createSigner('hospital.example', Buffer.alloc(32, 1));
const entry = (sequence: number) => Buffer.from(`entry ${sequence}`);
const leaf = (sequence: number) => leafHash(entry(sequence));
const upTo = (size: number) => Array.from({ length: size }, (_, index) => index + 1);

function head(size: number, signer = log): string {
  const root = naiveRoot(upTo(size).map(entry));
  const text = checkpointText({ origin: 'hospital.example', size, root });
  return formatNote({ text, signatures: [signNote(text, signer)] });
}

function received(...what: (number | string)[]) {
  const reader = new ReceivedReader(log);
  for (const one of what)
    if (typeof one === 'number') reader.act(one, leaf(one));
    else reader.head(one);
  return reader.end();
}

it('proves that acts which came are those that were signed', () => {
  expect(received(...upTo(13), head(13))).toEqual({
    first: 1,
    last: 13,
    acts: 13,
    again: 0,
    missing: [],
    proved: 13,
    faults: [],
  });
  expect(received(head(0))).toMatchObject({ first: null, proved: 0, missing: [] });
});

describe('names what is missing', () => {
  it.each([
    [
      'in the middle',
      [1, 2, 5, 6, 9],
      [
        [3, 4],
        [7, 8],
      ],
    ],
    ['at the end, by the head that was sent', [1, 2, head(5)], [[3, 5]]],
    ['of everything', [head(2)], [[1, 2]]],
    ['and nothing where a file begins later', [4, 5, 6, head(6)], []],
  ])('%s', (_name, what, missing) => {
    const result = received(...(what as (number | string)[]));
    expect(result.missing).toEqual((missing as number[][]).map(([from, to]) => ({ from, to })));
    expect(result.proved).toBeNull();
    expect(result.faults).toEqual([]);
  });
});

it('takes acts early and again, and misses exactly those that never came', () => {
  const order = fc.shuffledSubarray(upTo(40), { minLength: 1 });
  fc.assert(
    fc.property(order, fc.array(fc.nat(39)), (came, again) => {
      const first = Math.min(...came);
      const rest = came.filter((one) => one !== first);
      const twice = again.map((one) => came[one % came.length]!);
      const { acts, missing, ...result } = received(first, ...rest, ...twice, head(40));
      expect(acts).toBe(came.length);
      expect(result).toMatchObject({ first, again: twice.length });
      const lost = missing.flatMap(({ from, to }) => upTo(to).filter((one) => one >= from));
      expect(lost).toEqual(upTo(40).filter((one) => one > first && !came.includes(one)));
      expect(result.proved).toBe(came.length === 40 ? 40 : null);
    }),
  );
});

it('tells where an act is not the one that was signed, and where another signed', () => {
  const reader = new ReceivedReader(log);
  for (const one of upTo(6)) reader.act(one, leaf(one === 4 ? 99 : one));
  reader.head(head(6));
  expect(reader.end()).toMatchObject({
    proved: null,
    faults: ['the first 6 acts are not those that were signed'],
  });
  const stranger = createSigner('hospital.example', Buffer.alloc(32, 2));
  for (const note of [head(3, stranger), head(3).replace('\n3\n', '\n2\n'), 'no note', ''])
    expect(received(1, 2, 3, note)).toMatchObject({
      proved: null,
      faults: [expect.stringContaining('did not sign')],
    });
});

it('holds a head that came before its acts, and passes over one that came late', () => {
  expect(received(1, head(3), 2, 3, 4)).toMatchObject({ proved: 3, faults: [] });
  expect(received(1, 2, 3, 4, head(3))).toMatchObject({ proved: null, faults: [] });
});

it('keeps track of so many early acts and no more', () => {
  const reader = new ReceivedReader(log);
  const hash = leaf(1);
  reader.act(1, hash);
  for (let sequence = 3; sequence < 3 + RECEIVED_EARLY; sequence += 1)
    expect(reader.act(sequence, hash)).toBe(true);
  expect(reader.act(RECEIVED_EARLY + 3, hash)).toBe(false);
  expect(reader.act(2, hash)).toBe(true);
  expect(reader.end()).toMatchObject({ missing: [], last: RECEIVED_EARLY + 2 });
});
