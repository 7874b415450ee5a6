import type { FingerprintMatch } from '@wardline/knowledge';
import type { FactKind, Facts, FactValue, Sighting } from '@wardline/model';
import { groundOf, textOf } from './claim-book.ts';
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
    if (sighting.kind === 'snmp.engine') claimEngine(subject, sighting);
    claimProduct(subject, sighting);
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

/** Other protocols name products by the same models as HL7 messages do; who names several passes their messages on. */
function claimProduct(subject: Subject, sighting: Sighting): void {
  const fact = PRODUCT_FACTS[sighting.kind];
  const model = fact === undefined ? null : textOf((sighting.facts as Record<string, FactValue>)[fact]);
  if (fact === undefined || model === null) return;
  const all = subject.sightings.filter(({ kind }) => kind === sighting.kind);
  const isOnly = all.every(({ facts }) =>
    [model, null].includes(textOf((facts as Record<string, FactValue>)[fact])),
  );
  if (!isOnly) return;
  for (const match of subject.knowledge.fingerprints.match('hl7.device', { field: fact, model })) {
    claimMatch(subject, sighting, { ...match, fact });
  }
}

/** Where a kind of sighting names a product's model. */
const PRODUCT_FACTS: Readonly<Record<string, string>> = {
  'astm.endpoint': 'senderName',
  'dpws.device': 'model',
  'poct.device': 'model',
  'sdc.device': 'model',
};

/** An engine id holds the enterprise number that object identifiers begin with (RFC 3411 §5). */
function claimEngine(subject: Subject, sighting: Sighting): void {
  const { enterprise } = sighting.facts as Facts['snmp.engine'];
  const sysObjectId = `1.3.6.1.4.1.${enterprise}`;
  const matches = subject.knowledge.fingerprints.match('snmp.system', { sysObjectId });
  for (const match of matches) claimMatch(subject, sighting, { ...match, fact: 'enterprise' });
}

function claimMatch(subject: Subject, sighting: Sighting, match: FingerprintMatch): void {
  const { attribute, strength, group, rule } = match;
  const { knowledge } = subject;
  const value = attribute === 'vendor' ? knowledge.vendors.canonical(match.value) : match.value;
  const reason = reasonOfMatch(sighting.kind, match, value, knowledge);
  const source = `${sighting.kind}/${match.fact} (${rule})`.slice(0, SOURCE_LENGTH);
  subject.book.add({ attribute, value, source, strength, group, reason }, groundOf(sighting));
}
