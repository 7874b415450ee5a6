import { createReadStream } from 'node:fs';
import { loadKnowledge } from '@wardline/knowledge';
import type { Conversation, SensorBatch, Sighting } from '@wardline/model';
import { Redactor, sense } from '@wardline/sensor';
import type { Label } from '@wardline/testbed';
import { type AlertRecord, directoryOf, storiesOf, tellAlert, Watch } from '@wardline/watch';
import { DAY, HOUR, SimulatedHospital, SLICE } from './hospital.ts';

const LEARNT_DAYS = 14;
const MONTH_DAYS = 30;
/** Thursday, 1 October 2026, 0:00 UTC. */
const START = Date.UTC(2026, 9, 1) * 1000;
/** A sensor hands over so often while something happens. */
const STEP = 10_000_000;
/** What an attack still explains: a device that was attacked is looked at with suspicion. */
const AFTERMATH = 6 * HOUR;
const SEED = 20_261_127;

interface Attack {
  label: Label;
  /** When it is played. */
  at: number;
  batches: { until: number; conversations: Conversation[]; sightings: Sighting[] }[];
  /** Detected so long after its beginning, µs; null where it never was. */
  after: number | null;
  as: string | null;
}

async function recorded(path: string): Promise<SensorBatch[]> {
  const batches: SensorBatch[] = [];
  const redactor = new Redactor(new Uint8Array(32), loadKnowledge().defaultCredentials);
  const options = { file: 'testbed', sensor: 'bench', stream: 'month', redactor, flushEveryMicros: STEP };
  for await (const batch of sense(createReadStream(path), { ...options, limits: { sliceMicros: STEP } }))
    batches.push(batch);
  return batches;
}

/** Two weeks are learnt, then a month is watched in which the testbed's attacks are played one by one. */
export async function month(normal: string, attacks: string, labels: readonly Label[]): Promise<void> {
  const quiet = await recorded(normal);
  const hospital = new SimulatedHospital(
    quiet.flatMap(({ conversations }) => conversations),
    quiet.flatMap(({ sightings }) => sightings),
    START,
    SEED,
  );
  const plan = planned(labels, await recorded(attacks));
  const watch = new Watch('learning');
  const reviews = new Map();
  const found = new Map<string, AlertRecord>();
  const began = performance.now();
  let rows = 0;
  for (let at = START; at < START + (LEARNT_DAYS + MONTH_DAYS) * DAY; at += SLICE) {
    if ((at - START) % DAY === 0) watch.classify({ classOf: kinds(hospital), reviews });
    if (at === START + LEARNT_DAYS * DAY) {
      watch.endLearning();
      found.clear();
    }
    const { conversations, sightings } = hospital.slice(at);
    rows += conversations.length + sightings.length;
    for (const record of watch.take(conversations, sightings)) found.set(record.id, record);
    for (const attack of plan.filter((one) => one.at >= at && one.at < at + SLICE))
      play(attack, watch, found);
  }
  print(plan, [...found.values()], hospital, { rows, seconds: (performance.now() - began) / 1000 });
}

function kinds(hospital: SimulatedHospital): (device: string) => string | null {
  const known = new Map(hospital.devices.map(({ endpoint, kind }) => [endpoint.ip, kind]));
  return (device) => known.get(device) ?? null;
}

/** One attack about each day, at changing hours. */
function planned(labels: readonly Label[], batches: readonly SensorBatch[]): Attack[] {
  const conversations = batches.flatMap((batch) => batch.conversations);
  const sightings = batches.flatMap((batch) => batch.sightings);
  return labels.map((label, index) => {
    const at =
      START +
      (LEARNT_DAYS + 1) * DAY +
      Math.floor((index * 28 * DAY) / labels.length / SLICE) * SLICE +
      ((index * 7) % 24) * HOUR;
    const [begins, ends] = [Date.parse(label.begins) * 1000, Date.parse(label.ends) * 1000];
    // All that was recorded meanwhile: the hosts' normal work is what the house does anyway.
    const inTime = ({ firstSeen }: { firstSeen: number }) =>
      firstSeen >= begins - 2_000_000 && firstSeen <= ends + 2_000_000;
    const ours = conversations.filter(inTime).map((one) => moved(one, at - begins));
    const said = sightings.filter(inTime).map((one) => moved(one, at - begins));
    return { label, at, batches: stepped(ours, said), after: null, as: null };
  });
}

function moved<T extends { firstSeen: number; lastSeen: number }>(row: T, by: number): T {
  const slice = 'slice' in row ? { slice: (row.slice as number) + by } : {};
  return { ...row, ...slice, firstSeen: row.firstSeen + by, lastSeen: row.lastSeen + by };
}

function stepped(conversations: readonly Conversation[], sightings: readonly Sighting[]): Attack['batches'] {
  const steps = new Map<number, Attack['batches'][number]>();
  const at = ({ firstSeen }: { firstSeen: number }) => {
    const until = (Math.floor(firstSeen / STEP) + 1) * STEP;
    const step = steps.get(until) ?? { until, conversations: [], sightings: [] };
    steps.set(until, step);
    return step;
  };
  for (const one of conversations) at(one).conversations.push(one);
  for (const one of sightings) at(one).sightings.push(one);
  return [...steps.values()].toSorted((a, b) => a.until - b.until);
}

function play(attack: Attack, watch: Watch, found: Map<string, AlertRecord>): void {
  const { label, at } = attack;
  for (const { until, conversations, sightings } of attack.batches)
    for (const record of watch.take(conversations, sightings)) {
      found.set(record.id, record);
      const isIt = label.expected.includes(record.detection) && touches(record, label);
      if (!isIt || attack.as !== null) continue;
      attack.as = record.detection;
      attack.after = until - at;
    }
}

const touches = ({ actor, targets }: AlertRecord, { from, to }: Label) =>
  [actor, ...targets].some((one) => one !== null && (one === from || one === to));

function print(
  plan: readonly Attack[],
  records: readonly AlertRecord[],
  hospital: SimulatedHospital,
  run: { rows: number; seconds: number },
): void {
  const isExplained = (record: AlertRecord) =>
    plan.some(
      ({ at, label }) =>
        touches(record, label) && record.lastSeen >= at - STEP && record.firstSeen <= at + AFTERMATH,
    );
  const alarms = records.filter((record) => !isExplained(record));
  const directory = directoryOf([], loadKnowledge(), () => ({ mac: null, ip: null }));
  const stories = storiesOf(alarms.map((record) => tellAlert(record, directory)));
  const rate = (count: number) => ((count / MONTH_DAYS / hospital.devices.length) * 1000).toFixed(1);
  const attacks = plan.filter(({ as }) => as !== null).length;
  console.log(
    `\nA simulated month: ${hospital.devices.length} devices, ${LEARNT_DAYS} days learnt, ${MONTH_DAYS} watched, ${run.rows.toLocaleString('en-GB')} rows in ${run.seconds.toFixed(0)} s`,
  );
  console.log(`  ${attacks} of ${plan.length} attacks found among it:`);
  for (const { label, as, after } of plan)
    console.log(
      `  ${as === null ? 'MISSED' : 'found '} ${label.id.padEnd(18)} ${(as ?? '').padEnd(20)} ${after === null ? '' : `${Math.round(after / 1e6)} s after it began`}`,
    );
  console.log(`  alarms that no attack explains: ${alarms.length} alerts in ${stories.length} stories`);
  console.log(
    `  ${rate(alarms.length)} alerts, ${rate(stories.length)} stories per day and thousand devices`,
  );
  const grave = stories.filter(({ severity }) => severity === 'critical' || severity === 'high');
  console.log(
    `  of them critical or high: ${grave.length} stories, ${rate(grave.length)} per day and thousand devices`,
  );
  const by = Map.groupBy(alarms, ({ detection }) => detection);
  for (const [detection, some] of [...by].toSorted((a, b) => b[1].length - a[1].length))
    console.log(
      `    ${String(some.length).padStart(5)} ${detection.padEnd(18)} e.g. ${some[0]!.summary.replace('{actor}', some[0]!.actor ?? '').replace('{target}', some[0]!.targets[0] ?? '')}`,
    );
}
