import type { FingerprintMatch } from '@wardline/knowledge';
import type { Facts, FactValue, Sighting } from '@wardline/model';
import { groundOf } from './claim-book.ts';
import { machinesNamed } from './named-machines.ts';
import type { Subject } from './subject.ts';

/** What the knowledge's fingerprints say of the facts. */
export function claimFingerprints(subject: Subject): void {
  const named = machinesNamed(subject.sightings);
  for (const sighting of subject.sightings) {
    if (!named.isAboutSubject(sighting)) continue;
    for (const match of subject.knowledge.fingerprints.match(sighting.kind, sighting.facts)) {
      claimMatch(subject, sighting, match, match.group);
    }
    if (sighting.kind === 'lldp.neighbour') claimDescription(subject, sighting);
  }
}

/** LLDP's system description is the same text as SNMP's (IEEE 802.1AB-2016 §8.5.7). */
function claimDescription(subject: Subject, sighting: Sighting): void {
  const { systemDescription } = sighting.facts as Facts['lldp.neighbour'];
  if (systemDescription === undefined) return;
  const matches = subject.knowledge.fingerprints.match('snmp.system', { sysDescr: systemDescription });
  for (const match of matches) claimMatch(subject, sighting, match, match.group);
}

function claimMatch(subject: Subject, sighting: Sighting, match: FingerprintMatch, group: string): void {
  const { attribute, strength, rule, fact } = match;
  const value = attribute === 'vendor' ? subject.knowledge.vendors.canonical(match.value) : match.value;
  const shown = attribute === 'class' ? subject.knowledge.taxonomy.label(value) : value;
  const text = [(sighting.facts as Record<string, FactValue | undefined>)[fact] ?? '']
    .join(', ')
    .slice(0, 120);
  const seen = text === '' ? sighting.kind : `${sighting.kind} “${text}”`;
  const reason = `${seen} is what ${/^[aeiou]/i.test(shown) ? 'an' : 'a'} ${shown} says (rule ${rule}).`;
  subject.book.add(
    { attribute, value, source: `${sighting.kind}/${fact}`, strength, group, reason },
    groundOf(sighting),
  );
}
