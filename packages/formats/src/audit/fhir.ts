import { type AuditedAct, type AuditSource, instantOf, kindOfThing } from './act.ts';
import { type DicomCode, kindOf } from './kinds.ts';

interface Coding {
  system: string;
  code: string;
  display: string;
}

const dicom = ({ code, meaning }: DicomCode): Coding => ({
  system: 'http://dicom.nema.org/resources/ontology/DCM',
  code,
  display: meaning,
});
const terminology = (system: string, code: string, display: string): Coding => ({
  system: `http://terminology.hl7.org/CodeSystem/${system}`,
  code,
  display,
});

/**
 * An act as a FHIR R4 AuditEvent. Laid out as IHE's Basic Audit Log Patterns do: DICOM's event as type, its event type and our
 * own name of the act as subtypes, who asked as the one requestor, this server as the agent that carried it out.
 * No profile is claimed, since the patterns are those of REST on patients' data.
 */
export function auditEventOf(act: AuditedAct, source: AuditSource): Record<string, unknown> {
  const { event, type, action, failed } = kindOf(act.action);
  return {
    resourceType: 'AuditEvent',
    id: `ledger-${act.sequence}`,
    type: dicom(event),
    subtype: [dicom(type), { system: 'urn:wardline:act', code: act.action }],
    action,
    recorded: instantOf(act.at),
    ...purpose(act),
    // Success, or a minor failure (http://hl7.org/fhir/audit-event-outcome).
    outcome: failed ? '4' : '0',
    agent: [requestor(act), server(source)],
    source: {
      site: source.hospital,
      observer: { display: source.host },
      type: [terminology('security-source-type', '4', 'Application Server')],
    },
    entity: [entity(act)],
  };
}

/** HL7 v3-ActReason, for acts in an emergency. */
const purposes: Readonly<Record<string, string>> = {
  BTG: 'break the glass',
  ETREAT: 'Emergency Treatment',
};

function purpose({ changes }: AuditedAct) {
  const code = changes.purpose;
  if (typeof code !== 'string' || !Object.hasOwn(purposes, code)) return {};
  return { purposeOfEvent: [{ coding: [terminology('v3-ActReason', code, purposes[code]!)] }] };
}

function requestor({ actor, actorName }: AuditedAct) {
  return {
    type: { coding: [terminology('v3-ParticipationType', 'AUT', 'author (originator)')] },
    who: {
      identifier: { system: 'urn:wardline:actor', value: actor },
      ...(actorName === null ? {} : { display: actorName }),
    },
    requestor: true,
  };
}

function server({ host }: AuditSource) {
  return {
    type: { coding: [dicom({ code: '110152', meaning: 'Destination Role ID' })] },
    who: { display: host },
    requestor: false,
  };
}

function entity(act: AuditedAct) {
  const isPerson = kindOfThing(act.subject) === 'person';
  return {
    what: { identifier: { system: 'urn:wardline:subject', value: act.subject } },
    type: isPerson
      ? terminology('audit-entity-type', '1', 'Person')
      : terminology('audit-entity-type', '2', 'System Object'),
    role: isPerson
      ? terminology('object-role', '11', 'Security User Entity')
      : terminology('object-role', '13', 'Security Resource'),
    detail: details(act).map(([name, value]) => ({ type: name, valueString: value })),
  };
}

/** What binds an event to the ledger, and what changed. */
function details({ sequence, leaf, changes, reason }: AuditedAct): [name: string, value: string][] {
  return [
    ['ledger-sequence', String(sequence)],
    ['ledger-leaf', leaf],
    ['changes', JSON.stringify(changes)],
    ...(reason === null ? [] : ([['reason', reason]] as [string, string][])),
  ];
}
