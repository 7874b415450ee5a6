import { expect, it } from 'vitest';
import { compileNftables } from './compile/nftables.ts';
import { parsePolicy } from './language/parse.ts';
import { readNftables } from './read/nftables/index.ts';
import { type Resolved, resolvePolicy } from './resolve.ts';
import type { Recorded } from './simulate.ts';
import { type Running, turn } from './turn.ts';

const resolved = (port: number, mode = 'enforce'): Resolved =>
  resolvePolicy(
    parsePolicy(`policy "Ward" version 1
undeclared ${mode}
zone pumps
  addresses 10.1.0.0/24
zone servers
  addresses 10.9.0.0/24
conduit pumps-to-servers
  from pumps
  to servers
  allow tcp ${port}
  mode ${mode}
`).policy!,
    [],
    0,
  );

const linesOf = (policy: Resolved): Running => {
  const read = readNftables(compileNftables(policy).files[0]!.text);
  if ('fault' in read) throw new Error(read.fault.message);
  return { lines: read.rulesets[0]! };
};

const talk = (port: number, life = false, server = '10.9.0.1'): Recorded => ({
  client: {
    asset: 'pump',
    name: 'pump',
    ip: '10.1.0.1',
    criticality: life ? 'life-critical' : 'medium',
  },
  server: { asset: 'server', name: 'server', ip: server, criticality: 'medium' },
  transport: 'tcp',
  serverPort: port,
  application: null,
  answered: true,
  packets: 1,
  firstSeen: 0,
  lastSeen: 1,
  days: 1,
  evidence: null,
});
const heard = [talk(80), talk(443, true), talk(104), talk(5353, false, '224.0.0.251')];
const ports = (effects: readonly { conversation: Recorded }[]) =>
  effects.map(({ conversation }) => conversation.serverPort);

it('tells what a point ends, opens and keeps when it turns from lines to a policy and back', () => {
  const there = turn(linesOf(resolved(80)), { policy: resolved(443) }, heard);
  expect([ports(there.ends), ports(there.opens), ports(there.keeps)]).toEqual([[80], [443], []]);
  expect(there.ends[0]!.verdict).toMatchObject({ kind: 'cut', by: ['conduit pumps-to-servers'] });
  const back = turn(linesOf(resolved(443)), linesOf(resolved(80)), heard);
  expect([ports(back.ends), ports(back.opens), ports(back.keeps)]).toEqual([[443], [80], []]);
});

it('from no table everything passes, life-critical conversations are told first, groups are none of it', () => {
  const strict = turn(null, { policy: resolved(22) }, heard);
  expect(ports(strict.ends)).toEqual([443, 80, 104]);
  expect(turn(linesOf(resolved(22)), null, heard).opens).toHaveLength(3);
  const watching = turn(null, { policy: resolved(22, 'observe') }, heard);
  expect([ports(watching.ends), ports(watching.keeps)]).toEqual([[], [443, 80, 104]]);
});
