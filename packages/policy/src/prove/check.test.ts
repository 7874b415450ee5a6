import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileCiscoIos } from '../compile/cisco-ios.ts';
import { compileNftables } from '../compile/nftables.ts';
import { permitsOf } from '../permits.ts';
import type { Conduit } from '../policy.ts';
import { readCiscoIos } from '../read/cisco-ios.ts';
import { readNftables } from '../read/nftables/index.ts';
import { repliesTo } from '../replies.ts';
import { type Resolved, resolvePolicy } from '../resolve.ts';
import type { Ruleset } from '../ruleset.ts';
import { assetsArbitrary, policyArbitrary } from '../testing/random.ts';
import type { FamilyCertificate } from './certificate.ts';
import { checkCertificate } from './check.ts';
import { certify } from './prove.ts';

function compiled(resolved: Resolved): Ruleset[] {
  const nft = readNftables(compileNftables(resolved).files[0]!.text);
  const file = compileCiscoIos(resolved, 1000).files[0];
  const ios = file === undefined ? { rulesets: [] } : readCiscoIos(file.text);
  if ('fault' in nft || 'fault' in ios) throw new Error('does not read');
  return [nft.rulesets[0]!, ...ios.rulesets];
}

const familiesOf = (ruleset: Ruleset, index: number) =>
  ruleset.stateful ? ([4, 6] as const) : index === 1 ? ([4] as const) : ([6] as const);

it('holds what was proved against policy and lines by comparing boxes alone', () => {
  fc.assert(
    fc.property(policyArbitrary, assetsArbitrary, (policy, assets) => {
      const resolved = resolvePolicy(policy, assets, 0);
      const permits = permitsOf(resolved);
      for (const [index, ruleset] of compiled(resolved).entries()) {
        const wanted = ruleset.stateful ? permits : [...permits, ...repliesTo(permits)];
        for (const family of familiesOf(ruleset, index)) {
          const certificate = JSON.parse(
            JSON.stringify(certify(resolved, ruleset, family)),
          ) as FamilyCertificate;
          expect(checkCertificate(certificate, wanted, ruleset)).toEqual({ parts: expect.any(Number) });
        }
      }
    }),
    { numRuns: 100 },
  );
});

/** Ways to forge a certificate. */
const forgeries: Record<
  string,
  (certificate: FamilyCertificate, choice: number) => FamilyCertificate | null
> = {
  'a verdict turned round': (certificate, choice) => {
    const leaves = certificate.nodes.flatMap(({ parts }, node) =>
      parts.flatMap(({ to }, part) => (typeof to === 'string' ? [{ node, part, to }] : [])),
    );
    const leaf = leaves[choice % Math.max(1, leaves.length)];
    if (leaf === undefined) return null;
    const forged = structuredClone(certificate) as unknown as { nodes: { parts: { to: unknown }[] }[] };
    forged.nodes[leaf.node]!.parts[leaf.part]!.to = leaf.to === 'permit' ? 'deny' : 'permit';
    return forged as unknown as FamilyCertificate;
  },
  'a part left out': (certificate, choice) => {
    const index = choice % Math.max(1, certificate.nodes.length);
    if (certificate.nodes[index] === undefined) return null;
    const nodes = certificate.nodes.map((node, at) =>
      at === index ? { ...node, parts: node.parts.slice(1) } : node,
    );
    return { ...certificate, nodes };
  },
  'everything permitted': (certificate) => ({ ...certificate, root: 'permit' }),
  'a node that does not exist': (certificate) => ({ ...certificate, root: 1e9 }),
};

const isOpen = ({ from, to }: Conduit) => from.includes('anywhere') && to.includes('anywhere');

it.each(Object.keys(forgeries))('refuses %s', (name) => {
  let refused = 0;
  fc.assert(
    fc.property(policyArbitrary, assetsArbitrary, fc.nat(), (policy, assets, choice) => {
      const resolved = resolvePolicy({ ...policy, undeclared: 'enforce' }, assets, 0);
      const [ruleset] = compiled(resolved);
      const certificate = certify(resolved, ruleset!, 4)!;
      const forged = forgeries[name]!(certificate, choice);
      if (forged === null || JSON.stringify(forged) === JSON.stringify(certificate)) return;
      const result = checkCertificate(forged, permitsOf(resolved), ruleset!);
      // Some policies do permit everything.
      if (name === 'everything permitted' && policy.conduits.some(isOpen)) return;
      // A verdict on packets that cannot exist may be either; nothing else may pass.
      if ('parts' in result) expect(name).toBe('a verdict turned round');
      else refused += 1;
    }),
    { numRuns: 100 },
  );
  expect(refused).toBeGreaterThan(10);
});
