import { createHash } from 'node:crypto';
import {
  alertConfidences,
  alertSchema,
  EVIDENCE_NAMED,
  type Micros,
  severities,
  TARGETS_NAMED,
} from '@wardline/model';
import { BoundedMap } from './bounded-map.ts';
import { anyEvidence, anything } from './likeness.ts';
import type { Draft } from './scene.ts';

/** An alert under the names of devices as the watch calls them; `story/tell.ts` makes it an alert for people. */
export interface AlertRecord extends Required<Omit<Draft, 'targets' | 'evidence' | 'about'>> {
  id: string;
  about: string;
  targets: string[];
  evidence: Draft['evidence'][number][];
}

/** What a stored record looks like; the words that have a list are looked up in it. */
const anyRecord: AlertRecord = {
  id: '',
  detection: 'new-device',
  about: '',
  title: '',
  severity: 'low',
  confidence: 'low',
  basis: 'baseline',
  actor: null,
  targets: [],
  targetCount: 0,
  service: anything as never,
  summary: '',
  firstSeen: 0,
  lastSeen: 0,
  count: 0,
  evidence: [anyEvidence],
  facts: anything as never,
};

const { detection, severity, confidence, basis, service, facts } = alertSchema.shape;

/** True where it can be told as an alert. */
function isTellable(record: AlertRecord): boolean {
  return (
    detection.safeParse(record.detection).success &&
    severity.safeParse(record.severity).success &&
    confidence.safeParse(record.confidence).success &&
    basis.safeParse(record.basis).success &&
    service.safeParse(record.service).success &&
    facts.safeParse(record.facts).success
  );
}

/** Behaviour that pauses longer than this is told anew when it comes back. */
const QUIET: Micros = 6 * 3_600_000_000;

/** Alerts that still grow. The same detection, actor and matter is the same alert as long as it goes on. */
export class AlertBook {
  readonly #open: BoundedMap<AlertRecord>;
  #changed = new Map<string, AlertRecord>();

  constructor(most: number) {
    this.#open = new BoundedMap(most, anyRecord);
  }

  add(draft: Draft): AlertRecord {
    const about = draft.about ?? draft.targets[0] ?? '';
    const key = `${draft.detection}|${draft.actor ?? ''}|${about}`;
    const known = this.#open.get(key);
    const record =
      known !== undefined && draft.lastSeen - known.lastSeen < QUIET
        ? grown(known, draft)
        : opened(key, about, draft);
    this.#open.set(key, record);
    this.#changed.set(record.id, record);
    return record;
  }

  /** Alerts that are new or have grown since the last call. */
  take(): AlertRecord[] {
    const taken = [...this.#changed.values()];
    this.#changed = new Map();
    return taken;
  }

  save(): [string, AlertRecord][] {
    return this.#open.save();
  }

  accepts(state: unknown): boolean {
    return (
      this.#open.accepts(state) &&
      (state as [string, AlertRecord][]).every(([, record]) => isTellable(record))
    );
  }

  load(state: readonly [string, AlertRecord][]): void {
    this.#open.load(state);
  }
}

function opened(key: string, about: string, draft: Draft): AlertRecord {
  const id = createHash('sha256').update(`${key}|${draft.firstSeen}`).digest('hex').slice(0, 24);
  return {
    ...draft,
    id,
    about,
    targets: draft.targets.slice(0, TARGETS_NAMED),
    targetCount: draft.targetCount ?? draft.targets.length,
    service: draft.service ?? null,
    count: draft.count ?? 1,
    evidence: [...draft.evidence],
    facts: draft.facts ?? {},
  };
}

function grown(known: AlertRecord, draft: Draft): AlertRecord {
  const targets = [...new Set([...known.targets, ...draft.targets])];
  const graver = severities.indexOf(draft.severity) < severities.indexOf(known.severity);
  const surer = alertConfidences.indexOf(draft.confidence) < alertConfidences.indexOf(known.confidence);
  const seen = new Set(known.evidence.map(({ capture, packet }) => `${capture} ${packet}`));
  const fresh = draft.evidence.filter(({ capture, packet }) => !seen.has(`${capture} ${packet}`));
  return {
    ...known,
    title: graver ? draft.title : known.title,
    severity: graver ? draft.severity : known.severity,
    confidence: surer ? draft.confidence : known.confidence,
    summary: draft.summary,
    facts: draft.facts ?? known.facts,
    targets: targets.slice(0, TARGETS_NAMED),
    targetCount: Math.max(known.targetCount, draft.targetCount ?? 0, targets.length),
    firstSeen: Math.min(known.firstSeen, draft.firstSeen),
    lastSeen: Math.max(known.lastSeen, draft.lastSeen),
    count: known.count + (draft.count ?? 1),
    evidence: [...known.evidence, ...fresh].slice(0, EVIDENCE_NAMED),
  };
}
