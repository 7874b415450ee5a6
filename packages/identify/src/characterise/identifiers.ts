import type { Facts, Identifier, Sighting } from '@wardline/model';
import { groundOf, textOf } from './claim-book.ts';
import { type Subject, sightingsOf } from './subject.ts';

/** The names under which it takes part in DICOM (PS3.8 §9.3) and HL7 v2 (MSH-3 to MSH-6). */
export function claimIdentifiers(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'dicom.association')) {
    const { facts } = sighting;
    // Until a called side has answered, the title is only what somebody called it.
    const own = facts.role === 'requestor' || facts.result === 'accepted';
    const how = own ? 'It takes part in DICOM as' : 'Others call it in DICOM as';
    claim(subject, sighting, 'aeTitle', facts.aeTitle, how);
    claim(subject, sighting, 'implementationClassUid', facts.implementationClassUid, 'Its DICOM toolkit is');
    claim(subject, sighting, 'implementationVersion', facts.implementationVersion, 'Its DICOM toolkit is');
  }
  for (const sighting of sightingsOf(subject, 'hl7.endpoint')) {
    const { facts } = sighting;
    const how = facts.role === 'sender' ? 'It signs HL7 messages as' : 'HL7 messages are addressed to it as';
    claim(subject, sighting, 'hl7Application', facts.application, how);
    claim(subject, sighting, 'hl7Facility', facts.facility, how);
  }
}

function claim(
  subject: Subject,
  sighting: Sighting<'dicom.association'> | Sighting<'hl7.endpoint'>,
  attribute: Identifier,
  value: string | undefined,
  how: string,
): void {
  const text = textOf(value);
  if (text === null) return;
  const fact = FACT[attribute];
  const strength = how.startsWith('It') ? 'strong' : 'medium';
  subject.book.add(
    {
      attribute,
      value: text,
      source: `${sighting.kind}/${fact}`,
      strength,
      group: `name-${sighting.kind}`,
      reason: `${how} “${text}”.`,
    },
    groundOf(sighting),
  );
}

const FACT: Record<Identifier, keyof Facts['dicom.association'] | keyof Facts['hl7.endpoint']> = {
  aeTitle: 'aeTitle',
  implementationClassUid: 'implementationClassUid',
  implementationVersion: 'implementationVersion',
  hl7Application: 'application',
  hl7Facility: 'facility',
};
