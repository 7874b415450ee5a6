import { type AuditedAct, type AuditSource, instantOf, kindOfThing } from './act.ts';
import { type DicomCode, kindOf } from './kinds.ts';

/** An act as an audit message of IHE ATNA: DICOM PS3.15 A.5, attributes and elements in its order. */
export function auditMessageOf(act: AuditedAct, source: AuditSource): string {
  const { event, type, action, failed } = kindOf(act.action);
  const head = eventXml({ event, type, action, at: act.at, name: act.action, failed });
  return message(head, [participantXml(act), serverXml(source)], source, [objectXml(act)]);
}

/**
 * Tells a receiver up to which number acts must have come, as a use of the audit log (PS3.15 A.5.3.2): the signed head of
 * the ledger stands in it. `at`: microseconds since the epoch.
 */
export function checkpointMessageOf(note: string, size: number, at: number, source: AuditSource): string {
  const event = { code: '110101', meaning: 'Audit Log Used' };
  const type = { code: '110129', meaning: 'Security Configuration' };
  const head = eventXml({ event, type, action: 'R', at, name: 'ledger.sign', failed: false });
  const details = [detailXml('ledger-size', String(size)), detailXml('ledger-checkpoint', note)];
  return message(head, [serverXml(source, true)], source, [ledgerXml(details)]);
}

const message = (head: string, participants: string[], source: AuditSource, objects: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><AuditMessage>${head}${participants.join('')}${sourceXml(source)}${objects.join('')}</AuditMessage>`;

interface Event {
  event: DicomCode;
  type: DicomCode;
  action: string;
  at: number;
  name: string;
  failed: boolean;
}

function eventXml({ event, type, action, at, name, failed }: Event): string {
  const own = coded('EventTypeCode', { code: name, meaning: name }, 'Wardline');
  return `<EventIdentification EventActionCode="${action}" EventDateTime="${instantOf(at)}" EventOutcomeIndicator="${failed ? 4 : 0}">${coded('EventID', event)}${coded('EventTypeCode', type)}${own}</EventIdentification>`;
}

function coded(element: string, { code, meaning }: DicomCode, system = 'DCM'): string {
  return `<${element} csd-code="${xml(code)}" codeSystemName="${system}" originalText="${xml(meaning)}"/>`;
}

function participantXml({ actor, actorName }: AuditedAct): string {
  const name = actorName === null ? '' : ` UserName="${xml(actorName)}"`;
  return `<ActiveParticipant UserID="${xml(actor)}"${name} UserIsRequestor="true"/>`;
}

function serverXml({ host }: AuditSource, isRequestor = false): string {
  const place = `NetworkAccessPointID="${xml(host)}" NetworkAccessPointTypeCode="1"`;
  const role = isRequestor
    ? coded('RoleIDCode', { code: '110150', meaning: 'Application' })
    : coded('RoleIDCode', { code: '110152', meaning: 'Destination Role ID' });
  return `<ActiveParticipant UserID="wardline" UserIsRequestor="${isRequestor}" ${place}>${role}</ActiveParticipant>`;
}

/** Type 4: application server. */
function sourceXml({ hospital, host }: AuditSource): string {
  return `<AuditSourceIdentification AuditEnterpriseSiteID="${xml(hospital)}" AuditSourceID="${xml(host)}"><AuditSourceTypeCode csd-code="4"/></AuditSourceIdentification>`;
}

function objectXml(act: AuditedAct): string {
  const isPerson = kindOfThing(act.subject) === 'person';
  const codes = isPerson ? ['1', '11'] : ['2', '13'];
  const [kind, role] = codes;
  const idType = coded(
    'ParticipantObjectIDTypeCode',
    { code: 'subject', meaning: 'subject of the act' },
    'Wardline',
  );
  const details = [
    detailXml('ledger-sequence', String(act.sequence)),
    detailXml('ledger-leaf', act.leaf),
    detailXml('changes', JSON.stringify(act.changes)),
    act.reason === null ? '' : detailXml('reason', act.reason),
  ];
  return `<ParticipantObjectIdentification ParticipantObjectID="${xml(act.subject)}" ParticipantObjectTypeCode="${kind}" ParticipantObjectTypeCodeRole="${role}">${idType}<ParticipantObjectName>${xml(act.subject)}</ParticipantObjectName>${details.join('')}</ParticipantObjectIdentification>`;
}

/** PS3.15 A.5.3.2: the log is a system object, in the role of a security resource, known by a URI (12). */
function ledgerXml(details: string[]): string {
  const idType = coded('ParticipantObjectIDTypeCode', { code: '12', meaning: 'URI' }, 'RFC-3881');
  return `<ParticipantObjectIdentification ParticipantObjectID="urn:wardline:ledger" ParticipantObjectTypeCode="2" ParticipantObjectTypeCodeRole="13">${idType}<ParticipantObjectName>Security Audit Log</ParticipantObjectName>${details.join('')}</ParticipantObjectIdentification>`;
}

/** Values are base64 whatever they are, so that no text can break out (PS3.15 A.5.1.1). */
const detailXml = (type: string, value: string): string =>
  `<ParticipantObjectDetail type="${type}" value="${Buffer.from(value, 'utf8').toString('base64')}"/>`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text for XML 1.0: what XML cannot hold at all becomes the replacement character. */
function xml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it replaces
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replaceAll(/[&<>"\t\n\r]/g, (character) => entities[character]!)
  );
}
