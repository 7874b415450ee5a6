import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resolvePolicy } from '../resolve.ts';
import { type TargetName, targets } from '../targets.ts';
import { planted } from '../testing/faults.ts';
import { assetsArbitrary, policyArbitrary } from '../testing/random.ts';
import { answersOf, difference, hasZ3 } from '../testing/smt.ts';
import { prove } from './prove.ts';

// A solver that shares nothing with the diagrams is asked the same question: is there a packet on which policy and list differ?

const POLICIES = Number(process.env.WARDLINE_Z3_POLICIES ?? 4);
const withState: readonly TargetName[] = ['nftables', 'palo-alto', 'aruba'];

it.skipIf(!hasZ3)('says of sound and of faulty lists what z3 says', () => {
  const samples = fc.sample(fc.tuple(policyArbitrary, assetsArbitrary, fc.nat()), {
    numRuns: POLICIES,
    seed: 20_261_125,
  });
  const questions: string[] = [];
  const ours: string[] = [];
  for (const [policy, assets, choice] of samples) {
    const resolved = resolvePolicy(policy, assets, 0);
    for (const target of withState) {
      const text = targets[target].compile(resolved, 300).files[0]?.text;
      const texts =
        text === undefined
          ? []
          : [text, planted(target, 'dropped', text, choice), planted(target, 'widened', text, choice)];
      for (const one of texts.filter((given) => given !== null && given !== undefined))
        for (const { ruleset, families } of targets[target].read(one).lists)
          for (const family of families) {
            questions.push(difference(resolved, ruleset, family));
            ours.push(prove(resolved, ruleset, [family]).equal ? 'unsat' : 'sat');
          }
    }
  }
  expect(answersOf(questions)).toEqual(ours);
  expect(ours.filter((answer) => answer === 'sat').length).toBeGreaterThan(2);
  expect(ours.filter((answer) => answer === 'unsat').length).toBeGreaterThan(10);
  console.log(
    `asked of z3: ${ours.length} lists, ${ours.filter((answer) => answer === 'sat').length} of them faulty`,
  );
});
