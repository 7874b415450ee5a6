import type { FingerprintMatch } from '@wardline/knowledge';
import type { FactKind, Sighting } from '@wardline/model';
import { groundOf } from './claim-book.ts';
import { machinesNamed } from './named-machines.ts';
import type { Subject } from './subject.ts';
import { reasonOfMatch } from './wording.ts';

/** As the model bounds a claim's source. */
const SOURCE_LENGTH = 80;

/** What the knowledge's fingerprints say of the facts. */
export function claimFingerprints(subject: Subject): void {
  const named = machinesNamed(subject.sightings);
  for (const sighting of subject.sightings) {
    if (!named.isAboutSubject(sighting)) continue;
    for (const match of subject.knowledge.fingerprints.match(sighting.kind, sighting.facts)) {
      claimMatch(subject, sighting, match);
    }
    const described = DESCRIPTIONS[sighting.kind];
    if (described !== undefined) claimDescription(subject, sighting, described);
  }
}

/** Facts that hold the same text as SNMP's system description (IEEE 802.1AB-2016 §8.5.7). */
const DESCRIPTIONS: Readonly<Partial<Record<FactKind, string>>> = {
  'cdp.neighbour': 'softwareVersion',
  'lldp.neighbour': 'systemDescription',
};

function claimDescription(subject: Subject, sighting: Sighting, fact: string): void {
  const systemDescription = (sighting.facts as Record<string, string | undefined>)[fact];
  if (systemDescription === undefined) return;
  const matches = subject.knowledge.fingerprints.match('snmp.system', { sysDescr: systemDescription });
  for (const match of matches) claimMatch(subject, sighting, { ...match, fact });
}

function claimMatch(subject: Subject, sighting: Sighting, match: FingerprintMatch): void {
  const { attribute, strength, group, rule } = match;
  const { knowledge } = subject;
  const value = attribute === 'vendor' ? knowledge.vendors.canonical(match.value) : match.value;
  const reason = reasonOfMatch(sighting.kind, match, value, knowledge);
  const source = `${sighting.kind}/${match.fact} (${rule})`.slice(0, SOURCE_LENGTH);
  subject.book.add({ attribute, value, source, strength, group, reason }, groundOf(sighting));
}
