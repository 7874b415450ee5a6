import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  certify,
  checkCertificate,
  Decider,
  learn,
  type Policy,
  type PolicyAsset,
  parsePolicy,
  permitsOf,
  printPolicy,
  prove,
  type ReadList,
  type Recorded,
  type Resolved,
  resolvePolicy,
  simulate,
  type Target,
  type TargetName,
  targetNames,
  targets,
} from '@wardline/policy';
import { Chance } from './chance.ts';
import { isInstalled } from './measured.ts';

/** Of a week of 100 million conversations, added up by client, server and service. */
const ROWS = 1_000_000;
const DAYS = 7;
const DECISIONS = 1_000_000;
/** Assets, zones and rules of each size that is measured. */
const sizes = [
  [1000, 20, 200],
  [3000, 60, 600],
  [10_000, 200, 2000],
] as const;

/** Prints what each step costs in seconds of CPU, at three sizes, and beside it what the kernel's own loader takes to read the compiled rules. */
export function run(args: string[]): void {
  const rows = Number(args[0] ?? ROWS);
  console.log(`Seconds of CPU; ${rows} rows of conversations, which stand for a week of 100 million.`);
  for (const [assets, zones, rules] of sizes) measureSize(assets, zones, rules, rows);
  console.log(`peak memory: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
}

function measureSize(assetCount: number, zoneCount: number, ruleCount: number, rows: number): void {
  console.log(`\n${assetCount} assets, ${zoneCount} zones, ${ruleCount} rules`);
  const assets = makeAssets(assetCount, zoneCount);
  const policy = makePolicy(zoneCount, ruleCount);
  const conversations = makeConversations(policy, assets, zoneCount, rows);
  const text = printPolicy(policy);
  const parsed = timed(
    `parse ${(text.length / 1024).toFixed(0)} KiB of text`,
    () => parsePolicy(text).policy!,
  );
  const learnt = timed('learn', () =>
    learn(assets, conversations, { name: 'learnt', recordedDays: DAYS, onlyAnswered: true }),
  );
  console.log(`  ${learnt.proposals.length} conduits proposed`);
  const resolved = timed('resolve', () => resolvePolicy(parsed, assets, 0));
  for (const name of targetNames) provedFor(name, resolved);
  const { cut, passes } = timed('simulate', () => simulate(resolved, conversations));
  console.log(`  ${passes} pass, ${cut.length} cut`);
  decisions(resolved, assets);
}

/** Within the target's own budget: whether it fits, what each step costs, and that what was read is the policy. */
function provedFor(name: TargetName, resolved: Resolved): void {
  const target: Target = targets[name];
  const { files, entries, budget } = timed(`compile ${name}`, () => target.compile(resolved));
  const [file] = files;
  if (file === undefined) {
    console.log(`  ${name}: ${entries} entries do not fit ${budget}`);
    return;
  }
  const texts = new Map(files.map((one) => [one.name, one.text]));
  const size = files.reduce((sum, { text }) => sum + text.length, 0);
  const { lists, faults } = timed(`read back ${(size / 1024).toFixed(0)} KiB, ${entries} entries`, () =>
    target.read(file.text, (other) => texts.get(other) ?? null),
  );
  const equal = timed(`prove over all packets, ${lists.length} lists`, () =>
    lists.every(({ ruleset, families }) => prove(resolved, ruleset, families).equal),
  );
  console.log(`  ${equal && faults.length === 0 && lists.length > 0 ? 'equal' : 'NOT EQUAL'}`);
  if (name !== 'nftables') return;
  certified(resolved, lists[0]!);
  besideTheKernel(file.text);
}

function certified(resolved: Resolved, { ruleset, families }: ReadList): void {
  const certificates = timed('certificate', () =>
    families.map((family) => certify(resolved, ruleset, family)),
  );
  const permits = permitsOf(resolved);
  const checked = timed('check the certificate, without the prover', () =>
    certificates.map((one) => checkCertificate(one!, permits, ruleset)),
  );
  const parts = checked.map((one) => ('parts' in one ? one.parts : Number.NaN));
  console.log(`  ${parts.join(' and ')} parts checked`);
}

/** How long nft takes to read the same rules, without putting them in place. */
function besideTheKernel(text: string): void {
  if (!isInstalled('nft') || !isInstalled('unshare')) {
    console.log('  nft: not on this machine');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'wardline-bench-'));
  const file = join(folder, 'rules.nft');
  writeFileSync(file, text);
  const start = performance.now();
  const { status } = spawnSync('unshare', ['-n', 'nft', '-c', '-f', file], { stdio: 'ignore' });
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  console.log(
    `  ${status === 0 ? `nft -c reads it in ${seconds} s of wall time` : 'nft -c: not allowed here'}`,
  );
  rmSync(folder, { recursive: true });
}

function decisions(resolved: Resolved, assets: readonly PolicyAsset[]): void {
  const decider = timed('index for decisions at run time', () => new Decider(resolved));
  const chance = new Chance(7);
  const packets = Array.from({ length: 10_000 }, () => ({
    family: 4 as const,
    source: addressOf(chance.below(assets.length)),
    destination: addressOf(chance.below(assets.length)),
    protocol: 6n,
    destinationPort: BigInt(chance.below(1024)),
    sourcePort: 50_000n,
    established: 0n,
  }));
  const start = process.cpuUsage();
  for (let n = 0; n < DECISIONS; n += 1) decider.decide(packets[n % packets.length]!);
  const { user, system } = process.cpuUsage(start);
  console.log(
    `  ${Math.round((DECISIONS / (user + system)) * 1e6).toLocaleString('en')} decisions per second of CPU`,
  );
}

function timed<T>(what: string, act: () => T): T {
  const start = process.cpuUsage();
  const result = act();
  const { user, system } = process.cpuUsage(start);
  console.log(`  ${((user + system) / 1e6).toFixed(2).padStart(8)}  ${what}`);
  return result;
}

const addressOf = (asset: number): bigint => BigInt((10 << 24) + asset + 1);
const ipOf = (asset: number): string => {
  const value = (10 << 24) + asset + 1;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
};

/** Members of zones lie apart, as addresses do that were given over years. */
const makeAssets = (count: number, zones: number): PolicyAsset[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `a${n}`,
    name: `asset ${n}`,
    ips: [ipOf(n)],
    attributes: { class: [`class-${n % zones}`], criticality: [n % 20 === 0 ? 'life-critical' : 'medium'] },
  }));

function makePolicy(zoneCount: number, ruleCount: number): Policy {
  const chance = new Chance(4711);
  const zones = Array.from({ length: zoneCount }, (_, n) => ({
    name: `zone-${n}`,
    title: null,
    members: { attribute: 'class' as const, in: [`class-${n}`] },
    addresses: [],
    outside: [],
    notes: [],
  }));
  const conduits = Array.from({ length: ruleCount }, (_, n) => ({
    name: `conduit-${n}`,
    title: null,
    from: [`zone-${n % zoneCount}`],
    to: [`zone-${chance.below(zoneCount)}`],
    services: [{ protocol: 'tcp', ports: [String(1 + chance.below(1023)), '443'] }],
    mode: 'enforce' as const,
    because: 'made up',
    notes: [],
  }));
  return {
    version: 1,
    name: 'Measured',
    undeclared: 'enforce',
    zones,
    services: [],
    conduits,
    musts: [],
    exceptions: [],
    notes: [],
  };
}

/** Nine in ten are declared. */
function makeConversations(
  { conduits }: Policy,
  assets: readonly PolicyAsset[],
  zoneCount: number,
  rows: number,
): Recorded[] {
  const chance = new Chance(1);
  const memberOf = (zone: string) => {
    const number = Number(zone.slice('zone-'.length));
    return number + zoneCount * chance.below(Math.floor(assets.length / zoneCount));
  };
  const party = (n: number) => ({
    asset: `a${n}`,
    name: assets[n]!.name,
    ip: assets[n]!.ips[0]!,
    criticality: n % 20 === 0 ? ('life-critical' as const) : ('medium' as const),
  });
  return Array.from({ length: rows }, () => {
    const conduit = conduits[chance.below(conduits.length)]!;
    const [part] = conduit.services;
    const port = part !== undefined && 'ports' in part ? Number(part.ports[0]) : 0;
    return {
      client: party(memberOf(conduit.from[0]!)),
      server: party(memberOf(conduit.to[0]!)),
      transport: 'tcp',
      serverPort: chance.oneIn(10) ? 2000 : port,
      application: null,
      answered: true,
      packets: 100,
      firstSeen: 0,
      lastSeen: 1,
      days: DAYS,
      evidence: null,
    };
  });
}
