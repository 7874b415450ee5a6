import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Lab } from '../lab/lab.ts';
import { sleep } from '../lab/process.ts';
import { attacks } from './attacks.ts';
import { recordInto, wire } from './hosts.ts';
import { startServers, startWork } from './normal.ts';

/** What somebody needs who holds a watch against the recording. */
export interface Label {
  id: string;
  from: string;
  to: string | null;
  expected: string[];
  needsLearning: boolean;
  /** RFC 3339, UTC. */
  begins: string;
  ends: string;
}

const PREFIX = 'wla-';
const NORMAL_SECONDS = 75;
/** Between attacks, so that their times tell them apart. */
const PAUSE_MILLIS = 2500;

/** Records normal work alone, then the same with attacks among it, and says when each was. */
export async function recordAttacks(out: string, log: (message: string) => void): Promise<void> {
  const lab = new Lab(PREFIX);
  try {
    await wire(lab);
    await startServers(lab);
    const normal = join(lab.dir, 'normal.pcap');
    const first = recordInto(lab, normal);
    await sleep(1000);
    await startWork(lab);
    log(`normal work, ${NORMAL_SECONDS} s`);
    await sleep(NORMAL_SECONDS * 1000);
    await lab.stopOne(first);
    const attacked = join(lab.dir, 'attacks.pcap');
    const second = recordInto(lab, attacked);
    await sleep(8000);
    const labels = await playAttacks(lab, log);
    await sleep(3000);
    await lab.stopOne(second);
    mkdirSync(out, { recursive: true });
    for (const [name, file] of [
      ['normal', normal],
      ['attacks', attacked],
    ] as const)
      writeFileSync(join(out, `${name}.pcap.gz`), gzipSync(await readFile(file), { level: 9 }));
    writeFileSync(join(out, 'labels.json'), `${JSON.stringify(labels, null, 2)}\n`);
  } finally {
    await lab.close();
  }
}

async function playAttacks(lab: Lab, log: (message: string) => void): Promise<Label[]> {
  const labels: Label[] = [];
  for (const { id, from, to, command, also, expected, needsLearning = false } of attacks) {
    const begins = new Date().toISOString();
    const meanwhile = also === undefined ? null : lab.on(also.from, ['bash', '-c', also.command]);
    const { code, stderr } = await lab.on(from, ['bash', '-c', command], { timeoutMillis: 120_000 });
    await meanwhile;
    log(`${id}: ${code === 0 ? 'done' : `ended with ${code} ${stderr.slice(0, 200)}`}`);
    labels.push({
      id,
      from: from.ip,
      to: to?.ip ?? null,
      expected: [...expected],
      needsLearning,
      begins,
      ends: new Date().toISOString(),
    });
    await sleep(PAUSE_MILLIS);
  }
  return labels;
}
