/**
 * `npm run bench -- detection`: attacks of the testbed among normal traffic, found or not, and what is told of captures that
 * hold none, per day and thousand devices; then over a simulated month, which alone is run with `--month`.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Capture, type DetectionReport, detect } from '@wardline/cli';
import { loadKnowledge } from '@wardline/knowledge';
import type { Label } from '@wardline/testbed';
import { month } from './month.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const shared = fileURLToPath(new URL('../../../../shared/data/pcap/', import.meta.url));
const knowledge = loadKnowledge();
const key = new Uint8Array(32);
const DAY = 86_400_000_000;
/** An alert this long after the end of what it tells still belongs to it, µs. */
const GRACE = 15_000_000;

export interface Found {
  label: Label;
  /** What it was called; null where it was missed. */
  as: string | null;
}

export async function run(args: readonly string[]): Promise<void> {
  const folder = join(fixtures, 'attacks');
  const labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as Label[];
  const overMonth = () => month(join(folder, 'normal.pcap.gz'), join(folder, 'attacks.pcap.gz'), labels);
  if (args.includes('--month')) return overMonth();
  for (const learns of [false, true]) {
    const learn = learns ? [capture(join(folder, 'normal.pcap.gz'))] : [];
    const report = await detect({
      captures: [capture(join(folder, 'attacks.pcap.gz'))],
      learn,
      knowledge,
      key,
    });
    printAttacks(labels, report, learns);
  }
  const house = join(fixtures, 'sample-hospital');
  const quiet = ['ward-1.pcap.gz', 'house-b.pcap.gz'].map((name) => join(house, name));
  await printQuiet('sample hospital', [...quiet, join(folder, 'normal.pcap.gz')]);
  const sentinel = join(shared, 'iot-sentinel');
  if (existsSync(sentinel))
    await printQuiet('IoT Sentinel (public, devices being set up)', capturesIn(sentinel));
  else console.log('public captures are not here; false alarms on them were not counted');
  await overMonth();
}

function capture(path: string): Capture {
  return { path, name: path.split('/').at(-1)!, bytes: null };
}

function capturesIn(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name))
    .flatMap((path) =>
      statSync(path).isDirectory() ? capturesIn(path) : /\.pcap(ng)?$/.test(path) ? [path] : [],
    );
}

/** A find is an alert of an expected detection, by or about the right device, at the right time. */
export function findsOf(labels: readonly Label[], report: Pick<DetectionReport, 'stories'>): Found[] {
  const alerts = report.stories.flatMap((story) => story.alerts);
  return labels.map((label) => {
    const [from, until] = [Date.parse(label.begins) * 1000, Date.parse(label.ends) * 1000 + GRACE];
    const match = alerts.find(
      ({ detection, actor, targets, firstSeen, lastSeen }) =>
        label.expected.includes(detection) &&
        firstSeen <= until &&
        lastSeen >= from &&
        [actor, ...targets].some((party) => party?.ip === label.from || party?.ip === label.to),
    );
    return { label, as: match?.detection ?? null };
  });
}

function printAttacks(labels: readonly Label[], report: DetectionReport, learns: boolean): void {
  const due = learns ? labels : labels.filter(({ needsLearning }) => !needsLearning);
  const finds = findsOf(due, report);
  const found = finds.filter(({ as }) => as !== null).length;
  console.log(
    `\n${learns ? 'After learning 75 s of normal work' : 'Without learning'}: ${found} of ${due.length} attacks found, told as ${report.stories.length} stories (${report.alerts} alerts)`,
  );
  for (const { label, as } of finds)
    console.log(`  ${as === null ? 'MISSED' : 'found '} ${label.id.padEnd(18)} ${as ?? ''}`);
}

async function printQuiet(name: string, paths: readonly string[]): Promise<void> {
  let deviceDays = 0;
  const told = new Map<string, number>();
  for (const path of paths) {
    const report = await detect({ captures: [capture(path)], learn: [], knowledge, key });
    const times = report.captures.flatMap(({ firstSeen, lastSeen }) => [firstSeen ?? 0, lastSeen ?? 0]);
    deviceDays += (report.devices * (Math.max(...times) - Math.min(...times))) / DAY;
    for (const { severity } of report.stories) told.set(severity, (told.get(severity) ?? 0) + 1);
  }
  const stories = [...told.values()].reduce((sum, count) => sum + count, 0);
  const list = [...told].map(([severity, count]) => `${count} ${severity}`).join(', ') || 'none';
  console.log(
    `\n${name}: ${paths.length} captures without attacks, ${deviceDays.toFixed(2)} device days: ${stories} stories (${list})`,
  );
  console.log(
    `  ${((stories / Math.max(deviceDays, 1e-9)) * 1000).toFixed(0)} stories per day and thousand devices`,
  );
}
