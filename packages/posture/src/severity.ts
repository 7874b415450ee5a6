import { type Criticality, type Harm, type Severity, severities } from '@wardline/model';

/**
 * A rule's severity in its clinical place: one step up where the asset is life-critical and patients or operations are
 * harmed, one step down where the asset's criticality is low and only operations are. What is unknown never lowers.
 */
export function severityInPlace(base: Severity, criticality: Criticality, harms: readonly Harm[]): Severity {
  if (criticality === 'life-critical' && (harms.includes('patient') || harms.includes('operations')))
    return step(base, -1);
  if (criticality === 'low' && !harms.includes('privacy')) return step(base, 1);
  return base;
}

/** Moves along the ladder; negative is more severe. Information stays information. */
export function step(severity: Severity, by: number): Severity {
  if (severity === 'info') return severity;
  const index = severities.indexOf(severity) + by;
  return severities[Math.min(Math.max(index, 0), severities.length - 2)] ?? severity;
}

export function worst(list: readonly Criticality[], ranks: readonly Criticality[]): Criticality {
  return ranks.find((rank) => list.includes(rank)) ?? 'unknown';
}
