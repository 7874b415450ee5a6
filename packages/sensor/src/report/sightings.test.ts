import type { Endpoint, FactValue } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Redactor } from '../redactor.ts';
import { Recent } from './recent.ts';
import { ConversationReporter } from './reporter.ts';
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
  ...more,
});

describe('sightings', () => {
  test('that are equal are one with a count and the earliest and latest time', () => {
    const table = new SightingTable('c', 10, new Tally());
    table.add(said(), 50, 1, null);
    table.add(said({ subject: { ...host(1) } }), 20, 2, null);
    table.add(said(), 90, 3, null);
    const [one, ...others] = table.take();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      count: 3,
      firstSeen: 20,
      lastSeen: 90,
      evidence: { capture: 'c', packet: 1 },
    });
  });

  test.each<[string, Partial<Observation>]>([
    ['kind', { kind: 'ssh.hostkey' }],
    ['subject', { subject: host(2) }],
    ['service', { service: null }],
    ['peer', { peer: host(2) }],
    ['facts', { facts: { role: 'server', banner: 'y' } }],
  ])('that differ in %s are two', (_what, more) => {
    const table = new SightingTable('c', 10, new Tally());
    table.add(said(), 1, 1, null);
    table.add(said(more), 1, 2, null);
    expect(table.take()).toHaveLength(2);
  });

  test('with other groups for peers are told apart', () => {
    const table = new SightingTable('c', 10, new Tally());
    for (const ip of ['224.0.0.1', '239.0.0.1'])
      table.add(said({ peer: { mac: null, ip, vlan: null } }), 1, 1, null);
    expect(table.take()).toHaveLength(2);
  });

  test('keep facts as they were when they were said', () => {
    const table = new SightingTable('c', 10, new Tally());
    const facts: Record<string, FactValue> = { banner: 'x' };
    table.add(said({ facts }), 1, 1, null);
    facts.banner = 'changed';
    expect(table.take()[0]?.facts).toEqual({ banner: 'x' });
  });
});

describe('what one conversation said before', () => {
  const subject = host(1);
  const service = { transport: 'tcp', port: 22 } as const;
  const statement = fc.record({
    peer: fc.constantFrom(null, host(2)),
    facts: fc.dictionary(
      fc.constantFrom('a', 'b'),
      fc.constantFrom<FactValue | undefined>(
        'x',
        'y',
        1,
        true,
        ['p'],
        ['p', 'q'],
        'x'.repeat(2000),
        undefined,
      ),
    ),
  });

  test('counts as it does without being remembered, over drains too', () => {
    fc.assert(
      fc.property(fc.array(fc.option(statement), { maxLength: 60 }), (statements) => {
        const [with_, without] = [
          new SightingTable('c', 9, new Tally()),
          new SightingTable('c', 9, new Tally()),
        ];
        const recent = new Recent();
        statements.forEach((one, at) => {
          if (one === null) expect(with_.take()).toEqual(without.take());
          else
            for (const [table, memory] of [
              [with_, recent],
              [without, null],
            ] as const)
              table.add(
                said({ subject, service, peer: one.peer, facts: one.facts as Observation['facts'] }),
                at,
                at,
                memory,
              );
        });
        expect(with_.take()).toEqual(without.take());
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

test('a sighting keeps distinct marks up to the bound, and no more values are hashed than that', () => {
  const redact = new Redactor(new Uint8Array(32), []);
  const mark = vi.spyOn(redact, 'mark');
  const marks: string[] = [];
  const context = { redact, sink: () => ({ marks }), malformed: () => {}, maxNotes: 0, now: () => 0 };
  const around = { client: host(1), server: host(2), clientPort: 1, serverPort: 2 };
  const about = { application: null, protection: 'unknown', notes: new Map() } as const;
  const report = new ConversationReporter(context, around, 'tcp', { ...about });
  for (const name of ['a', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'])
    report.phi('hl7', 'PID-3', 'client', name);
  expect(marks).toEqual(Array.from('abcdefgh').map((name) => redact.mark(name)));
  expect(mark).toHaveBeenCalledTimes(9 + 8);
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
