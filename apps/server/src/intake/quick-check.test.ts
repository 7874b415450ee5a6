import { sensorBatchSchema } from '@wardline/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batch, endpoint } from '../testing/synthetic.ts';
import { isPlainBatch } from './quick-check.ts';

/** Every place in a value, as the names that lead to it. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, item]) => places(item, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: string[], put: unknown): unknown {
  if (name === undefined) return put;
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === name ? replaced(item, rest, put) : item));
  return { ...(value as object), [name]: replaced((value as Record<string, unknown>)[name], rest, put) };
}

function full() {
  const made = batch(1, 2);
  made.sightings[0]!.service = { transport: 'tcp', port: 104 };
  made.sightings[0]!.peer = endpoint(9);
  made.sightings[0]!.marks = ['a'.repeat(64)];
  made.sightings[0]!.facts = { names: ['one', 'two'], ttl: 64, name: 'x' } as never;
  return made;
}

const hostile = fc.oneof(
  fc.constantFrom(null, undefined, '', -1, 0, 1, 1.5, 2 ** 53, Number.NaN, Infinity, true, [], {}),
  fc.constantFrom('tcp', 'ip-1234', 'TLS1.2', 'syn', '00:1B:d3:00:00:01', '::', 'x'.repeat(2000), '1\n'),
  fc.string({ maxLength: 70 }),
  fc.integer(),
  fc.array(fc.string(), { maxLength: 10 }),
  fc.dictionary(fc.string({ maxLength: 45 }), fc.anything({ maxDepth: 1 })),
);

it('takes an honest batch', () => {
  expect(isPlainBatch(full())).toBe(true);
});

it('takes nothing that the schema refuses or would change', () => {
  const honest = full();
  const property = fc.property(fc.constantFrom(...places(honest)), hostile, (path, put) => {
    const wrong = replaced(honest, path, put);
    if (!isPlainBatch(wrong)) return;
    expect(sensorBatchSchema.parse(wrong)).toEqual(wrong);
  });
  fc.assert(property, { seed: 7400, numRuns: 4000 });
});

it('leaves fields that the schema would drop to the schema', () => {
  for (const path of places(full()).filter((p) => p.at(-1) === 'client' || p.at(-1) === 'evidence'))
    expect(isPlainBatch(replaced(full(), [...path, 'more'], 1))).toBe(false);
});
