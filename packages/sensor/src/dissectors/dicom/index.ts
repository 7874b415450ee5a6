import type { StreamDissector } from '../../dissector.ts';
import { recogniseDicom } from './recognise.ts';
import { DicomSession } from './session.ts';
import { dicomSpeaker } from './speaker.ts';

/** A-ASSOCIATE-RQ to A-ABORT (PS3.8 §9.3.1). */
const PDU_TYPES = [1, 2, 3, 4, 5, 6, 7];

/**
 * DICOM upper layer (PS3.8) with the leading elements of its datasets: application entities, implementations,
 * equipment, operations without identity, and patient data in clear by keyword.
 */
export const dicom: StreamDissector = {
  name: 'dicom',
  cost: 20,
  firstBytes: { client: PDU_TYPES, server: PDU_TYPES },
  recognise: recogniseDicom,
  open: (report) => new DicomSession(report),
  speaker: dicomSpeaker,
};
