import { expect, it } from 'vitest';
import { parsePolicy } from './language/parse.ts';
import { printPolicy } from './language/print.ts';
import { learn } from './learn.ts';
import type { PolicyAsset } from './resolve.ts';
import { resolvePolicy } from './resolve.ts';
import { compareDrafts, type Recorded, simulate } from './simulate.ts';

const asset = (id: string, of: string, location: string, ip: string): PolicyAsset => ({
  id,
  name: id,
  ips: [ip],
  attributes: { class: [of], location: [location] },
});
const assets = [
  asset('pump-1', 'infusion-pump', 'ICU 3', '10.1.0.1'),
  asset('pump-2', 'infusion-pump', 'ICU 3', '10.1.0.2'),
  asset('server', 'pump-server', 'Data centre', '10.9.0.1'),
  asset('laptop', 'workstation', 'Office', '10.5.0.9'),
];
const critical = new Set(['pump-1', 'pump-2']);

function party(id: string): Recorded['client'] {
  const found = assets.find((one) => one.id === id);
  const criticality = critical.has(id) ? 'life-critical' : 'medium';
  return found
    ? { asset: id, name: id, ip: found.ips[0]!, criticality }
    : { asset: null, name: id, ip: id, criticality: 'unknown' };
}

const talk = (client: string, server: string, port: number, more: Partial<Recorded> = {}): Recorded => ({
  client: party(client),
  server: party(server),
  transport: 'tcp',
  serverPort: port,
  application: 'http',
  answered: true,
  packets: 100,
  firstSeen: 0,
  lastSeen: 1,
  days: 28,
  evidence: `week.pcap packet ${port}`,
  ...more,
});

const recorded = [
  talk('pump-1', 'server', 443),
  talk('pump-2', 'server', 443),
  talk('pump-2', 'server', 8080, { days: 1 }),
  talk('laptop', 'pump-1', 23, { answered: false }),
  talk('laptop', '203.0.113.7', 443),
  talk('pump-1', 'server', 0, { transport: 'icmp', serverPort: null, application: null }),
];
const options = { name: 'learnt', recordedDays: 28, onlyAnswered: true };

it('proposes few zones and conduits that keep everything recorded going, each with its ground', () => {
  const { policy, proposals, leftOut } = learn(assets, recorded, options);
  expect(policy.zones.map(({ name }) => name)).toEqual([
    'infusion-pump',
    'pump-server',
    'unknown-hosts-of-203-0-113-0-24',
    'workstation',
  ]);
  expect(proposals.map(({ conduit }) => conduit.name)).toEqual([
    'infusion-pump-to-pump-server',
    'workstation-to-unknown-hosts-of-203-0-113-0-24',
  ]);
  expect(proposals[0]).toMatchObject({ clients: 2, servers: 1, days: 28, rare: false });
  expect(proposals[0]?.ground).toBe(
    '2 clients of 1 server, seen on 28 of 28 days, http; life-critical devices take part',
  );
  expect(leftOut).toEqual([{ reason: 'never answered: an attempt', count: 1 }]);
  expect(parsePolicy(printPolicy(policy)).policy).toEqual(policy);
  const enforced = {
    ...policy,
    undeclared: 'enforce' as const,
    conduits: policy.conduits.map((c) => ({ ...c, mode: 'enforce' as const })),
  };
  const { cut, passes } = simulate(resolvePolicy(enforced, assets, 0), recorded);
  expect(passes).toBe(5);
  expect(cut.map(({ conversation }) => conversation.serverPort)).toEqual([23]);
});

it('parts a class by place where each place holds several, and leaves nobody between the zones', () => {
  const pumps = ['ICU 1', 'ICU 2'].flatMap((place, ward) =>
    [1, 2, 3].map((n) => asset(`pump-${ward}-${n}`, 'infusion-pump', place, `10.2.${ward}.${n}`)),
  );
  const lost = {
    ...asset('lost', 'infusion-pump', '', '10.2.9.9'),
    attributes: { class: ['infusion-pump'] },
  };
  const many = [...pumps, lost, assets[2]!];
  const conversations = many.slice(0, -1).map(({ id, ips }) => ({
    ...talk('pump-1', 'server', 443),
    client: { ...party('pump-1'), asset: id, ip: ips[0]! },
  }));
  const { policy } = learn(many, conversations, options);
  const { zones } = resolvePolicy(policy, many, 0);
  const members = Object.fromEntries(zones.map((zone) => [zone.name, zone.members.length]));
  expect(members).toEqual({
    'infusion-pump-elsewhere': 1,
    'infusion-pump-icu-1': 3,
    'infusion-pump-icu-2': 3,
    'pump-server': 1,
  });
});

it('names conduits between zones of long names apart', () => {
  const long = [1, 2].map((n) => asset(`a${n}`, `${'x'.repeat(58)}${n}`, 'here', `10.3.0.${n}`));
  const all = [...long, assets[2]!];
  const conversations = long.map(({ id, ips }) => ({
    ...talk('pump-1', 'server', 443),
    client: { ...party('pump-1'), asset: id, ip: ips[0]! },
  }));
  const { policy } = learn(all, conversations, options);
  expect(new Set(policy.conduits.map(({ name }) => name)).size).toBe(2);
  expect(parsePolicy(printPolicy(policy)).policy).toEqual(policy);
});

it('says of a conversation seen once in a month that it is rare, and keeps it', () => {
  const { proposals } = learn(assets, [talk('pump-1', 'server', 9000, { days: 1 })], options);
  expect(proposals[0]).toMatchObject({
    rare: true,
    conduit: { services: [{ protocol: 'tcp', ports: ['9000'] }] },
  });
});

const draft = (port: number) =>
  resolvePolicy(
    parsePolicy(`policy "x" version 1
undeclared enforce
zone pumps members class is infusion-pump
zone servers members class is pump-server
conduit c from pumps to servers allow tcp ${port} mode enforce
must allow "library" from pumps to servers service tcp 443
must allow "never seen" from servers to pumps service tcp 1
`).policy!,
    assets,
    0,
  );

it('tells what would be cut, the life-critical first, and which must it breaks', () => {
  const { cut, assets: hurt, passes, unseenMusts } = simulate(draft(8080), recorded);
  expect(passes).toBe(1);
  expect(cut[0]).toMatchObject({
    conversation: { serverPort: 443 },
    verdict: { kind: 'cut', breaksMust: true, by: ['conduit c'] },
  });
  expect(hurt[0]).toMatchObject({ asset: 'pump-1', criticality: 'life-critical' });
  expect(unseenMusts).toEqual(['must-allow never seen']);
});

it('tells what a second draft newly cuts and newly lets through', () => {
  const difference = compareDrafts(draft(443), draft(8080), recorded);
  expect(difference.newlyCut.map(({ conversation }) => conversation.serverPort)).toEqual([443, 443]);
  expect(difference.newlyPassing.map(({ conversation }) => conversation.serverPort)).toEqual([8080]);
});

it('lets a policy that only observes cut nothing', () => {
  const { policy } = learn(assets, recorded, options);
  const { cut, watched } = simulate(resolvePolicy(policy, assets, 0), recorded);
  expect(cut).toEqual([]);
  expect(watched).toBe(1);
});
