import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileNftables } from '../compile/nftables.ts';
import { readNftables } from '../read/nftables/index.ts';
import { resolvePolicy } from '../resolve.ts';
import { decidingLine, type Ruleset } from '../ruleset.ts';
import type { Packet } from '../space/packet.ts';
import { openingPackets } from '../testing/opening.ts';
import { assetsArbitrary, policyArbitrary } from '../testing/random.ts';
import { canRoute, Router } from '../testing/router.ts';
import { slowlyPermitted } from '../testing/slow-meaning.ts';
import { prove } from './prove.ts';

// What the kernel itself does with packets: `nft` loads the compiled text, a router forwards or drops, and the counters of its
// rules say which of them decided. What the kernel says that it runs is proved as well.

const POLICIES = 40;
const PACKETS = 120;

describe.skipIf(!canRoute)('the kernel, with the compiled rules loaded by nft,', () => {
  let router: Router;
  beforeAll(() => {
    router = new Router();
  });
  afterAll(() => router?.close());

  it('lets every packet through that the policy permits and no other, by the very line that was read', () => {
    const samples = fc.sample(fc.tuple(policyArbitrary, assetsArbitrary), {
      numRuns: POLICIES,
      seed: 20_261_125,
    });
    let sent = 0;
    for (const [policy, assets] of samples) {
      const resolved = resolvePolicy(policy, assets, 0);
      const { text } = compileNftables(resolved).files[0]!;
      router.load(text);
      const packets = openingPackets(PACKETS * 3);
      const counts = router.send(packets);
      expect(counts, text).toEqual(expectedCounts(readFirst(text), text, packets));
      const permitted = packets.filter((packet) => slowlyPermitted(resolved, packet)).length;
      const accepting = linesWith(text, 'counter').map((line) => line.includes('accept'));
      expect(counts.filter((_, index) => accepting[index]).reduce((sum, count) => sum + count, 0)).toBe(
        permitted,
      );
      expect(prove(resolved, readFirst(router.listing()), [4, 6]).equal, router.listing()).toBe(true);
      sent += packets.length;
    }
    console.log(`packets through the kernel: ${sent} under ${samples.length} policies`);
  }, 300_000);

  it('refuses what our reader refuses: a set that is not declared', () => {
    expect(() => router.load('table inet x { chain c { ip saddr @nowhere accept } }')).toThrow();
  });
});

const linesWith = (text: string, word: string) => text.split('\n').filter((line) => line.includes(word));

function readFirst(text: string): Ruleset {
  const result = readNftables(text);
  if ('fault' in result) throw new Error(result.fault.message);
  return result.rulesets[0]!;
}

/** How many packets each counting line takes by our own reading; the last counts what is dropped. */
function expectedCounts(ruleset: Ruleset, text: string, packets: readonly Packet[]): number[] {
  const lines = text.split('\n');
  const counting = lines.flatMap((line, index) => (line.includes('counter') ? [index + 1] : []));
  const counts = counting.map(() => 0);
  for (const packet of packets) {
    const line = decidingLine(ruleset, packet);
    counts[line === null ? counts.length - 1 : counting.indexOf(line.line)]! += 1;
  }
  return counts;
}
