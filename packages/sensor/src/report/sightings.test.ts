import type { Endpoint, FactValue } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SightingTable } from './sightings.ts';
import { boundedFacts, factsKey, type Observation } from './sink.ts';
import { Tally } from './tally.ts';

const host = (last: number): Endpoint => ({
  mac: `02:00:00:00:00:0${last}`,
  ip: `10.0.0.${last}`,
  vlan: null,
});
const said = (more: Partial<Observation> = {}): Observation => ({
  kind: 'ssh.software',
  subject: host(1),
  service: { transport: 'tcp', port: 22 },
  peer: null,
  facts: { role: 'server', banner: 'x' },
  marks: [],
  ...more,
});

describe('sightings', () => {
  test('that are equal are one with a count, the earliest and latest time, and all marks up to the bound', () => {
    const table = new SightingTable('c', 10, new Tally());
    table.add(said({ marks: ['a', 'a'] }), 50, 1);
    table.add(said({ subject: { ...host(1) }, marks: ['b'] }), 20, 2);
    for (let i = 0; i < 9; i++) table.add(said({ marks: [`m${i}`] }), 90, 3);
    const [one, ...others] = table.take();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      count: 11,
      firstSeen: 20,
      lastSeen: 90,
      evidence: { capture: 'c', packet: 1 },
    });
    expect(one?.marks).toEqual(['a', 'b', 'm0', 'm1', 'm2', 'm3', 'm4', 'm5']);
  });

  test.each<[string, Partial<Observation>]>([
    ['kind', { kind: 'ssh.hostkey' }],
    ['subject', { subject: host(2) }],
    ['service', { service: null }],
    ['peer', { peer: host(2) }],
    ['facts', { facts: { role: 'server', banner: 'y' } }],
  ])('that differ in %s are two', (_what, more) => {
    const table = new SightingTable('c', 10, new Tally());
    table.add(said(), 1, 1);
    table.add(said(more), 1, 2);
    expect(table.take()).toHaveLength(2);
  });

  test('with other groups for peers are told apart', () => {
    const table = new SightingTable('c', 10, new Tally());
    for (const ip of ['224.0.0.1', '239.0.0.1'])
      table.add(said({ peer: { mac: null, ip, vlan: null } }), 1, 1);
    expect(table.take()).toHaveLength(2);
  });

  test('keep facts as they were when they were said', () => {
    const table = new SightingTable('c', 10, new Tally());
    const facts: Record<string, FactValue> = { banner: 'x' };
    table.add(said({ facts }), 1, 1);
    facts.banner = 'changed';
    expect(table.take()[0]?.facts).toEqual({ banner: 'x' });
  });
});

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
const facts = fc.dictionary(fc.constantFrom('a', 'b', 'ab'), value, { noNullPrototype: true });

test('facts have the same key exactly when they are equal', () => {
  fc.assert(
    fc.property(facts, facts, (left, right) => {
      expect(factsKey(left) === factsKey(right)).toBe(JSON.stringify(left) === JSON.stringify(right));
    }),
    { seed: 4, numRuns: 2000 },
  );
  expect(factsKey({ a: '1;b=2;' })).not.toBe(factsKey({ a: 1, b: 2 }));
});

test('facts are cut to the bounds of the schema, and what is absent is left out', () => {
  const long = 'x'.repeat(2000);
  const list = Array.from({ length: 200 }, () => long);
  const cut = boundedFacts({ text: long, list, none: undefined, number: 1 });
  expect(Object.keys(cut)).toEqual(['text', 'list', 'number']);
  expect(cut.text).toHaveLength(1024);
  expect(cut.list).toHaveLength(128);
  expect((cut.list as string[])[0]).toHaveLength(512);
});
