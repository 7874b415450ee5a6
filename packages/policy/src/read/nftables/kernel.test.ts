import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { families } from '../../resolve.ts';
import { boxesOfRuleset, decidingLine, permittedBy, type Ruleset } from '../../ruleset.ts';
import { Diagrams } from '../../space/diagrams.ts';
import { nftRulesArbitrary } from '../../testing/nft-rules.ts';
import { openingPackets } from '../../testing/opening.ts';
import { canRoute, Router } from '../../testing/router.ts';
import { readNftables } from './index.ts';

// Random rulesets as people write them: loaded by nft, listed by the kernel in each of its forms, and tried packet by packet.

const RULESETS = Number(process.env.WARDLINE_POLICY_RUNS ?? 12);
const forms = [[], ['-n'], ['-S'], ['-y'], ['-j']];

describe.skipIf(!canRoute)('rulesets as people write them', () => {
  let router: Router;
  beforeAll(() => {
    router = new Router();
  });
  afterAll(() => router?.close());

  it('mean what the kernel does, and the same in each form in which it lists them', () => {
    for (const [index, text] of fc
      .sample(nftRulesArbitrary, { numRuns: RULESETS, seed: 20_261_127 })
      .entries()) {
      router.load(text);
      const ruleset = readOnly(text);
      expect(ruleset.unmodelled, text).toEqual([]);
      for (const form of forms) {
        const listed = readOnly(router.listing(...form));
        expect(isSame(ruleset, listed), `${form.join(' ')} ${text}`).toBe(true);
      }
      const packets = openingPackets(150);
      const passing = packets.filter(
        (packet) => (decidingLine(ruleset, packet)?.action ?? ruleset.otherwise) === 'permit',
      ).length;
      expect(router.send(packets), `${index}: ${text}`).toEqual([passing, packets.length - passing]);
    }
  }, 300_000);
});

/** The same packets pass; equal sets are one node. */
function isSame(one: Ruleset, other: Ruleset): boolean {
  return families.every((family) => {
    const boxes = [...boxesOfRuleset(one, family), ...boxesOfRuleset(other, family)];
    const diagrams = new Diagrams(family, boxes);
    return permittedBy(one, diagrams) === permittedBy(other, diagrams);
  });
}

function readOnly(text: string): Ruleset {
  const result = readNftables(text);
  if ('fault' in result) throw new Error(`${result.fault.line}: ${result.fault.message}\n${text}`);
  expect(result.rulesets).toHaveLength(1);
  return result.rulesets[0]!;
}
