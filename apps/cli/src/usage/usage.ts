import { identify } from '@wardline/identify';
import type { Knowledge } from '@wardline/knowledge';
import {
  type Asset,
  type Conversation,
  endpointKey,
  type InputError,
  type UsageReport,
} from '@wardline/model';
import { type CaptureSummary, Redactor, type SensorLimits } from '@wardline/sensor';
import {
  type ActiveHours,
  addTrace,
  HOUR,
  type HourOfWeek,
  hoursOf,
  isWatched,
  type Pieces,
  piecesOf,
  traceOf,
  usageReport,
} from '@wardline/watch';
import type { Capture } from '../assessment/captures.ts';
import { readEvidence } from '../assessment/evidence.ts';
import { Gathering } from '../assessment/gather.ts';
import { readCapture } from '../assessment/source.ts';

export interface UsageOptions {
  captures: readonly Capture[];
  knowledge: Knowledge;
  hourOfWeek: HourOfWeek;
  /** Of the keyed hashes that stand for secrets and names. */
  key: Uint8Array;
  limits?: Partial<SensorLimits>;
  onProgress?: (capture: Capture, bytesRead: number, packets: number) => void;
}

/** One device's use, under its name. */
export interface DeviceUsage extends UsageReport {
  name: string;
  classLabel: string | null;
  clinical: boolean;
}

export interface Usages {
  devices: DeviceUsage[];
  captures: CaptureSummary[];
  errors: InputError[];
}

/** Reads captures and says of each device in them when it was in use. Devices of care come first, the most used first. */
export async function usage(options: UsageOptions): Promise<Usages> {
  const { knowledge } = options;
  const gathering = new Gathering();
  const { captures, errors } = await readAll(options, gathering);
  const conversations = gathering.conversations();
  const { assets, assetOf } = identify(
    { sightings: gathering.sightings(), conversations, decisions: [] },
    knowledge,
  );
  const pieces = heardPieces(conversations);
  const listened = new Set([...pieces].flatMap(([hour, heard]) => (isWatched(heard) ? [hour] : [])));
  const hours = activeHours(conversations, assetOf);
  const ends = [...pieces.keys()].toSorted((a, b) => a - b);
  const span = [ends[0] ?? 0, (ends.at(-1) ?? -HOUR) + HOUR] as const;
  const devices = assets
    .filter(({ id }) => hours.has(id))
    .map((asset) => usageOf(asset, hours.get(asset.id)!, span, listened, options));
  return { devices: devices.toSorted(byUse), captures, errors };
}

function usageOf(
  asset: Asset,
  active: ActiveHours,
  [from, until]: readonly [number, number],
  listened: ReadonlySet<number>,
  { knowledge, hourOfWeek }: UsageOptions,
): DeviceUsage {
  const { value: deviceClass } = asset.class;
  const hours = hoursOf(active, from, until, { heard: (hour) => listened.has(hour) });
  return {
    name: asset.name,
    classLabel: deviceClass === null ? null : knowledge.taxonomy.label(deviceClass),
    clinical: knowledge.taxonomy.isClinical(deviceClass),
    ...usageReport(asset.id, hours, hourOfWeek),
  };
}

/** In which pieces of which hours anything was heard. */
function heardPieces(conversations: readonly Conversation[]): Map<number, Pieces> {
  const heard = new Map<number, Pieces>();
  for (const conversation of conversations)
    for (const [hour, pieces] of piecesOf(conversation)) heard.set(hour, (heard.get(hour) ?? 0) | pieces);
  return heard;
}

/** Hours in which each asset sent something, whichever side of a conversation it was. */
function activeHours(
  conversations: readonly Conversation[],
  assetOf: ReadonlyMap<string, string>,
): Map<string, ActiveHours> {
  const hours = new Map<string, ActiveHours>();
  for (const conversation of conversations) {
    const trace = traceOf(conversation);
    for (const [side, packets] of [
      ['client', conversation.packetsFromClient],
      ['server', conversation.packetsFromServer],
    ] as const) {
      const asset = assetOf.get(endpointKey(conversation[side]));
      if (asset === undefined || packets === 0) continue;
      const known = hours.get(asset) ?? new Map<number, string | null>();
      addTrace(known, trace);
      hours.set(asset, known);
    }
  }
  return hours;
}

async function readAll(
  { captures, knowledge, key, limits, onProgress }: UsageOptions,
  gathering: Gathering,
): Promise<{ captures: CaptureSummary[]; errors: InputError[] }> {
  const redactor = new Redactor(key, knowledge.defaultCredentials);
  const read: { captures: CaptureSummary[]; errors: InputError[] } = { captures: [], errors: [] };
  for (const capture of captures) {
    const batches = readEvidence(readCapture(capture, read.errors), {
      file: capture.name,
      sensor: 'usage',
      stream: capture.name,
      redactor,
      ...(limits ? { limits } : {}),
      onProgress: (bytesRead, packets) => onProgress?.(capture, bytesRead, packets),
    });
    let next = await batches.next();
    for (; !next.done; next = await batches.next()) gathering.add(next.value);
    read.errors.push(...next.value.errors);
    if (!next.value.format.startsWith('unknown')) read.captures.push(next.value);
  }
  return read;
}

function byUse(a: DeviceUsage, b: DeviceUsage): number {
  return (
    Number(b.clinical) - Number(a.clinical) ||
    (b.utilisation ?? -1) - (a.utilisation ?? -1) ||
    (a.name < b.name ? -1 : 1)
  );
}
