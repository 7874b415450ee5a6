import { harmSeverities, type Threat, threatStandings } from '@wardline/model';
import type { ThreatSubject, WeighedThreat } from './words.ts';

/** What a threat does to a patient, by what failure or misuse of such a device does (ISO 14971, 5.4). */
export function severityOf(
  { effect, harms }: Threat,
  hazards: ThreatSubject['hazards'],
): Pick<WeighedThreat, 'severity' | 'harm'> {
  if (effect === null || hazards === null || !harms.includes('patient'))
    return { severity: null, harm: null };
  const { severity, situation, harm } = hazards[effect];
  return { severity, harm: `${situation}, and ${harm}` };
}

/** What is open first, then by the harm to a patient; what is only possible after what is there. */
export function gravestFirst(a: WeighedThreat, b: WeighedThreat): number {
  const rank = ({ severity }: WeighedThreat) => (severity === null ? -1 : harmSeverities.indexOf(severity));
  return (
    threatStandings.indexOf(a.standing) - threatStandings.indexOf(b.standing) ||
    Number(a.isOnlyPossible) - Number(b.isOnlyPossible) ||
    rank(b) - rank(a) ||
    (a.threat.id < b.threat.id ? -1 : 1)
  );
}
