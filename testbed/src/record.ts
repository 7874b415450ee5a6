import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type HouseB, houseB, type Roster } from './house-b/house.ts';
import { playB } from './house-b/play.ts';
import { Lab } from './lab/lab.ts';
import { versions } from './lab/preflight.ts';
import { sleep } from './lab/process.ts';
import { Switch } from './lab/switch.ts';
import { wire } from './lab/wiring.ts';
import { type Log, type Part, play } from './scenario.ts';
import { type House, houseA } from './ward/house.ts';
import { readme } from './ward/readme.ts';
import { registerCsv } from './ward/register.ts';
import { markedStrings } from './ward/secrets.ts';
import { groundTruth } from './ward/truth.ts';

export interface Recording {
  out: string;
  houses: readonly House['id'][];
  /** Who makes the devices of house B. */
  roster: Roster;
  wanted: ReadonlySet<Part>;
  keep: boolean;
  log: Log;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lays the ward, plays the morning, records it, and takes everything away again, however it ends. */
export async function record(recording: Recording): Promise<void> {
  for (const id of recording.houses) await recordHouse(id, recording);
}

async function recordHouse(id: House['id'], recording: Recording): Promise<void> {
  const { out, keep, log, roster, wanted } = recording;
  const b = houseB(roster);
  const house = id === 'a' ? houseA : b;
  const lab = new Lab();
  const abandon = () => void lab.close(keep).finally(() => process.exit(130));
  for (const signal of SIGNALS) process.once(signal, abandon);
  try {
    const capture = await recordWard(lab, house, log, () =>
      id === 'a' ? play(lab, wanted, log) : playB(lab, b, log),
    );
    await write(recording, house, b, capture);
    log(`written to ${out}: ${capture.length} bytes compressed`);
  } finally {
    await lab.close(keep);
    if (keep) log(`logs are kept in ${lab.dir}`);
    for (const signal of SIGNALS) process.off(signal, abandon);
  }
}

async function recordWard(lab: Lab, house: House, log: Log, scene: () => Promise<void>): Promise<Uint8Array> {
  log(`laying the ward: ${house.roster.length} devices`);
  const ward = new Switch(lab);
  await ward.start();
  const file = join(lab.dir, 'recording.pcap');
  const recorder = ward.record(file);
  await sleep(500);
  await wire(lab, ward, house);
  await scene();
  await lab.stopOne(recorder);
  return gzipSync(readFileSync(file), { level: 9 });
}

async function write(
  { out, roster }: Recording,
  house: House,
  b: HouseB,
  capture: Uint8Array,
): Promise<void> {
  const heldOut = roster === 'held-out';
  mkdirSync(out, { recursive: true });
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  writeFileSync(join(out, house.files.capture), capture);
  writeFileSync(join(out, house.files.truth), json(groundTruth(house)));
  writeFileSync(join(out, 'marked.json'), json(markedStrings()));
  writeFileSync(join(out, house.files.register), registerCsv(house));
  writeFileSync(join(out, 'README.md'), readme(recordedIn(out, b), await versions(), heldOut));
}

/** The houses whose recordings lie in the folder. */
function recordedIn(out: string, b: House): House[] {
  return [houseA, b].filter(({ files }) => existsSync(join(out, files.capture)));
}
