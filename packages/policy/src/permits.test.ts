import fc from 'fast-check';
import { expect, it } from 'vitest';
import { permitsOf } from './permits.ts';
import { resolvePolicy } from './resolve.ts';
import { contains } from './space/packet.ts';
import { assetsArbitrary, packetArbitrary, policyArbitrary } from './testing/random.ts';
import { slowlyPermitted } from './testing/slow-meaning.ts';

it('permits exactly the packets that the policy says, packet by packet', () => {
  fc.assert(
    fc.property(
      policyArbitrary,
      assetsArbitrary,
      fc.array(packetArbitrary, { minLength: 30, maxLength: 30 }),
      (policy, assets, packets) => {
        const resolved = resolvePolicy(policy, assets, 0);
        const permits = permitsOf(resolved);
        for (const packet of packets) {
          const passes = permits.some(
            ({ family, sources, destinations, services }) =>
              family === packet.family &&
              contains({ source: sources, destination: destinations }, packet) &&
              services.some((box) => contains(box, packet)),
          );
          expect(passes).toBe(slowlyPermitted(resolved, packet));
        }
      },
    ),
    { numRuns: 500 },
  );
});
