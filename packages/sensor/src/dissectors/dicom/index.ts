import type { StreamDissector } from '../../dissector.ts';
import { recogniseDicom } from './recognise.ts';
import { DicomSession } from './session.ts';
import { dicomSpeaker } from './speaker.ts';

/**
 * DICOM upper layer (PS3.8) with the leading elements of its datasets: application entities, implementations,
 * equipment, operations without identity, and patient data in clear by keyword.
 */
export const dicom: StreamDissector = {
  name: 'dicom',
  cost: 20,
  recognise: recogniseDicom,
  open: (report) => new DicomSession(report),
  speaker: dicomSpeaker,
};
