import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointText } from './checkpoint.ts';
import { commitmentOf, type Entry, entryText, parseEntry } from './entry.ts';
import { ExportReader, exportForm } from './export.ts';
import { createSigner, formatNote, signNote, type Verifier } from './note.ts';
import { naiveRoot } from './testing/naive-tree.ts';
import { parseTilePath, tilePath } from './tiles.ts';

const log = createSigner('hospital.example', Buffer.alloc(32, 1));
const salt = Buffer.alloc(32, 7);

function entryOf(sequence: number): Entry {
  const commitments = { reason: commitmentOf(salt, `reason ${sequence}`) };
  return {
    sequence,
    at: sequence * 1000,
    actor: 'person:1',
    action: 'a.b',
    subject: 's',
    changes: { z: 1, a: [null, 'é'] },
    commitments,
  };
}

function exportOf(size: number, without: readonly number[] = []): string[] {
  const texts = Array.from({ length: size }, (_, index) => entryText(entryOf(index + 1)));
  const text = checkpointText({
    origin: 'hospital.example',
    size,
    root: naiveRoot(texts.map((one) => Buffer.from(one))),
  });
  return [
    JSON.stringify({ form: exportForm, origin: 'hospital.example' }),
    ...texts.map((entry, index) => {
      const personal = { reason: { salt: salt.toString('hex'), value: `reason ${index + 1}` } };
      return JSON.stringify({ entry, personal: without.includes(index + 1) ? {} : personal });
    }),
    JSON.stringify({ checkpoint: formatNote({ text, signatures: [signNote(text, log)] }) }),
  ];
}

function read(lines: readonly string[], key: Verifier = log) {
  const reader = new ExportReader(key);
  for (const line of lines) {
    const fault = reader.take(line);
    if (fault !== null) return fault;
  }
  return reader.end();
}

it('holds with the log’s public key alone, and counts what was erased', () => {
  expect(read(exportOf(13))).toMatchObject({
    entries: 13,
    first: 1000,
    last: 13_000,
    disclosed: 13,
    erased: 0,
  });
  expect(read(exportOf(13, [4, 5]))).toMatchObject({ entries: 13, disclosed: 11, erased: 2 });
  expect(read(exportOf(0))).toMatchObject({ entries: 0, first: null });
});

describe('is refused with the line', () => {
  const lines = exportOf(9);
  it.each([
    ['without its header', lines.slice(1), 1],
    ['without its checkpoint', lines.slice(0, -1), 11],
    ['with an entry left out', lines.toSpliced(4, 1), 5],
    ['with two entries exchanged', lines.with(3, lines[4]!).with(4, lines[3]!), 4],
    ['with another reason', lines.with(5, lines[5]!.replace('reason 5', 'reason 6')), 6],
    ['with another actor', lines.with(5, lines[5]!.replace('person:1', 'person:2')), 11],
    ['with the last entries cut off', lines.toSpliced(8, 2), 9],
    ['with lines behind its end', [...lines, lines[1]!], 12],
    ['where an entry has spaces', lines.with(5, lines[5]!.replace('\\"z\\":1', '\\"z\\": 1')), 6],
  ])('%s', (_name, changed, line) => {
    expect(read(changed)).toMatchObject({ line, message: expect.any(String) });
  });

  it('where another key signed it', () => {
    expect(read(lines, createSigner('hospital.example', Buffer.alloc(32, 2)))).toMatchObject({ line: 11 });
  });
});

it('is refused for any changed byte', () => {
  const whole = Buffer.from(exportOf(5).join('\n'));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 127 }), (at, change) => {
      const changed = Buffer.from(whole);
      changed[at]! ^= change;
      const result = read(changed.toString('utf8').split('\n'));
      // Salt in capitals is the same salt.
      if ('entries' in result)
        expect(changed.toString('utf8').toLowerCase()).toBe(whole.toString('utf8').toLowerCase());
    }),
    { numRuns: 2000 },
  );
});

it('reads an entry only as it is written', () => {
  const text = entryText(entryOf(3));
  expect(parseEntry(text)).toEqual(entryOf(3));
  for (const other of [
    ` ${text}`,
    text.replace('{"action"', '{"z":1,"action"'),
    '[]',
    'null',
    '{}',
    text.slice(0, -1),
  ])
    expect(parseEntry(other)).toBeNull();
});

it('writes paths of tiles as C2SP does, and reads no other', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
  expect(tilePath({ level: 'entries', index: 0, width: 5 })).toBe('tile/entries/000.p/5');
  expect(parseTilePath('tile/1/x001/000.p/7')).toEqual({ level: 1, index: 1000, width: 7 });
  for (const path of [
    'tile/0/x000/001',
    'tile/0/1',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/00/000',
    'tile/0/../000',
  ])
    expect(parseTilePath(path)).toBeNull();
});
