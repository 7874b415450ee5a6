import fc from 'fast-check';
import { expect, it } from 'vitest';
import { permitsOf } from '../permits.ts';
import type { Policy } from '../policy.ts';
import { repliesTo } from '../replies.ts';
import { type PolicyAsset, type Resolved, resolvePolicy } from '../resolve.ts';
import { type ReadList, type Target, type TargetName, targetNames, targets } from '../targets.ts';
import { planted } from '../testing/faults.ts';
import { assetsArbitrary, policyArbitrary } from '../testing/random.ts';
import { answersOf, difference, hasZ3 } from '../testing/smt.ts';
import { prove } from './prove.ts';

// A solver that shares nothing with the diagrams is asked the same question: is there a packet on which policy and list differ?

const POLICIES = Number(process.env.WARDLINE_Z3_POLICIES ?? 4);
/** A gateway listens on each port, and each role has its own list. */
const budgets: Partial<Record<TargetName, number>> = { haproxy: 300_000, radius: 20_000 };

/** Lists that a target's text holds, sound and with a fault planted in it. */
function listsOf(target: TargetName, resolved: Resolved, choice: number): readonly ReadList[] {
  const { files } = targets[target].compile(resolved, budgets[target] ?? 400);
  const [main] = files;
  if (main === undefined) return [];
  const read: Target['read'] = targets[target].read;
  const others = new Map(files.map(({ name, text }) => [name, text]));
  const fileOf = (name: string) => others.get(name) ?? null;
  const faulty = (['dropped', 'widened'] as const).flatMap((fault) =>
    files.flatMap(({ name, text }) => {
      const changed = planted(target, fault, text, choice);
      if (changed === null) return [];
      const isMain = name === main.name;
      return read(isMain ? changed : main.text, (one) => (one === name ? changed : fileOf(one))).lists;
    }),
  );
  return [...read(main.text, fileOf).lists, ...faulty];
}

interface Question {
  target: TargetName;
  text: string;
  ours: string;
}

function questionsOf(policy: Policy, assets: readonly PolicyAsset[], choice: number): Question[] {
  const resolved = resolvePolicy(policy, assets, 0);
  const answers = repliesTo(permitsOf(resolved));
  return targetNames.flatMap((target) =>
    listsOf(target, resolved, choice).flatMap(({ ruleset, families }) =>
      families.map((family) => ({
        target,
        text: difference(resolved, ruleset, family, ruleset.stateful ? [] : answers),
        ours: prove(resolved, ruleset, [family]).equal ? 'unsat' : 'sat',
      })),
    ),
  );
}

it.skipIf(!hasZ3)('says of sound and of faulty lists of every target what z3 says', () => {
  const samples = fc.sample(fc.tuple(policyArbitrary, assetsArbitrary, fc.nat()), {
    numRuns: POLICIES,
    seed: 20_261_125,
  });
  const questions = samples.flatMap(([policy, assets, choice]) => questionsOf(policy, assets, choice));
  const theirs = answersOf(questions.map(({ text }) => text));
  expect(theirs).toEqual(questions.map(({ ours }) => ours));
  for (const target of targetNames) {
    const own = theirs.filter((_, index) => questions[index]!.target === target);
    expect([target, own.includes('sat'), own.includes('unsat')]).toEqual([target, true, true]);
  }
  const faulty = theirs.filter((answer) => answer === 'sat').length;
  console.log(`asked of z3: ${theirs.length} lists, ${faulty} of them faulty`);
});
