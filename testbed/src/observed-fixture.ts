import { createReadStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ParsedRegister, parseRegister } from '@wardline/formats';
import { type Identified, identify, reconcile } from '@wardline/identify';
import { type Knowledge, loadKnowledge } from '@wardline/knowledge';
import {
  type Conversation,
  conversationKey,
  type Finding,
  type Reconciliation,
  type Sighting,
} from '@wardline/model';
import { judge } from '@wardline/posture';
import { Redactor, sense } from '@wardline/sensor';
import type { House } from './ward/house.ts';
import type { GroundTruth } from './ward/truth.ts';
import { groundTruthSchema } from './ward/truth-schema.ts';

/** The folders of the repository that hold recordings. */
export type Fixture = 'sample-hospital' | 'held-out-hospital';

export function pathOf(name: string, fixture: Fixture = 'sample-hospital'): string {
  return fileURLToPath(new URL(`../../fixtures/${fixture}/${name}`, import.meta.url));
}

/** Sightings are redacted under a key; which one does not matter here. */
const KEY = new Uint8Array(32).fill(7);

export interface ObservedFixture extends Identified {
  truth: GroundTruth;
  knowledge: Knowledge;
  conversations: Conversation[];
  sightings: Sighting[];
  findings: Finding[];
  register: ParsedRegister;
  reconciliation: Reconciliation[];
  errors: number;
}

export function readFixture(name: string, fixture?: Fixture): string {
  return readFileSync(pathOf(name, fixture), 'utf8');
}

/** The recording that ships, taken the whole way from bytes to findings. */
export async function observeFixture({ files }: House, fixture?: Fixture): Promise<ObservedFixture> {
  const truth = groundTruthSchema.parse(JSON.parse(readFixture(files.truth, fixture)));
  const knowledge = loadKnowledge();
  const { conversations, sightings, errors } = await senseFixture(
    truth.capture,
    pathOf(truth.capture, fixture),
    knowledge,
  );
  const identified = identify({ conversations, sightings, decisions: [] }, knowledge);
  const register = parseRegister(readFixture(files.register, fixture));
  return {
    truth,
    knowledge,
    conversations,
    sightings,
    errors,
    register,
    ...identified,
    findings: judge({ ...identified, conversations, sightings }, knowledge),
    reconciliation: reconcile(register.entries, identified.assets, knowledge),
  };
}

async function senseFixture(file: string, path: string, knowledge: Knowledge) {
  const redactor = new Redactor(KEY, knowledge.defaultCredentials);
  const reading = sense(createReadStream(path), {
    file,
    sensor: 'fixture',
    stream: 'fixture',
    redactor,
  });
  const conversations: Conversation[] = [];
  const sightings: Sighting[] = [];
  for (;;) {
    const step = await reading.next();
    if (step.done)
      return { conversations: addUp(conversations), sightings, errors: step.value.errors.length };
    conversations.push(...step.value.conversations);
    sightings.push(...step.value.sightings);
  }
}

/** What a sensor says of one conversation in several batches is one conversation. */
function addUp(deltas: readonly Conversation[]): Conversation[] {
  const sums = new Map<string, Conversation>();
  for (const delta of deltas) {
    const key = `${conversationKey(delta)}@${delta.slice}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...delta });
    else {
      sum.packetsFromClient += delta.packetsFromClient;
      sum.packetsFromServer += delta.packetsFromServer;
      sum.lastSeen = Math.max(sum.lastSeen, delta.lastSeen);
      sum.application ??= delta.application;
    }
  }
  return [...sums.values()];
}
