import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Lab } from './lab/lab.ts';
import { versions } from './lab/preflight.ts';
import { sleep } from './lab/process.ts';
import { Switch } from './lab/switch.ts';
import { wire } from './lab/wiring.ts';
import { type Log, type Part, play } from './scenario.ts';
import { readme } from './ward/readme.ts';
import { registerCsv } from './ward/register.ts';
import { roster } from './ward/roster.ts';
import { markedStrings } from './ward/secrets.ts';
import { groundTruth } from './ward/truth.ts';

export interface Recording {
  out: string;
  wanted: ReadonlySet<Part>;
  keep: boolean;
  log: Log;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Lays the ward, plays the morning, records it, and takes everything away again, however it ends. */
export async function record({ out, wanted, keep, log }: Recording): Promise<void> {
  const lab = new Lab();
  const abandon = () => void lab.close(keep).finally(() => process.exit(130));
  for (const signal of SIGNALS) process.once(signal, abandon);
  try {
    const capture = await recordWard(lab, wanted, log);
    await write(out, capture);
    log(`written to ${out}: ${capture.length} bytes compressed`);
  } finally {
    await lab.close(keep);
    if (keep) log(`logs are kept in ${lab.dir}`);
    for (const signal of SIGNALS) process.off(signal, abandon);
  }
}

async function recordWard(lab: Lab, wanted: ReadonlySet<Part>, log: Log): Promise<Uint8Array> {
  log(`laying the ward: ${roster.length} devices`);
  const ward = new Switch(lab);
  await ward.start();
  const file = join(lab.dir, 'ward-1.pcap');
  const recorder = ward.record(file);
  await sleep(500);
  await wire(lab, ward, roster);
  await play(lab, wanted, log);
  await lab.stopOne(recorder);
  return gzipSync(readFileSync(file), { level: 9 });
}

async function write(out: string, capture: Uint8Array): Promise<void> {
  mkdirSync(out, { recursive: true });
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  writeFileSync(join(out, 'ward-1.pcap.gz'), capture);
  writeFileSync(join(out, 'ground-truth.json'), json(groundTruth()));
  writeFileSync(join(out, 'marked.json'), json(markedStrings()));
  writeFileSync(join(out, 'register.csv'), registerCsv());
  writeFileSync(join(out, 'README.md'), readme(await versions()));
}
