import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePolicy } from './language/parse.ts';
import type { Policy } from './policy.ts';
import { type Authorised, asAuthorised, authorised, reauthorise } from './reauthorise.ts';
import { type PolicyAsset, resolvePolicy } from './resolve.ts';

const policy: Policy = parsePolicy(`policy "Wards" version 1
zone pumps
  members class is pump and not posture is boot-contradicted
zone apart
  members posture is boot-contradicted
zone cellar
  members address in (10.9.0.0/24)
`).policy!;

const device = (id: string, posture: string[], over: Partial<PolicyAsset> = {}): PolicyAsset => ({
  id,
  name: id,
  ips: ['10.1.0.1'],
  attributes: { class: ['pump'], criticality: ['medium'], posture },
  ...over,
});
const vital = (id: string, posture: string[]): PolicyAsset =>
  device(id, posture, { attributes: { class: ['pump'], criticality: ['life-critical'], posture } });
const isProtected = (asset: PolicyAsset, before: Authorised) =>
  [asset.attributes, before.attributes].some(({ criticality }) => criticality?.includes('life-critical'));
const before = (...assets: PolicyAsset[]) =>
  new Map(assets.map((asset) => [asset.id, authorised(policy, asset)]));
const again = (known: ReadonlyMap<string, Authorised>, ...assets: PolicyAsset[]) =>
  reauthorise(policy, known, assets, isProtected);

it('moves a device whose attributes choose another zone, and says which of them', () => {
  const { moved, held, rows } = again(before(device('a', [])), device('a', ['boot-contradicted']));
  expect(held).toEqual([]);
  expect(moved).toEqual([
    {
      asset: 'a',
      from: ['pumps'],
      to: ['apart'],
      because: [{ attribute: 'posture', was: [], is: ['boot-contradicted'] }],
    },
  ]);
  expect(rows.get('a')!.zones).toEqual(['apart']);
});

it('leaves a life-critical device where it is until a person decides, also when what makes it so changes too', () => {
  const known = before(vital('v', []));
  const { moved, held, rows } = again(known, vital('v', ['boot-contradicted']));
  expect([moved, held.map(({ to }) => to)]).toEqual([[], [['apart']]]);
  expect(rows.get('v')).toBe(known.get('v'));
  expect(again(known, device('v', ['boot-contradicted'])).held).toHaveLength(1);
  expect(again(known, vital('v', [])).held).toEqual([]);
});

it('a life-critical device gains a zone by itself, and follows its addresses', () => {
  const at = (ip: string) => ({ ...vital('v', []), ips: [ip] });
  expect(again(before(at('10.1.0.1')), at('10.9.0.1')).moved).toMatchObject([{ to: ['pumps', 'cellar'] }]);
  expect(again(before(at('10.9.0.1')), at('10.1.0.1')).moved).toMatchObject([{ to: ['pumps'] }]);
});

it('tells who came and who went', () => {
  const { joined, gone } = again(
    before(device('a', [])),
    device('b', []),
    device('c', [], { attributes: {} }),
  );
  expect([joined, gone]).toEqual([['b'], ['a']]);
});

it('no protected device ever has fewer addresses in its zones by a change of attributes, whatever changes', () => {
  const posture = fc.subarray(['boot-contradicted', 'firmware-outdated', 'boot-affirmed']);
  const life = fc.constantFrom('life-critical', 'medium');
  fc.assert(
    fc.property(posture, posture, life, fc.constantFrom('pump', 'monitor'), (was, is, criticality, of) => {
      const old = device('x', was, {
        attributes: { class: ['pump'], criticality: [criticality], posture: was },
      });
      const now = device('x', is, { attributes: { class: [of], criticality: ['medium'], posture: is } });
      const { rows } = again(before(old), now);
      const members = (asset: PolicyAsset) =>
        resolvePolicy(policy, [asset], 0)
          .zones.filter((zone) => zone.members.length > 0)
          .map(({ name }) => name);
      const counted = members(asAuthorised(now, rows.get('x')!));
      if (criticality === 'life-critical') for (const zone of members(old)) expect(counted).toContain(zone);
      else expect(counted).toEqual(members(now));
    }),
  );
});
