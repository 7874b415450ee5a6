import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileCiscoIos } from '../compile/cisco-ios.ts';
import { compileNftables } from '../compile/nftables.ts';
import { permitsOf } from '../permits.ts';
import { readCiscoIos } from '../read/cisco-ios.ts';
import { readNftables } from '../read/nftables.ts';
import { resolvePolicy } from '../resolve.ts';
import { decidingLine, type Ruleset } from '../ruleset.ts';
import { contains, type Packet } from '../space/packet.ts';
import { assetsArbitrary, packetArbitrary, policyArbitrary } from '../testing/random.ts';
import { slowAnswer, slowlyPermitted } from '../testing/slow-meaning.ts';
import { prove } from './prove.ts';

function read(text: string): Ruleset {
  const result = readNftables(text);
  if ('fault' in result) throw new Error(`line ${result.fault.line}: ${result.fault.message}\n${text}`);
  return result.rulesets[0]!;
}

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

it('compiles to nftables that are the policy over all packets, read back from the text', () => {
  fc.assert(
    fc.property(
      policyArbitrary,
      assetsArbitrary,
      fc.array(packetArbitrary, { minLength: 10, maxLength: 10 }),
      (policy, assets, packets) => {
        const resolved = resolvePolicy(policy, assets, 0);
        const ruleset = read(compileNftables(resolved).files[0]!.text);
        const proof = prove(resolved, ruleset, [4, 6]);
        expect(
          proof.families.flatMap(({ counterExamples }) => counterExamples.map(({ message }) => message)),
        ).toEqual([]);
        expect(proof.equal).toBe(true);
        for (const packet of packets) {
          const line = decidingLine(ruleset, packet);
          expect((line?.action ?? ruleset.otherwise) === 'permit').toBe(slowlyPermitted(resolved, packet));
        }
      },
    ),
    { numRuns: 400 },
  );
});

it('compiles to Cisco IOS lists that are the policy and its answers over all packets', () => {
  let compiled = 0;
  fc.assert(
    fc.property(
      policyArbitrary,
      assetsArbitrary,
      fc.array(packetArbitrary, { minLength: 10, maxLength: 10 }),
      (policy, assets, packets) => {
        const resolved = resolvePolicy(policy, assets, 0);
        const file = compileCiscoIos(resolved, 3000).files[0];
        if (file === undefined) return;
        compiled += 1;
        const { text } = file;
        const result = readCiscoIos(text);
        if ('fault' in result || result.faults.length > 0)
          throw new Error(`${JSON.stringify(result)}\n${text}`);
        for (const [index, ruleset] of result.rulesets.entries()) {
          const family = index === 0 ? 4 : 6;
          const proof = prove(resolved, ruleset, [family]);
          expect(
            proof.families.flatMap(({ counterExamples }) => counterExamples.map(({ message }) => message)),
          ).toEqual([]);
          expect(proof.equal).toBe(true);
          for (const packet of packets.filter((one) => one.family === family)) {
            if (packet.protocol === 58n && [135n, 136n].includes(packet.sourcePort)) continue;
            const passes = (decidingLine(ruleset, packet)?.action ?? ruleset.otherwise) === 'permit';
            if (slowlyPermitted(resolved, packet)) expect(passes).toBe(true);
            const answer = slowAnswer(packet);
            if (answer !== null && slowlyPermitted(resolved, packet))
              expect((decidingLine(ruleset, answer)?.action ?? ruleset.otherwise) === 'permit').toBe(true);
          }
        }
      },
    ),
    { numRuns: 200 },
  );
  expect(compiled).toBeGreaterThan(50);
});

/** One fault in a compiled text: a line left out, its addresses swapped, or its port or prefix widened. */
const faults: Record<string, (line: string) => string | null> = {
  dropped: () => '',
  swapped: (line) =>
    /saddr/.test(line) && /daddr/.test(line)
      ? line.replace('saddr', 'xaddr').replace('daddr', 'saddr').replace('xaddr', 'daddr')
      : null,
  widened: (line) =>
    / (tcp|udp|sctp) dport [^ ]+ /.test(line) && !line.includes('{ ')
      ? line.replace(/ (tcp|udp|sctp) dport [^ ]+ /, ' meta l4proto $1 ')
      : null,
};

it.each(Object.keys(faults))(
  'finds a line that is %s, by a packet on which policy and rules truly differ',
  (name) => {
    let planted = 0;
    fc.assert(
      fc.property(
        policyArbitrary,
        assetsArbitrary,
        fc.nat(),
        fc.array(packetArbitrary, { minLength: 20, maxLength: 20 }),
        (policy, assets, choice, packets) => {
          const resolved = resolvePolicy(policy, assets, 0);
          const lines = compileNftables(resolved).files[0]!.text.split('\n');
          const rules = lines
            .map((line, index) => ({ line, index }))
            .filter(({ line }) => line.includes('counter accept'));
          const chosen = rules[choice % Math.max(1, rules.length)];
          const changed = chosen === undefined ? null : faults[name]!(chosen.line);
          if (chosen === undefined || changed === null) return;
          const ruleset = read(lines.with(chosen.index, changed).join('\n'));
          const proof = prove(resolved, ruleset, [4, 6]);
          const differences = proof.families.flatMap(({ counterExamples }) => counterExamples);
          expect(proof.equal).toBe(differences.length === 0);
          planted += 1;
          const differs = (packet: Packet) =>
            ((decidingLine(ruleset, packet)?.action ?? ruleset.otherwise) === 'permit') !==
            slowlyPermitted(resolved, packet);
          if (proof.equal) expect(packets.filter(differs)).toEqual([]);
          for (const { kind, packet } of differences) {
            const passes = (decidingLine(ruleset, packet)?.action ?? ruleset.otherwise) === 'permit';
            expect(passes).toBe(kind === 'leak');
            expect(slowlyPermitted(resolved, packet)).toBe(kind === 'cut');
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(planted).toBeGreaterThan(10);
  },
);
