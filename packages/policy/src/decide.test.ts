import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Decider } from './decide.ts';
import { resolvePolicy } from './resolve.ts';
import { contains } from './space/packet.ts';
import { assetsArbitrary, packetArbitrary, policyArbitrary } from './testing/random.ts';
import { slowlyPermitted } from './testing/slow-meaning.ts';

it('decides each packet as reading clause by clause does, whatever the policy', () => {
  fc.assert(
    fc.property(
      policyArbitrary,
      assetsArbitrary,
      fc.array(packetArbitrary, { minLength: 1, maxLength: 20 }),
      (policy, assets, packets) => {
        const resolved = resolvePolicy(policy, assets, 0);
        const decider = new Decider(resolved);
        for (const packet of packets) {
          expect(decider.decide(packet).verdict.kind !== 'cut').toBe(slowlyPermitted(resolved, packet));
          const joined = resolved.clauses.filter(
            ({ sources, destinations }) =>
              contains({ source: sources[packet.family] }, packet) &&
              contains({ destination: destinations[packet.family] }, packet),
          );
          expect(decider.joined(packet)).toEqual(joined);
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('tells clauses apart beyond one word of bits, the last one too', () => {
  const zones = Array.from({ length: 70 }, (_, n) => ({
    name: `z${n}`,
    title: null,
    members: null,
    addresses: [`10.0.${n}.0/24`],
    outside: [],
    notes: [],
  }));
  const conduits = zones.map(({ name }, n) => ({
    name: `c${n}`,
    title: null,
    from: [name],
    to: ['anywhere'],
    services: [{ protocol: 'tcp', ports: [] }],
    mode: 'enforce' as const,
    because: null,
    notes: [],
  }));
  const policy = {
    version: 1 as const,
    name: 'x',
    undeclared: 'enforce' as const,
    zones,
    services: [],
    conduits,
    musts: [],
    exceptions: [],
    notes: [],
  };
  const decider = new Decider(resolvePolicy(policy, [], 0));
  for (const n of [0, 31, 32, 63, 64, 69])
    expect(
      decider.decide({
        family: 4,
        source: BigInt((10 << 24) + (n << 8) + 255),
        destination: (1n << 32n) - 1n,
        protocol: 6n,
        destinationPort: 1n,
        sourcePort: 2n,
        established: 0n,
      }),
    ).toEqual({ verdict: { kind: 'passes', by: [`conduit c${n}`] }, musts: [] });
});
