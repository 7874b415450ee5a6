/** The thread that executes; `main.ts` watches it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Campaign, Finding } from './campaign.ts';
import { committed, gathered, loadAll, save, working } from './corpus.ts';
import { encode, type Input } from './input.ts';
import { instrumentSensor } from './instrument.ts';

export interface Orders {
  targets: readonly string[];
  /** Per target. */
  seconds: number;
  executions: number;
  seed: number;
  /** Keeps in `fuzz/corpus` the fewest inputs that take all branches which all known inputs take. */
  minimise: boolean;
  /** Executions so far, the length of the input that is executed, and its bytes: what is left to see of a hang. */
  watch: SharedArrayBuffer;
}

/** A slice of time on one target before the next has its turn. */
const SLICE_SECONDS = 5;
/** What one target may keep with the sources. */
const MOST_COMMITTED_BYTES = 40_000;

const orders = workerData as Orders;
const progress = new Int32Array(orders.watch, 0, 2);
const current = new Uint8Array(orders.watch, 8);

instrumentSensor();
const { allTargets } = await import('./targets.ts');
const { Campaign: CampaignClass } = await import('./campaign.ts');

function begins(input: Input): void {
  const bytes = encode(input);
  current.set(bytes.subarray(0, current.length));
  progress[1] = bytes.length;
  Atomics.add(progress, 0, 1);
}

async function main(): Promise<void> {
  const campaigns = allTargets()
    .filter(({ id }) => orders.targets.includes(id))
    .map((target, i) => new CampaignClass(target, orders.seed + i, begins));
  for (const campaign of campaigns) await plant(campaign);
  if (orders.minimise) {
    for (const campaign of campaigns) commit(campaign);
    return;
  }
  const slices = orders.executions < Number.POSITIVE_INFINITY ? 1 : Math.ceil(orders.seconds / SLICE_SECONDS);
  for (let slice = 0; slice < slices; slice++) {
    for (const campaign of campaigns) {
      await campaign.search(orders.seconds / slices, orders.executions);
      tell(campaign);
    }
  }
}

async function plant(campaign: Campaign): Promise<void> {
  const folders = orders.executions < Number.POSITIVE_INFINITY ? [committed] : [committed, gathered, working];
  await campaign.sow(loadAll(folders, campaign.target.id));
  tell(campaign);
}

function say(message: unknown): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window: there is no origin
  parentPort?.postMessage(message);
}

const told = new Set<Finding>();

function tell(campaign: Campaign): void {
  for (const finding of campaign.findings.values()) {
    if (told.has(finding)) continue;
    told.add(finding);
    say({ finding: { ...finding, input: encode(finding.input) } });
  }
  const inputs = campaign.entries.map(({ input }) => input);
  if (orders.executions === Number.POSITIVE_INFINITY) save(working, campaign.target.id, inputs);
  say({ figures: campaign.figures });
}

function commit(campaign: Campaign): void {
  let room = MOST_COMMITTED_BYTES;
  const kept = campaign.entries.filter(({ input, addsBranch }) => {
    const size = encode(input).length;
    if (!addsBranch || size > room) return false;
    room -= size;
    return true;
  });
  save(
    committed,
    campaign.target.id,
    kept.map(({ input }) => input),
  );
}

await main();
