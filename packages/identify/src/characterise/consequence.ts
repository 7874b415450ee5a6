import type { Claim, Conclusion, Criticality } from '@wardline/model';
import { groundOf } from './claim-book.ts';
import { groundOfGroup } from './network-roles.ts';
import { type Subject, sightingsOf } from './subject.ts';

const CRITICALITY_WORDS: Record<Criticality, string> = {
  'life-critical': 'its loss can harm a patient within minutes',
  high: 'care is held up soon when it fails',
  medium: 'work gets harder when it fails, but care goes on',
  low: 'care goes on without it',
  unknown: 'what hangs on it is not known',
};

/** What the class means for patients: criticality, and whether patient data is to be expected. */
export function claimConsequences(
  subject: Subject,
  deviceClass: Conclusion,
  classClaims: readonly Claim[],
): void {
  const entry = subject.knowledge.taxonomy.classes.get(deviceClass.value ?? '');
  const ground = groundOfGroup(subject);
  if (entry === undefined || ground === null) return;
  const strength = deviceClass.confidence >= 0.8 ? 'strong' : 'medium';
  const common = { source: 'knowledge', strength, group: 'class' } as const;
  const basis = classClaims.find((claim) => claim.value === deviceClass.value);
  const on = basis === undefined ? ground : { ...ground, evidence: basis.evidence };
  if (entry.criticality !== 'unknown') {
    const reason = `${entry.label}: ${CRITICALITY_WORDS[entry.criticality]}.`;
    subject.book.add({ ...common, attribute: 'criticality', value: entry.criticality, reason }, on);
  }
  if (entry.dataSensitivity !== 'unknown') {
    const reason = `${entry.label}: ${SENSITIVITY_WORDS[entry.dataSensitivity]}.`;
    subject.book.add({ ...common, attribute: 'dataSensitivity', value: entry.dataSensitivity, reason }, on);
  }
}

const SENSITIVITY_WORDS = {
  phi: 'this kind of device handles patient data',
  'possible-phi': 'this kind of device may hold patient data',
  'no-phi': 'this kind of device does not handle patient data',
};

/** Patient data that was seen, and messages that carry it by their nature. */
export function claimPatientData(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'phi.cleartext')) {
    const { protocol, field } = sighting.facts;
    const reason = `It sent patient data in clear (${field} over ${subject.knowledge.protocols.get(protocol)?.label ?? protocol}).`;
    say(subject, 'phi', 'strong', 'phi-seen', 'phi.cleartext', reason, groundOf(sighting));
  }
  for (const kind of ['dicom.equipment', 'hl7.endpoint'] as const) {
    for (const sighting of sightingsOf(subject, kind)) {
      const reason = kind === 'hl7.endpoint' ? 'It exchanges HL7 messages.' : 'It sends images of patients.';
      say(subject, 'phi', 'medium', 'clinical-protocol', kind, reason, groundOf(sighting));
    }
  }
}

function say(
  subject: Subject,
  value: string,
  strength: 'strong' | 'medium',
  group: string,
  source: string,
  reason: string,
  ground: ReturnType<typeof groundOf>,
): void {
  subject.book.add({ attribute: 'dataSensitivity', value, source, strength, group, reason }, ground);
}

/** What was seen counts above what is usual for the class: the class's word is no contradiction of it. */
export function sensitivityOf(
  claims: readonly Claim[],
  fuse: (claims: readonly Claim[]) => Conclusion,
): Conclusion {
  const seen = claims.filter((claim) => claim.source !== 'knowledge');
  if (seen.length === 0) return fuse(claims);
  return fuse(claims.filter((claim) => claim.value === 'phi'));
}
