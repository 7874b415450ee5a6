import type { Lab } from '../lab/lab.ts';
import type { Device } from '../ward/device.ts';
import { device } from '../ward/roster.ts';
import { type Patient, patients, physicians } from '../ward/secrets.ts';

/** Below 2.25, the arc of UUIDs, of which this one is the recording's own. */
const UID_ROOT = '2.25.302094911735482610937251';
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const IMAGE_SIDE = 64;
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

export interface Modality {
  device: Device;
  aeTitle: string;
  modality: 'CT' | 'US' | 'XA' | 'DX';
  sopClass: string;
  manufacturer: string;
}

export const modalities: Record<'ct' | 'us' | 'xa' | 'dx' | 'clinic', Modality> = {
  ct: {
    device: device('ct-1'),
    aeTitle: 'CT_EMERG_1',
    modality: 'CT',
    sopClass: '1.2.840.10008.5.1.4.1.1.2',
    manufacturer: 'SIEMENS',
  },
  us: {
    device: device('us-1'),
    aeTitle: 'US_CARDIO_1',
    modality: 'US',
    sopClass: '1.2.840.10008.5.1.4.1.1.6.1',
    manufacturer: 'GE Healthcare',
  },
  xa: {
    device: device('xa-1'),
    aeTitle: 'ANGIO_1',
    modality: 'XA',
    sopClass: '1.2.840.10008.5.1.4.1.1.12.1',
    manufacturer: 'Philips Medical Systems',
  },
  dx: {
    device: device('dx-1'),
    aeTitle: 'DX_MOBILE',
    modality: 'DX',
    sopClass: '1.2.840.10008.5.1.4.1.1.1.1',
    manufacturer: 'Carestream Health',
  },
  clinic: {
    device: device('us-2'),
    aeTitle: 'US_CLINIC_1',
    modality: 'US',
    sopClass: '1.2.840.10008.5.1.4.1.1.6.1',
    manufacturer: 'GE Healthcare',
  },
};

/** Orthanc as PACS with DICOMweb and its REST interface open, as many stand in hospitals. */
export async function startPacs(lab: Lab): Promise<void> {
  const pacs = device('pacs-1');
  const storage = lab.folder('orthanc');
  const config = {
    Name: 'PACS1',
    StorageDirectory: storage,
    IndexDirectory: storage,
    Plugins: [PLUGIN],
    HttpPort: 8042,
    RemoteAccessAllowed: true,
    AuthenticationEnabled: false,
    DicomAet: 'PACS1',
    DicomPort: 104,
    DicomCheckCalledAet: true,
    DicomAlwaysAllowEcho: true,
    DicomAlwaysAllowStore: true,
    DicomAlwaysAllowFind: true,
    DicomAlwaysAllowGet: true,
    DicomAlwaysAllowMove: true,
    DicomModalities: { viewer: ['RAD_WS_1', device('viewer-1').ip, 104] },
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
    ConcurrentJobs: 1,
  };
  lab.startOn(pacs, ['Orthanc', lab.file('orthanc.json', JSON.stringify(config, null, 2))]);
  await lab.listening(pacs, 104);
  await lab.listening(pacs, 8042);
}

/** DCMTK's worklist server with one scheduled examination for each patient. */
export async function startWorklist(lab: Lab): Promise<void> {
  const server = device('mwl-1');
  lab.file('worklist/MWL1/lockfile', '');
  for (const [index, patient] of patients.entries()) {
    const dump = lab.file(`dumps/wl-${index}.dump`, worklistDump(patient, index));
    await lab.must(['dump2dcm', '-g', dump, `${lab.dir}/worklist/MWL1/wl${index}.wl`]);
  }
  lab.startOn(server, ['wlmscpfs', '-dfp', `${lab.dir}/worklist`, '104']);
  await lab.listening(server, 104);
}

/** The workstation takes what the PACS sends it. */
export async function startViewer(lab: Lab): Promise<void> {
  const viewer = device('viewer-1');
  lab.startOn(viewer, ['storescp', '-aet', 'RAD_WS_1', '-od', lab.folder('viewer'), '104']);
  await lab.listening(viewer, 104);
}

export async function echo(lab: Lab, m: Modality): Promise<void> {
  await lab.mustOn(m.device, ['echoscu', '-aet', m.aeTitle, '-aec', 'PACS1', 'pacs1', '104']);
}

export async function askWorklist(lab: Lab, m: Modality): Promise<void> {
  const keys = ['PatientName', 'PatientID', 'PatientBirthDate', 'AccessionNumber'].flatMap((k) => ['-k', k]);
  const step = ['-k', `(0040,0100)[0].Modality=${m.modality}`];
  await lab.mustOn(m.device, [
    'findscu',
    '-W',
    '-aet',
    m.aeTitle,
    '-aec',
    'MWL1',
    'mwl1',
    '104',
    ...keys,
    ...step,
  ]);
}

/** Makes a study of `images` images of the patient and stores it in the PACS. */
export async function storeStudy(lab: Lab, m: Modality, patient: Patient, images: number): Promise<void> {
  const pixels = lab.file('dumps/pixels.raw', phantom());
  const files: string[] = [];
  for (let n = 1; n <= images; n++) {
    const name = `${m.device.id}-${patient.id}-${n}`;
    const dump = lab.file(`dumps/${name}.dump`, imageDump(m, patient, n, pixels));
    files.push(`${lab.dir}/dumps/${name}.dcm`);
    await lab.must(['dump2dcm', dump, files.at(-1)!]);
  }
  await lab.mustOn(m.device, ['storescu', '-aet', m.aeTitle, '-aec', 'PACS1', 'pacs1', '104', ...files]);
}

/** The workstation looks for studies, has one moved to it, and fetches another over C-GET and over DICOMweb. */
export async function readStudies(lab: Lab): Promise<void> {
  const viewer = device('viewer-1');
  const dimse = ['-aet', 'RAD_WS_1', '-aec', 'PACS1', 'pacs1', '104'];
  const level = ['-S', '-k', 'QueryRetrieveLevel=STUDY'];
  await lab.mustOn(viewer, ['findscu', ...dimse, ...level, '-k', 'PatientName', '-k', 'StudyInstanceUID']);
  const study = (m: Modality, p: Patient) => ['-k', `StudyInstanceUID=${studyUid(m, p)}`];
  const move = ['movescu', ...dimse, '-aem', 'RAD_WS_1', ...level, ...study(modalities.ct, patients[0])];
  await lab.mustOn(viewer, move);
  const get = [
    'getscu',
    '-od',
    lab.folder('viewer-get'),
    ...dimse,
    ...level,
    ...study(modalities.us, patients[1]),
  ];
  await lab.mustOn(viewer, get);
  for (const path of ['dicom-web/studies', 'dicom-web/series', 'patients', 'system']) {
    await lab.mustOn(viewer, ['curl', '-sS', '-m', '10', '-A', 'RadView/4.2', `http://pacs1:8042/${path}`]);
  }
}

function studyUid(m: Modality, patient: Patient): string {
  return `${UID_ROOT}.${m.device.mac
    .split(':')
    .map((byte) => Number.parseInt(byte, 16))
    .join('')}.${patient.id.slice(4)}`;
}

/** A wedge with a frame: plainly not a picture of anybody. */
function phantom(): Uint8Array {
  const pixels = new Uint8Array(IMAGE_SIDE * IMAGE_SIDE);
  for (let y = 0; y < IMAGE_SIDE; y++) {
    for (let x = 0; x < IMAGE_SIDE; x++) pixels[y * IMAGE_SIDE + x] = x < 2 || y < 2 ? 255 : (x + y) & 0xff;
  }
  return pixels;
}

function imageDump(m: Modality, patient: Patient, n: number, pixels: string): string {
  const { model, serial, software, hostname } = m.device;
  const study = studyUid(m, patient);
  return [
    `(0002,0010) UI [${EXPLICIT_LITTLE_ENDIAN}]`,
    `(0008,0016) UI [${m.sopClass}]`,
    `(0008,0018) UI [${study}.1.${n}]`,
    '(0008,0020) DA [20261123]',
    '(0008,0030) TM [081500]',
    `(0008,0050) SH [A${patient.id.slice(4)}]`,
    `(0008,0060) CS [${m.modality}]`,
    `(0008,0070) LO [${m.manufacturer}]`,
    '(0008,0080) LO [Sample Hospital]',
    `(0008,0090) PN [${physicians[0]}]`,
    `(0008,1010) SH [${hostname.toUpperCase()}]`,
    '(0008,1030) LO [Synthetic phantom]',
    `(0008,1090) LO [${model}]`,
    ...patientDump(patient),
    `(0018,1000) LO [${serial}]`,
    `(0018,1020) LO [${software}]`,
    `(0020,000d) UI [${study}]`,
    `(0020,000e) UI [${study}.1]`,
    '(0020,0010) SH [1]',
    '(0020,0011) IS [1]',
    `(0020,0013) IS [${n}]`,
    '(0028,0002) US 1',
    '(0028,0004) CS [MONOCHROME2]',
    `(0028,0010) US ${IMAGE_SIDE}`,
    `(0028,0011) US ${IMAGE_SIDE}`,
    '(0028,0100) US 8',
    '(0028,0101) US 8',
    '(0028,0102) US 7',
    '(0028,0103) US 0',
    `(7fe0,0010) OB =${pixels}`,
    '',
  ].join('\n');
}

function patientDump(patient: Patient): string[] {
  return [
    `(0010,0010) PN [${patient.family}^${patient.given}]`,
    `(0010,0020) LO [${patient.id}]`,
    `(0010,0030) DA [${patient.born}]`,
    `(0010,0040) CS [${patient.sex}]`,
  ];
}

function worklistDump(patient: Patient, index: number): string {
  const modality = ['CT', 'US', 'XA', 'DX'][index]!;
  return [
    `(0008,0050) SH [A${patient.id.slice(4)}]`,
    `(0008,0090) PN [${physicians[1]}]`,
    ...patientDump(patient),
    `(0020,000d) UI [${UID_ROOT}.9.${index}]`,
    '(0032,1060) LO [Synthetic examination]',
    '(0040,0100) SQ',
    '(fffe,e000) -',
    `(0008,0060) CS [${modality}]`,
    '(0040,0001) AE [CT_EMERG_1]',
    '(0040,0002) DA [20261123]',
    '(0040,0003) TM [090000]',
    `(0040,0006) PN [${physicians[1]}]`,
    '(0040,0007) LO [Synthetic step]',
    '(0040,0009) SH [STEP1]',
    '(fffe,e00d) -',
    '(fffe,e0dd) -',
    `(0040,1001) SH [RP${index}]`,
    '',
  ].join('\n');
}
