import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from './language/parse.ts';
import { CONFIGURATION_CHARACTERS } from './limits.ts';
import { permitsOf } from './permits.ts';
import { checkCertificate } from './prove/check.ts';
import { certify, prove } from './prove/prove.ts';
import { repliesTo } from './replies.ts';
import { type Resolved, resolvePolicy } from './resolve.ts';
import { decidingLine, type Ruleset } from './ruleset.ts';
import { contains, isIcmp, type Packet } from './space/packet.ts';
import { type ReadList, type Target, type TargetName, targetNames, targets } from './targets.ts';
import { type Fault, planted } from './testing/faults.ts';
import { assetsArbitrary, packetArbitrary, policyArbitrary } from './testing/random.ts';
import { slowlyPermitted } from './testing/slow-meaning.ts';

// Every kind of enforcement point: the text that is compiled for it is read back by its own reader and proved; then a fault is
// planted in the text. Verdicts are held against a slow reading that knows no diagrams.

const BUDGET = 2000;
/** A gateway listens on each port. */
const budgets: Partial<Record<TargetName, number>> = { haproxy: 300_000, radius: 1200 };
/** Between the files of a target that has several. */
const BETWEEN = '\n@@ another file\n';
/** Enough to find what is wrong in a compiler; more by hand. */
const RUNS = Number(process.env.WARDLINE_POLICY_RUNS ?? 12);
/** The same policies each time, but for who asks for more. */
const settings = { numRuns: RUNS, ...(RUNS > 12 ? {} : { seed: 20_261_125 }) };

function compiledFor(target: TargetName, resolved: Resolved): string | null {
  const { files } = targets[target].compile(resolved, budgets[target] ?? BUDGET);
  return files.length === 0
    ? null
    : files.map(({ name, text }) => `${text}${name === files.at(-1)?.name ? '' : BETWEEN}`).join('');
}

function listsOf(target: TargetName, text: string): readonly ReadList[] {
  const [first, ...others] = text.split(BETWEEN);
  const names = otherFiles(first!);
  const fileOf = (name: string) => others[names.indexOf(name)] ?? null;
  const read: Target['read'] = targets[target].read;
  const { lists, faults } = read(first!, fileOf);
  if (faults.length > 0) throw new Error(`${JSON.stringify(faults)}\n${text}`);
  return lists;
}

/** Names of maps, in the order in which a configuration names them. */
const otherFiles = (text: string): string[] => [...text.matchAll(/maps\/[\w-]+\.map/g)].map(([name]) => name);

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
      settings,
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
      settings,
    );
    expect(found).toBeGreaterThan(0);
  });

  it('ends in lists or a located fault wherever its text is cut off, and beyond the bound of a text', () => {
    const { policy } = parsePolicy(small);
    const text = compiledFor(target, resolvePolicy(policy!, [], 0))!;
    expect(listsOf(target, text).length).toBeGreaterThan(0);
    for (const { ruleset, families } of listsOf(target, text))
      certified(resolvePolicy(policy!, [], 0), ruleset, families);
    const read: Target['read'] = targets[target].read;
    for (let end = 0; end < text.length; end += 1) {
      const cut = text.slice(0, end);
      for (const { line } of read(cut).faults) {
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(cut.split('\n').length);
      }
    }
    expect(read(tooLong).faults[0]?.message).toContain('characters');
  });
});

/** What is proved can be checked without the prover, for every target. */
function certified(resolved: Resolved, ruleset: Ruleset, families: readonly (4 | 6)[]): void {
  const permits = permitsOf(resolved);
  const wanted = ruleset.stateful ? permits : [...permits, ...repliesTo(permits)];
  for (const family of families)
    expect(checkCertificate(certify(resolved, ruleset, family)!, wanted, ruleset)).toEqual({
      parts: expect.any(Number),
    });
}

const small = `policy "small" version 1
undeclared enforce
zone pumps
  addresses 10.1.0.0/24, fd00::/64
zone servers
  addresses 10.2.0.1-10.2.0.2
conduit a
  from pumps
  to servers
  allow tcp 443 8000-8010
  mode enforce
conduit b
  from pumps
  to pumps
  allow gre
  mode enforce
`;
const tooLong = ' '.repeat(CONFIGURATION_CHARACTERS + 1);
