import { identify, reconcile } from '@wardline/identify';
import type { Knowledge } from '@wardline/knowledge';
import {
  type Assessment,
  formatMicros,
  type InputError,
  type RegisterEntry,
  type RegisterIssue,
} from '@wardline/model';
import { judge } from '@wardline/posture';
import { type CaptureSummary, Redactor, type SensorLimits } from '@wardline/sensor';
import type { Capture } from './captures.ts';
import { readEvidence } from './evidence.ts';
import { Gathering } from './gather.ts';
import { ERRORS_LISTED } from './limits.ts';
import { readCapture } from './source.ts';
import { assessedAsset, assessedConversations, assessedFinding } from './to-assessment.ts';

export interface AssessOptions {
  captures: readonly Capture[];
  register: { entries: readonly RegisterEntry[]; issues: readonly RegisterIssue[] } | null;
  knowledge: Knowledge;
  /** Of the keyed hashes that stand for secrets and patient data. */
  key: Uint8Array;
  /** The sensor's bounds, over the defaults. */
  limits?: Partial<SensorLimits>;
  /** Program name and version. */
  generator: string;
  /** Errors found before reading began. */
  errors?: readonly InputError[];
  /** Milliseconds, for the duration alone. */
  now: () => number;
  onProgress?: (step: Step) => void;
}

export type Step =
  | { doing: 'reading'; capture: Capture; index: number; of: number; bytesRead: number; packets: number }
  | { doing: 'identifying' | 'judging'; conversations: number; sightings: number };

/** Captures in, one assessment out: sense, identify, judge, reconcile. `readable` counts the captures that were one. */
export async function assess(options: AssessOptions): Promise<{ assessment: Assessment; readable: number }> {
  const started = options.now();
  const gathering = new Gathering();
  const read = await readAll(options, gathering);
  const [conversations, sightings] = [gathering.conversations(), gathering.sightings()];
  options.onProgress?.({ doing: 'identifying', ...gathering.size });
  const { assets, assetOf } = identify({ sightings, conversations, decisions: [] }, options.knowledge);
  options.onProgress?.({ doing: 'judging', ...gathering.size });
  const findings = judge({ assets, sightings, conversations, assetOf }, options.knowledge);
  const merged = assessedConversations(conversations, assetOf);
  const assessment: Assessment = {
    version: 1,
    generator: options.generator,
    captures: read.summaries.map(describeCapture),
    assets: assets.map(assessedAsset),
    conversations: merged,
    findings: findings.map(assessedFinding),
    reconciliation: options.register ? reconcile(options.register.entries, assets, options.knowledge) : null,
    registerIssues: [...(options.register?.issues ?? [])],
    errors: listed([...(options.errors ?? []), ...read.errors]),
    statistics: {
      ...gathering.statistics,
      conversations: merged.length,
      sightings: sightings.length,
      seconds: Math.round(options.now() - started) / 1000,
    },
  };
  return { assessment, readable: read.readable };
}

interface Read {
  summaries: CaptureSummary[];
  errors: InputError[];
  readable: number;
}

async function readAll(options: AssessOptions, gathering: Gathering): Promise<Read> {
  const redactor = new Redactor(options.key, options.knowledge.defaultCredentials);
  const read: Read = { summaries: [], errors: [], readable: 0 };
  for (const [index, capture] of options.captures.entries()) {
    const failures: InputError[] = [];
    const batches = readEvidence(readCapture(capture, failures), {
      file: capture.name,
      sensor: 'assess',
      stream: capture.name,
      redactor,
      ...(options.limits ? { limits: options.limits } : {}),
      onProgress: (bytesRead, packets) =>
        options.onProgress?.({
          doing: 'reading',
          capture,
          index,
          of: options.captures.length,
          bytesRead,
          packets,
        }),
    });
    let next = await batches.next();
    for (; !next.done; next = await batches.next()) gathering.add(next.value);
    const summary = next.value;
    // A disk that refused is the cause of whatever the reader then missed.
    const errors = failures.length > 0 && summary.packets === 0 ? failures : [...failures, ...summary.errors];
    read.errors.push(...errors);
    // A capture that is cut off before its first packet ends is still known to be one.
    if (!summary.format.startsWith('unknown')) {
      read.summaries.push(summary);
      read.readable++;
    }
  }
  return read;
}

function describeCapture(summary: CaptureSummary): Assessment['captures'][number] {
  const { file, format, packets, bytes, firstSeen, lastSeen } = summary;
  const instant = (time: number | null) => (time === null ? null : formatMicros(time));
  return { file, format, packets, bytes, firstSeen: instant(firstSeen), lastSeen: instant(lastSeen) };
}

/** Bounded, with the rest counted in one last error. */
function listed(errors: readonly InputError[]): InputError[] {
  if (errors.length <= ERRORS_LISTED) return [...errors];
  const more = errors.length - ERRORS_LISTED;
  const last = {
    file: errors.at(-1)?.file ?? '',
    record: null,
    offset: null,
    message: `${more} more errors are not listed`,
  };
  return [...errors.slice(0, ERRORS_LISTED), last];
}
