import type { Facts } from '@wardline/model';
import type { Told } from '../engine/scene.ts';

/** What programs call themselves unless somebody names them. */
const tools = new Set(['STORESCU', 'ECHOSCU', 'FINDSCU', 'MOVESCU', 'GETSCU', 'DCMSEND', 'ANY-SCU', 'ANYSCU', 'PYNETDICOM', 'DCM4CHE', 'CONQUESTSRV1', 'ORTHANC']);

/** Names that one device alone has, and a forger takes. */
export function claimedName({ sighting }: Pick<Told, 'sighting'>): string | null {
  const { kind } = sighting;
  if (kind === 'bacnet.device') {
    const { instance, behind } = sighting.facts as Facts['bacnet.device'];
    const named = sighting.subject.mac !== null && behind === undefined && instance !== 4_194_303;
    return named ? `BACnet device ${instance}` : null;
  }
  if (kind === 'hl7.endpoint') {
    const { role, application, facility } = sighting.facts as Facts['hl7.endpoint'];
    return role === 'sender' && application !== undefined
      ? `HL7 application ${application}${facility === undefined ? '' : ` of ${facility}`}`
      : null;
  }
  if (kind === 'dicom.association') {
    const { role, aeTitle, result } = sighting.facts as Facts['dicom.association'];
    return role === 'requestor' && result !== 'rejected' && aeTitle !== '' && !tools.has(aeTitle)
      ? `DICOM application ${aeTitle}`
      : null;
  }
  return null;
}

