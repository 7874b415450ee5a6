import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpdatesFault } from '../fault.ts';
import { JSON_DEPTH } from '../limits.ts';
import { SimulatedDevice } from '../testing/device.ts';
import { SimulatedRepository } from '../testing/simulated-repository.ts';
import { byCodePoint, canonicalJson } from './canonical-json.ts';
import { readMetadata } from './envelope.ts';
import { parseJson } from './json.ts';
import { matchesPattern } from './path-pattern.ts';

const canonical = (text: string): string =>
  Buffer.from(canonicalJson(parseJson(Buffer.from(text)))).toString();

describe('canonical JSON', () => {
  it('sorts, escapes two signs, and has no space', () => {
    expect(canonical('{ "b": [1, true, null], "a": "x\\ty\\u00e9", "": {} }')).toBe(
      '{"":{},"a":"x\ty\u00e9","b":[1,true,null]}',
    );
    expect(canonical('"\\"\\\\\\n"')).toBe('"\\"\\\\\n"');
  });

  const sign = fc.constantFrom('a', 'b', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}', '\ud7ff');
  const word = fc.array(sign, { maxLength: 4 }).map((signs) => signs.join(''));

  it('sorts by code points, as the other languages do', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const bytes = (text: string) => Buffer.from(text);
        expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)));
      }),
    );
  });

  it('is the same for the same value, however it was written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        if (/\d\.|\de|"\\ud[89a-f]|\d{16}/i.test(text)) return;
        const spaced = JSON.stringify(value, null, 2);
        expect(canonical(spaced)).toBe(canonical(text));
      }),
    );
  });

  it.each(['1.5', '9007199254740993', '"\\ud800"', '{"\\udc00":1}', '', 'nul', '\ufeff1'])(
    'there is none of %s',
    (text) => {
      expect(() => parseJson(Buffer.from(text))).toThrow(UpdatesFault);
    },
  );

  it('goes as deep as its bound', () => {
    const nested = (depth: number) => Buffer.from('['.repeat(depth) + ']'.repeat(depth));
    expect(() => parseJson(nested(JSON_DEPTH))).not.toThrow();
    expect(() => parseJson(nested(JSON_DEPTH + 1))).toThrow('too deep');
    expect(() => parseJson(nested(20_000))).toThrow(UpdatesFault);
  });
});

describe('patterns of paths', () => {
  it.each([
    ['a/b.zip', 'a/*.zip', true],
    ['a/b/c.zip', 'a/*.zip', false],
    ['b.zip', '*', true],
    ['a/b', '*', false],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['pump-7', 'pump-[0-9]', true],
    ['pump-x', 'pump-[!0-9]', true],
    ['pump-7', 'pump-[!0-9]', false],
    ['a]', 'a[]]', true],
    ['a[', 'a[', true],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['', '', true],
  ])('"%s" by "%s": %s', (path, pattern, expected) => {
    expect(matchesPattern(path, pattern)).toBe(expected);
  });

  it('takes no longer for a pattern that is made to', () => {
    expect(matchesPattern('a'.repeat(1000), `${'*a'.repeat(500)}b`)).toBe(false);
  });
});

describe('bytes of a stranger', () => {
  it('are metadata or a fault, cut off wherever', async () => {
    const repository = await SimulatedRepository.create();
    repository.delegate('targets', 'maker');
    repository.addTarget('targets', 'pump.bin', 'image');
    await repository.update();
    for (const kind of ['root', 'timestamp', 'targets'] as const) {
      const bytes = repository.served(kind);
      for (let at = 0; at < bytes.length - 1; at++)
        expect(() => readMetadata(kind, bytes.subarray(0, at))).toThrow(UpdatesFault);
    }
  });

  it('are metadata or a fault, changed wherever, and never metadata that is trusted', async () => {
    const repository = await SimulatedRepository.create();
    const before = repository.served('root');
    await fc.assert(
      fc.asyncProperty(fc.nat(before.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Uint8Array.from(before);
        changed[at]! ^= change;
        const outcome = await new SimulatedDevice(repository, changed).refresh();
        // What is white space, or the case of a digit of a signature, is nothing that was signed.
        if (outcome === 'ok')
          expect(readMetadata('root', changed).signed).toEqual(readMetadata('root', before).signed);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['_type', 'snapshot'],
    ['spec_version', '2.0.0'],
    ['version', 0],
    ['version', '1'],
    ['expires', '2026-02-31T00:00:00Z'],
    ['expires', '2026-12-31'],
    ['keys', []],
    ['roles', {}],
    ['consistent_snapshot', 'yes'],
  ])('are no root with %s %j', async (name, value) => {
    const repository = await SimulatedRepository.create();
    repository.signed.root[name] = value;
    const bytes = Buffer.from(JSON.stringify({ signed: repository.signed.root, signatures: [] }));
    expect(() => readMetadata('root', bytes)).toThrow(UpdatesFault);
  });

  it('may have a name that JavaScript inherits', () => {
    const text =
      '{"signatures":[],"signed":{"_type":"targets","spec_version":"1.0","version":1,"expires":"2027-01-01T00:00:00Z","targets":{"__proto__":{"length":1,"hashes":{"sha256":"00"}}}}}';
    const { signed } = readMetadata('targets', Buffer.from(text));
    expect(signed.targets.get('__proto__')?.length).toBe(1);
    expect(signed.targets.get('toString')).toBeUndefined();
  });
});

const shared = new URL('../../../../../shared/data/conformance/tuf/tuf-on-ci-0.11/', import.meta.url);
it.skipIf(!existsSync(shared))('verifies a repository of keys in hardware, made by another tool', () => {
  const read = (name: string) => readFileSync(new URL(name, shared));
  expect(readMetadata('root', read('initial_root.json')).signed.version).toBe(1);
  expect(readMetadata('targets', read('metadata/2.delegatedrole.json')).signed.targets.size).toBe(1);
});
