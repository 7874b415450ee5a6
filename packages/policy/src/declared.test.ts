import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Declaration, holdDeclared } from './declared.ts';
import type { Learnt } from './learn.ts';
import { learn } from './learn.ts';
import type { PolicyAsset } from './resolve.ts';
import type { Recorded } from './simulate.ts';

const asset = (id: string, of: string): PolicyAsset => ({
  id,
  name: id,
  ips: [`10.0.0.${id.charCodeAt(0)}`],
  attributes: { class: [of] },
});
const assets = [asset('a', 'pump'), asset('b', 'pump'), asset('c', 'server')];
const party = (id: string) => ({
  asset: id,
  name: id,
  ip: `10.0.0.${id.charCodeAt(0)}`,
  criticality: 'unknown' as const,
});
const talk = (client: string, server: string, serverPort: number | null, transport = 'tcp'): Recorded => ({
  client: party(client),
  server: party(server),
  transport,
  serverPort,
  application: null,
  answered: true,
  days: 1,
  packets: 2,
  firstSeen: 1,
  lastSeen: 2,
  evidence: null,
});
const learnt = (talks: Recorded[]): Learnt =>
  learn(assets, talks, { name: 'House', recordedDays: 1, onlyAnswered: true });
const members: Readonly<Record<string, string[]>> = { pump: ['a', 'b'], server: ['c'] };
const form = (...ports: number[]): Declaration => ({
  document: 'pump.csv',
  ports: ports.map((port) => ({ transport: 'tcp', port })),
});
const hold = (of: Learnt, declared: Record<string, Declaration>) =>
  holdDeclared(
    of,
    (zone) => members[zone] ?? [],
    (id) => declared[id] ?? null,
  );
const services = ({ policy }: Learnt) => policy.conduits.map((one) => [one.name, one.services]);

it('tells what was seen and is not declared, and what is declared and was not seen; narrows and never adds', () => {
  const all = learnt([
    talk('c', 'a', 443),
    talk('c', 'b', 23),
    talk('c', 'a', null, 'icmp'),
    talk('a', 'c', 104),
  ]);
  const held = hold(all, { a: form(443, 8080), b: form(443) });
  expect([...held.undeclared]).toEqual([['server-to-pump', ['tcp 23']]]);
  expect(held.zones).toEqual([{ zone: 'pump', documents: ['pump.csv'], unseen: ['tcp 8080'] }]);
  expect(services(held.narrowed)).toEqual([
    ['pump-to-server', [{ protocol: 'tcp', ports: ['104'] }]],
    [
      'server-to-pump',
      [
        { protocol: 'icmp', ports: [] },
        { protocol: 'tcp', ports: ['443'] },
      ],
    ],
  ]);
});

it('says nothing of a zone of which one member has no declaration', () => {
  const all = learnt([talk('c', 'b', 23)]);
  const held = hold(all, { a: form(443) });
  expect([held.undeclared.size, held.zones, services(held.narrowed)]).toEqual([0, [], services(all)]);
});

it('leaves a conduit out that has no declared service', () => {
  const held = hold(learnt([talk('c', 'a', 23)]), { a: form(443), b: form(443) });
  expect(services(held.narrowed)).toEqual([]);
});

it('never widens, whatever was recorded and declared', () => {
  const port = fc.integer({ min: 1, max: 12 });
  const id = fc.constantFrom('a', 'b', 'c');
  const talks = fc.array(fc.tuple(id, id, port, fc.constantFrom('tcp', 'udp')), { maxLength: 12 });
  const listed = fc.record({ transport: fc.constantFrom('tcp' as const, 'udp' as const, null), port });
  const forms = fc.dictionary(id, fc.record({ document: fc.constant('f'), ports: fc.array(listed) }));
  const flat = (of: Learnt) =>
    of.policy.conduits.flatMap(({ name, services: uses }) =>
      uses.flatMap((use) =>
        'service' in use
          ? []
          : use.ports.flatMap((text) => {
              const [first, last = first] = text.split('-').map(Number);
              return Array.from(
                { length: last! - first! + 1 },
                (_, index) => `${name} ${use.protocol} ${first! + index}`,
              );
            }),
      ),
    );
  fc.assert(
    fc.property(talks, forms, (rows, declared) => {
      const all = learnt(
        rows.map(([client, server, number, transport]) => talk(client, server, number, transport)),
      );
      const before = new Set(flat(all));
      const held = hold(all, declared);
      const after = flat(held.narrowed);
      expect(after.filter((one) => !before.has(one))).toEqual([]);
      const taken = [...held.undeclared].flatMap(([name, keys]) => keys.map((key) => `${name} ${key}`));
      expect(new Set([...after, ...taken])).toEqual(before);
    }),
  );
});
