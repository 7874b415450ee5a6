import { expect, it } from 'vitest';
import { contain } from './contain.ts';
import { parsePolicy } from './language/parse.ts';
import { printPolicy } from './language/print.ts';
import { contradictions } from './permits.ts';
import { type PolicyAsset, resolvePolicy } from './resolve.ts';
import { type Recorded, simulate } from './simulate.ts';

const asset = (id: string, of: string, ip: string): PolicyAsset => ({
  id,
  name: id,
  ips: [ip],
  attributes: { class: [of] },
});
const assets = [
  asset('pump-1', 'infusion-pump', '10.1.0.1'),
  asset('pump-2', 'infusion-pump', '10.1.0.2'),
  asset('server', 'pump-server', '10.9.0.1'),
  asset('laptop', 'workstation', '10.5.0.9'),
];
const talk = (client: string, server: string, port: number): Recorded => {
  const party = (id: string) => {
    const ip = assets.find((one) => one.id === id)!.ips[0]!;
    return {
      asset: id,
      name: id,
      ip,
      criticality: id.startsWith('pump') ? ('life-critical' as const) : ('medium' as const),
    };
  };
  return {
    client: party(client),
    server: party(server),
    transport: 'tcp',
    serverPort: port,
    application: null,
    answered: true,
    packets: 1,
    firstSeen: 0,
    lastSeen: 1,
    days: 1,
    evidence: '',
  };
};
const recorded = [
  talk('pump-1', 'server', 443),
  talk('pump-1', 'server', 22),
  talk('server', 'pump-1', 443),
  talk('laptop', 'pump-1', 23),
  talk('pump-2', 'server', 443),
  talk('laptop', 'server', 443),
];
const text = `policy "House" version 1
undeclared observe
zone pumps
  members class is infusion-pump
zone servers
  members class is pump-server
conduit pumps-to-servers
  from pumps
  to servers
  allow tcp 443
  mode enforce
`;
const keep = [{ peer: '10.9.0.1', outwards: true, protocol: 'tcp', port: 443 }];
const order = { name: 'incident-3', title: 'Incident 3', assets: ['pump-1'] };

const cutBy = (policy: Parameters<typeof resolvePolicy>[0]) =>
  simulate(resolvePolicy(policy, assets, 0), recorded).cut.map(
    ({ conversation: { client, server, serverPort } }) => `${client.asset}>${server.asset}:${serverPort}`,
  );

it('ends all that a contained device says and hears, and nothing of others', () => {
  for (const policy of [parsePolicy(text).policy, null]) {
    const after = contain(policy, { ...order, keep: [] });
    expect(cutBy(after).toSorted()).toEqual([
      'laptop>pump-1:23',
      'pump-1>server:22',
      'pump-1>server:443',
      'server>pump-1:443',
    ]);
    expect(contradictions(resolvePolicy(after, assets, 0))).toEqual([]);
  }
});

it('lets exactly pass what is kept, and is text that is read as it was meant', () => {
  for (const policy of [parsePolicy(text).policy, null]) {
    const after = contain(policy, { ...order, keep });
    expect(cutBy(after).toSorted()).toEqual(['laptop>pump-1:23', 'pump-1>server:22', 'server>pump-1:443']);
    const again = parsePolicy(printPolicy(after));
    expect(again.diagnostics).toEqual([]);
    expect(cutBy(again.policy!).toSorted()).toEqual(cutBy(after).toSorted());
    expect(contradictions(resolvePolicy(after, assets, 0))).toEqual([]);
  }
});

it('an address of the other family is no way around it', () => {
  const after = contain(null, { ...order, keep });
  expect(after.zones.find(({ name }) => name === 'incident-3-others')?.outside).toEqual(['10.9.0.1', '::']);
});
