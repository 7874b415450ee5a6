import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knowledge } from '@wardline/knowledge';
import type { Corpus, Half, LabelledCase } from './case.ts';
import { observe } from './observe.ts';

/**
 * What the types of the IoT Sentinel captures are, from the list of devices in Miettinen et al., “IoT Sentinel: Automated
 * Device-Type Identification for Security Enforcement in IoT” (ICDCS 2017), table II.
 */
const TYPES: Record<string, { class: string; vendor: string; model: string }> = {
  EdimaxPlug1101W: { class: 'iot-consumer', vendor: 'Edimax', model: 'SP-1101W' },
  EdnetCam1: { class: 'camera', vendor: 'ASSMANN Electronic', model: 'Cube' },
  EdnetCam2: { class: 'camera', vendor: 'ASSMANN Electronic', model: 'Cube' },
  EdnetGateway: { class: 'iot-consumer', vendor: 'ASSMANN Electronic', model: 'Living' },
  HomeMaticPlug: { class: 'iot-consumer', vendor: 'eQ-3', model: 'HMIP-PS' },
  HueBridge: { class: 'iot-consumer', vendor: 'Signify', model: 'Hue Bridge' },
  Lightify: { class: 'iot-consumer', vendor: 'Osram', model: 'Lightify Gateway' },
  SmarterCoffee: { class: 'iot-consumer', vendor: 'Smarter', model: 'SMC10' },
  'TP-LinkPlugHS110': { class: 'iot-consumer', vendor: 'TP-Link', model: 'HS110' },
  Withings: { class: 'iot-consumer', vendor: 'Withings', model: 'WS-30' },
  iKettle2: { class: 'iot-consumer', vendor: 'Smarter', model: 'SMK20' },
};

/** The labelled captures of home devices, one device each; null where they are not at hand. */
export async function sentinelCorpus(captures: string, knowledge: Knowledge): Promise<Corpus | null> {
  const folder = join(captures, 'iot-sentinel');
  if (!existsSync(join(folder, 'labels.csv'))) return null;
  const rows = readFileSync(join(folder, 'labels.csv'), 'utf8').trim().split('\n').slice(1);
  const macs = new Map(rows.map((row) => row.split(',') as [string, string]));
  const files = [...macs.keys()].flatMap((type) =>
    readdirSync(join(folder, type)).map((name) => `${type}/${name}`),
  );
  const halves = halve(files);
  const cases: LabelledCase[] = [];
  let newest = 0;
  for (const file of files) {
    const type = file.split('/')[0]!;
    const seen = await observe(join(folder, file), knowledge);
    const asset = seen.assets.find((candidate) => candidate.macs.includes(macs.get(type)!)) ?? null;
    newest = Math.max(newest, seen.newest);
    cases.push({ corpus: 'iot-sentinel', half: halves.get(file)!, device: file, label: TYPES[type]!, asset });
  }
  return { name: 'iot-sentinel', cases, newest };
}

/** The half of the names with the lower SHA-256 is for training; nobody chooses which. */
function halve(files: readonly string[]): Map<string, Half> {
  const digest = (name: string) => createHash('sha256').update(name).digest('hex');
  const sorted = [...files].sort((a, b) => (digest(a) < digest(b) ? -1 : 1));
  return new Map(sorted.map((file, n) => [file, n < files.length / 2 ? 'training' : 'held out']));
}
