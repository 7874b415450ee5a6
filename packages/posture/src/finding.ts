import { createHash } from 'node:crypto';
import {
  harms as allHarms,
  type Criticality,
  type Evidence,
  type Finding,
  type Harm,
  type Severity,
} from '@wardline/model';
import type { JudgementContext } from './context.ts';
import { EVIDENCE_PER_FINDING } from './limits.ts';
import type { Party } from './party.ts';
import { severityInPlace } from './severity.ts';

/** The part of sightings and conversations that every finding rests on. */
export interface Ground {
  firstSeen: number;
  lastSeen: number;
  count?: number;
  evidence: Evidence;
}

/** What a rule found; the rest of a finding follows from it. */
export interface Draft {
  rule: string;
  /** What tells this finding apart from the rule's others on the same asset, service and peer. */
  key?: string;
  peer?: Party | null;
  service?: { transport: string; port: number | null } | null;
  summary: string;
  ground: readonly Ground[];
  /** In place of the rule's own. */
  severity?: Severity;
  /** In place of the asset's own, where another side is what counts. */
  criticality?: Criticality;
  /** Added to the rule's own. */
  harms?: readonly Harm[];
}

/** Completes a draft: texts from the knowledge, severity in its clinical place, evidence in order, a stable id. */
export function toFinding(draft: Draft, asset: Party & { id: string }, context: JudgementContext): Finding {
  const rule = context.lexicon.rule(draft.rule);
  const harmed = new Set([...rule.harms, ...(draft.harms ?? [])]);
  const harms = allHarms.filter((harm) => harmed.has(harm));
  const service = draft.service ?? null;
  const peer = draft.peer?.id ?? null;
  return {
    id: findingId(draft, asset.id),
    rule: draft.rule,
    title: rule.title,
    severity: severityInPlace(draft.severity ?? rule.severity, draft.criticality ?? asset.criticality, harms),
    harms,
    asset: asset.id,
    peer,
    service,
    summary: draft.summary,
    remedy: rule.remedy,
    ...summed(draft.ground),
  };
}

/** The same rule on the same asset, service and peer is the same finding in every run. */
function findingId(draft: Draft, asset: string): string {
  const service = draft.service ? `${draft.service.transport}/${draft.service.port ?? ''}` : '';
  // A peer that is nobody's asset is told apart by its name, its address.
  const peer = draft.peer ? (draft.peer.id ?? draft.peer.name) : '';
  const parts = [draft.rule, asset, service, peer, draft.key ?? ''];
  return `f-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20)}`;
}

function summed(ground: readonly Ground[]): Pick<Finding, 'firstSeen' | 'lastSeen' | 'count' | 'evidence'> {
  let firstSeen = Number.POSITIVE_INFINITY;
  let lastSeen = Number.NEGATIVE_INFINITY;
  let count = 0;
  for (const item of ground) {
    firstSeen = Math.min(firstSeen, item.firstSeen);
    lastSeen = Math.max(lastSeen, item.lastSeen);
    count += item.count ?? 1;
  }
  return { firstSeen, lastSeen, count, evidence: earliestEvidence(ground) };
}

function earliestEvidence(ground: readonly Ground[]): Evidence[] {
  const kept = new Map<string, Evidence>();
  for (const { evidence } of ground.toSorted(byTimeThenPlace)) {
    if (kept.size === EVIDENCE_PER_FINDING) break;
    kept.set(`${evidence.capture}#${evidence.packet}`, evidence);
  }
  return [...kept.values()];
}

function byTimeThenPlace(a: Ground, b: Ground): number {
  return (
    a.firstSeen - b.firstSeen ||
    (a.evidence.capture < b.evidence.capture ? -1 : a.evidence.capture > b.evidence.capture ? 1 : 0) ||
    a.evidence.packet - b.evidence.packet
  );
}
