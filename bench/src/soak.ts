import { setTimeout as pause } from 'node:timers/promises';
import { Chance } from './chance.ts';
import { SoakField } from './testing/soak-field.ts';

const SENSORS = 5;
/** How long something is away, and how long everything is well between two faults. */
const AWAY_MS = 4000;
const WELL_MS = 6000;
/** How long everything may take to heal in the end. */
const HEAL_MS = 300_000;

/** `npm run soak -- --minutes 60 --seed 1`: kills one part after the other, and counts in the end. */
export async function run(args: string[]): Promise<void> {
  const given = (option: string, otherwise: number) =>
    args.includes(option) ? Number(args[args.indexOf(option) + 1]) : otherwise;
  const minutes = given('--minutes', 60);
  const outcome = await soak(minutes * 60_000, given('--seed', 1));
  const { faults, acknowledged, counted, losses, ledgers, healed } = outcome;
  console.log(`| what | ${minutes} minutes |\n|---|---|`);
  for (const [fault, count] of Object.entries(faults)) console.log(`| ${fault} | ${count} times |`);
  console.log(`| packets that brokers acknowledged | ${acknowledged} |`);
  console.log(`| packets that were counted | ${counted} |`);
  console.log(`| losses that were told | ${JSON.stringify(losses)} |`);
  console.log(`| acts in the ledger, as each server signs them | ${ledgers.join(', ')} |`);
  console.log(`| healed within | ${(healed / 1000).toFixed(0)} s |`);
  if (acknowledged !== counted || new Set(ledgers).size !== 1) process.exitCode = 1;
}

async function soak(milliseconds: number, seed: number) {
  const field = new SoakField(SENSORS);
  const chance = new Chance(seed);
  const faults: Record<string, number> = {
    'a broker killed': 0,
    'a server killed': 0,
    'the primary killed': 0,
  };
  try {
    await field.start();
    const since = performance.now();
    let isPrimaryAlive = true;
    while (performance.now() - since < milliseconds) {
      await pause(WELL_MS);
      const isHalfOver = performance.now() - since > milliseconds / 2;
      if (isPrimaryAlive && isHalfOver) {
        isPrimaryAlive = false;
        await away('the primary killed', faults, field.killPrimary, field.promoteStandby);
      } else if (chance.oneIn(2)) {
        const which = chance.below(3);
        await away(
          'a broker killed',
          faults,
          () => field.killBroker(which),
          () => field.startBroker(which),
        );
      } else {
        const which = chance.below(2);
        await away(
          'a server killed',
          faults,
          () => field.killServer(which),
          () => field.startServer(which),
        );
      }
    }
    await field.stopSources();
    const healing = performance.now();
    let counted = await field.counted();
    while (counted?.packets !== field.acknowledged && performance.now() - healing < HEAL_MS) {
      await pause(500);
      counted = await field.counted();
    }
    return {
      faults,
      acknowledged: field.acknowledged,
      counted: counted?.packets ?? 0,
      losses: counted?.losses ?? {},
      ledgers: await field.ledgerSizes(),
      healed: performance.now() - healing,
    };
  } finally {
    await field.close();
  }
}

async function away(
  fault: string,
  faults: Record<string, number>,
  kill: () => Promise<void>,
  back: () => Promise<void>,
): Promise<void> {
  faults[fault] = (faults[fault] ?? 0) + 1;
  await kill();
  await pause(AWAY_MS);
  await back();
}
