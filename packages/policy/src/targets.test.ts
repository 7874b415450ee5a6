import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prove } from './prove/prove.ts';
import { type Resolved, resolvePolicy } from './resolve.ts';
import { decidingLine, type Ruleset } from './ruleset.ts';
import { contains, isIcmp, type Packet } from './space/packet.ts';
import { type ReadList, type TargetName, targetNames, targets } from './targets.ts';
import { type Fault, planted } from './testing/faults.ts';
import { assetsArbitrary, packetArbitrary, policyArbitrary } from './testing/random.ts';
import { slowlyPermitted } from './testing/slow-meaning.ts';

// Every kind of enforcement point: the text that is compiled for it is read back by its own reader and proved; then a fault is
// planted in the text. Verdicts are held against a slow reading that knows no diagrams.

const BUDGET = 2000;
/** Enough to find what is wrong in a compiler; more by hand. */
const RUNS = Number(process.env.WARDLINE_POLICY_RUNS ?? 50);

function compiledFor(target: TargetName, resolved: Resolved): string | null {
  return targets[target].compile(resolved, BUDGET).files[0]?.text ?? null;
}

function listsOf(target: TargetName, text: string): readonly ReadList[] {
  const { lists, faults } = targets[target].read(text);
  if (faults.length > 0) throw new Error(`${JSON.stringify(faults)}\n${text}`);
  return lists;
}

const passes = (ruleset: Ruleset, packet: Packet) =>
  (decidingLine(ruleset, packet)?.action ?? ruleset.otherwise) === 'permit';

const isBeside = ({ beside }: Ruleset, packet: Packet) =>
  beside.some(({ family, boxes }) => family === packet.family && boxes.some((box) => contains(box, packet)));

/** Packets on which a list decides. */
const ownOf = ({ ruleset, families }: ReadList, packets: readonly Packet[]): Packet[] =>
  packets.filter((packet) => families.includes(packet.family) && !isBeside(ruleset, packet));

/** A packet passes where the policy says so, or, without state, where it answers one that does. Null: not told here. */
function shouldPass(resolved: Resolved, { stateful }: Ruleset, packet: Packet): boolean | null {
  if (slowlyPermitted(resolved, packet)) return true;
  if (stateful) return false;
  // Which messages answer others is a matter of types, not of single packets.
  if (isIcmp(packet.protocol)) return null;
  const { protocol, source, destination, sourcePort, destinationPort, established } = packet;
  if (protocol === 6n && established === 0n) return false;
  const ends = { source: destination, destination: source };
  const ports = { sourcePort: destinationPort, destinationPort: sourcePort };
  return slowlyPermitted(resolved, { ...packet, ...ends, ...ports, established: 0n });
}

const given = fc.tuple(
  policyArbitrary,
  assetsArbitrary,
  fc.array(packetArbitrary, { minLength: 15, maxLength: 15 }),
);

describe.each(targetNames)('%s', (target) => {
  it('is the policy over all packets, read back from its text, and the same text each time', () => {
    let proved = 0;
    fc.assert(
      fc.property(given, ([policy, assets, packets]) => {
        const resolved = resolvePolicy(policy, assets, 0);
        const text = compiledFor(target, resolved);
        expect(compiledFor(target, resolved)).toBe(text);
        if (text === null) return;
        proved += 1;
        for (const { ruleset, families } of listsOf(target, text)) {
          const proof = prove(resolved, ruleset, families);
          const told = proof.families.flatMap(({ counterExamples }) => counterExamples);
          expect(
            told.map(({ message }) => message),
            text,
          ).toEqual([]);
          expect([proof.equal, proof.unmodelled]).toEqual([true, []]);
          for (const packet of ownOf({ ruleset, families }, packets)) {
            const should = shouldPass(resolved, ruleset, packet);
            if (should !== null) expect(passes(ruleset, packet)).toBe(should);
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(proved).toBeGreaterThan(RUNS / 5);
  });

  it.each<Fault>(['dropped', 'swapped', 'widened'])('shows a line that is %s by a true packet', (fault) => {
    let found = 0;
    fc.assert(
      fc.property(given, fc.nat(), ([policy, assets, packets], choice) => {
        const resolved = resolvePolicy({ ...policy, undeclared: 'enforce' }, assets, 0);
        const text = compiledFor(target, resolved);
        const changed = text === null ? null : planted(target, fault, text, choice);
        if (changed === null) return;
        for (const { ruleset, families } of listsOf(target, changed)) {
          const differs = (packet: Packet, unknown: boolean) => {
            const should = shouldPass(resolved, ruleset, packet);
            return should === null ? unknown : passes(ruleset, packet) !== should;
          };
          const proof = prove(resolved, ruleset, families);
          const told = proof.families.flatMap(({ counterExamples }) => counterExamples);
          expect(proof.equal).toBe(told.length === 0);
          if (told.length > 0) found += 1;
          for (const { kind, packet } of told) {
            expect(differs(packet, true), `${kind} ${changed}`).toBe(true);
            expect(passes(ruleset, packet)).toBe(kind === 'leak');
          }
          const own = ownOf({ ruleset, families }, packets);
          if (proof.equal) expect(own.filter((packet) => differs(packet, false))).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(found).toBeGreaterThan(2);
  });
});
