import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../language/parse.ts';
import { MUD_CHARACTERS } from '../limits.ts';
import { Meaning } from '../permits.ts';
import type { Policy } from '../policy.ts';
import { type PolicyAsset, resolvePolicy } from '../resolve.ts';
import { NONE } from '../space/diagrams.ts';
import { assetsArbitrary, policyArbitrary } from '../testing/random.ts';
import { exportMud } from './export-mud.ts';
import { type MudSite, narrowToMud } from './narrow.ts';
import type { MudProfile } from './profile.ts';
import { readMud } from './read-mud.ts';

const about = {
  url: 'https://pumps.example.com/ip-3.json',
  lastUpdate: '2026-11-25T00:00:00Z',
  systemInfo: 'Infusion pump IP-3',
  manufacturer: 'Example',
  model: 'IP-3',
};
const site = (zone: string, more: Partial<MudSite> = {}): MudSite => ({
  zone,
  myControllers: [],
  controllers: new Map(),
  names: new Map(),
  ...more,
});

function profileOf(text: string): MudProfile {
  const result = readMud(text);
  if ('fault' in result) throw new Error(`${result.fault.line}: ${result.fault.message}`);
  return result.profile;
}

function policyOf(text: string): Policy {
  const { policy, diagnostics } = parsePolicy(text);
  if (policy === null) throw new Error(JSON.stringify(diagnostics));
  return policy;
}

const hospital = policyOf(`policy "h" version 1
undeclared enforce
zone pumps
  members class is pump
zone servers
  members class is server
zone cloud
  addresses 192.0.2.0/24
conduit library
  from pumps
  to servers
  allow tcp 443 8000-8010, udp 123, icmp 8
  mode enforce
conduit update
  from pumps
  to cloud
  allow tcp 443
  mode enforce
conduit service
  from servers
  to pumps
  allow tcp 22
  mode enforce
conduit others
  from servers
  to cloud
  allow any
  mode enforce
`);
const asset = (id: string, of: string, ip: string): PolicyAsset => ({
  id,
  name: id,
  ips: [ip],
  attributes: { class: [of], vendor: [of === 'pump' ? 'Example' : 'Other'] },
});
const assets = [
  asset('p1', 'pump', '10.1.0.1'),
  asset('p2', 'pump', '10.1.0.2'),
  asset('s1', 'server', '10.2.0.1'),
];

/** An entry of a manufacturer's file, on a line of its own. */
const ace = (matches: string) => `{"name":"e","matches":${matches},"actions":{"forwarding":"accept"}}`;
const file = (from: readonly string[], to: readonly string[] = []) =>
  `{"ietf-mud:mud":{"mud-version":1,"mud-url":"${about.url}","last-update":"${about.lastUpdate}","is-supported":true,
"from-device-policy":{"access-lists":{"access-list":[{"name":"out"}]}},"to-device-policy":{"access-lists":{"access-list":[{"name":"in"}]}}},
"ietf-access-control-list:acls":{"acl":[{"name":"out","type":"ipv4-acl-type","aces":{"ace":[
${from.join(',\n')}
]}},{"name":"in","type":"ipv4-acl-type","aces":{"ace":[
${to.join(',\n')}
]}}]}}`;
const tcp = (port: number, peer: string) =>
  ace(
    `{"ipv4":{"protocol":6},"tcp":{"ietf-mud:direction-initiated":"from-device","destination-port":{"operator":"eq","port":${port}}},"ietf-mud:mud":${peer}}`,
  );

describe('a manufacturer’s file', () => {
  it('narrows the conduits of its devices to what it names, and adds nothing', () => {
    const text = file([
      tcp(443, '{"my-controller":[null]}'),
      tcp(8003, '{"controller":"urn:example:library"}'),
      tcp(9999, '{"local-networks":[null]}'),
      ace(
        '{"ipv4":{"protocol":6,"ietf-acldns:dst-dnsname":"update.example.com"},"tcp":{"destination-port":{"operator":"eq","port":443}}}',
      ),
    ]);
    const { policy, changes, unused } = narrowToMud(
      hospital,
      assets,
      profileOf(text),
      site('pumps', { myControllers: ['servers'], names: new Map([['update.example.com', ['192.0.2.7']]]) }),
    );
    expect(policy.conduits.map(({ name, services }) => [name, services])).toEqual([
      ['library', [{ protocol: 'tcp', ports: ['443', '8003'] }]],
      ['update', [{ protocol: 'tcp', ports: ['443'] }]],
      ['others', [{ protocol: 'any', ports: [] }]],
    ]);
    expect(changes.map(({ conduit, service, verdict }) => `${conduit} ${service} ${verdict}`)).toEqual([
      'library tcp 8000-8002 removed',
      'library tcp 8003 kept',
      'library tcp 8004-8010 removed',
      'library udp 123 removed',
      'library icmp 8 removed',
      // One address of the network is named, the others are not.
      'update tcp 443 kept',
      'service tcp 22 removed',
    ]);
    expect(unused).toEqual(['e']);
  });

  it.each([
    ['{"ietf-mud:mud":{"mud-version":2}}', 1, 'only version 1'],
    [file([ace('{"ipv4":{"ttl":9}}')]), 4, 'ttl is not known here'],
    [file([ace('{"eth":{"ethertype":1}}')]), 4, 'eth is not known here'],
    [
      file([ace('{"ipv4":{"source-ipv4-network":"10.0.0.0/8"}}')]),
      4,
      'source-ipv4-network is not known here in a list from-device',
    ],
    [file([ace('{"ipv4":{"destination-ipv4-network":"fd00::/8"}}')]), 4, 'is no network of IPv4'],
    [file([ace('{"tcp":{"destination-port":{"operator":"like","port":1}}}')]), 4, 'the operator "like"'],
    [file([ace('{"tcp":{},"udp":{}}')]), 4, 'two protocols'],
    [file([ace('{"ietf-mud:mud":{"model":"a","controller":"b"}}')]), 4, 'several peers at once'],
    [file([ace('{}').replace('accept', 'drop')]), 4, '"drop" is not read'],
    [file([]).replace('{"name":"out"}', '{"name":"gone"}'), 2, 'there is no list "gone"'],
  ])('is refused with the line where it says what is not known', (text, line, message) => {
    const result = readMud(text);
    expect('fault' in result && result.fault).toEqual({ line, message: expect.stringContaining(message) });
  });

  it('ends in a profile or a located fault wherever it is cut off, and beyond its bound', () => {
    const text = file([tcp(443, '{"my-controller":[null]}')]);
    expect('profile' in readMud(text)).toBe(true);
    for (let end = 0; end < text.length; end += 1) expect('fault' in readMud(text.slice(0, end))).toBe(true);
    expect('profile' in readMud(text.padEnd(MUD_CHARACTERS))).toBe(true);
    expect('fault' in readMud(text.padEnd(MUD_CHARACTERS + 1))).toBe(true);
  });

  it('that was made of a policy takes nothing out of it again', () => {
    const { text, leftOut } = exportMud(hospital, 'pumps', about);
    const { policy, changes } = narrowToMud(hospital, assets, profileOf(text), site('pumps'));
    expect([changes, leftOut, policy]).toEqual([[], [], hospital]);
    expect(profileOf(text)).toMatchObject({ url: about.url, manufacturer: 'Example', model: 'IP-3' });
  });

  it('widens nothing, whatever it says, over all packets', () => {
    let narrowed = 0;
    fc.assert(
      fc.property(
        policyArbitrary,
        policyArbitrary,
        assetsArbitrary,
        fc.constantFrom('za', 'zb', 'zc', 'zd'),
        (policy, other, devices, zone) => {
          const profile = profileOf(exportMud(other, zone, about).text);
          const result = narrowToMud(policy, devices, profile, site(zone));
          narrowed += result.changes.some(({ verdict }) => verdict === 'removed') ? 1 : 0;
          const [before, after] = [policy, result.policy].map((one) => resolvePolicy(one, devices, 0)) as [
            ReturnType<typeof resolvePolicy>,
            ReturnType<typeof resolvePolicy>,
          ];
          for (const family of [4, 6] as const) {
            // Both in one space of packets, so that they can be held against each other.
            const all = { ...before, clauses: [...before.clauses, ...after.clauses] };
            const boxes = all.clauses.flatMap(({ sources, destinations, services }) => [
              { source: sources[family] },
              { destination: destinations[family] },
              ...services[family],
            ]);
            const wide = new Meaning(before, family, boxes);
            const narrow = new Meaning(after, family, boxes);
            const leaking = wide.diagrams.subtract(translated(narrow, wide), wide.permitted);
            expect(wide.diagrams.pick(leaking)).toBe(null);
          }
        },
      ),
      { numRuns: 120 },
    );
    expect(narrowed).toBeGreaterThan(10);
  });
});

/** What one policy permits, as a set of the other's diagrams. */
function translated(from: Meaning, into: Meaning): number {
  const boxes = from.diagrams.boxes(from.permitted);
  return boxes.length === 0 ? NONE : into.diagrams.union(boxes.map((box) => into.diagrams.ofBox(box)));
}
