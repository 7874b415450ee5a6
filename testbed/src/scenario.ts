import type { Lab } from './lab/lab.ts';
import { sleep } from './lab/process.ts';
import { issue, makeAuthority, selfSign } from './programs/certificates.ts';
import { loadPhone, obtainAddress, releaseAddress, startDhcpAndDns } from './programs/dhcp-dns.ts';
import * as dicom from './programs/dicom.ts';
import { startLldp, startMdns, startMediaServer, watchTelevision } from './programs/discovery.ts';
import * as hl7 from './programs/hl7.ts';
import * as mqtt from './programs/mqtt.ts';
import * as office from './programs/office-services.ts';
import * as remote from './programs/remote-access.ts';
import { pollAgents, startAgents } from './programs/snmp.ts';
import * as web from './programs/web.ts';
import { device, roster } from './ward/roster.ts';
import { patients } from './ward/secrets.ts';

/** How long a discovery protocol is left to speak at the end. */
const QUIET_MILLIS = 4000;

export type Log = (message: string) => void;

/** Named parts that can be left out with `--only`; addresses and names are always given out. */
export const parts = ['dicom', 'hl7', 'mqtt', 'web', 'remote', 'snmp', 'discovery', 'office'] as const;
export type Part = (typeof parts)[number];

/** Plays a morning on the ward. Everything waits for its end or for a bound of its own. */
export async function play(lab: Lab, wanted: ReadonlySet<Part>, log: Log): Promise<void> {
  log('addresses and names');
  await startDhcpAndDns(lab);
  await giveAddresses(lab);
  for (const part of parts) {
    if (!wanted.has(part)) continue;
    log(part);
    await scenes[part](lab);
  }
  log('laptop A leaves, laptop B gets its address');
  await releaseAddress(lab, device('laptop-a'));
  await obtainAddress(lab, device('laptop-b'));
  if (wanted.has('office')) await office.useFileServer(lab);
  if (wanted.has('remote')) await remote.useSsh(lab, device('laptop-b'), device('rpi-1'));
  await sleep(QUIET_MILLIS);
}

async function giveAddresses(lab: Lab): Promise<void> {
  const clients = roster.filter((d) => d.dhcp !== undefined && d.id !== 'laptop-b');
  for (const client of clients) await obtainAddress(lab, client);
}

const scenes: Record<Part, (lab: Lab) => Promise<void>> = {
  dicom: imagingMorning,
  hl7: async (lab) => {
    await hl7.startHl7(lab);
    await hl7.registerPatients(lab);
    await hl7.sendLabResults(lab);
    for (const round of [1, 2, 3]) await hl7.sendVitalSigns(lab, round);
    await hl7.sendInfusions(lab);
  },
  mqtt: async (lab) => {
    const authority = await makeAuthority(lab);
    await mqtt.startBroker(lab, authority, await issue(lab, authority, 'mqtt1'));
    for (let round = 0; round < 3; round++) await mqtt.publishTelemetry(lab, authority);
  },
  web: webMorning,
  remote: async (lab) => {
    await remote.startSsh(lab);
    await remote.startTelnet(lab);
    await remote.useSsh(lab, device('nms-1'), device('sw-1'));
    await remote.useTelnet(lab, device('laptop-a'));
  },
  snmp: async (lab) => {
    startAgents(lab);
    await sleep(1500);
    await pollAgents(lab);
  },
  discovery: async (lab) => {
    await loadPhone(lab);
    startLldp(lab);
    startMdns(lab);
    await startMediaServer(lab);
    await watchTelevision(lab);
  },
  office: async (lab) => {
    office.startTimeServer(lab);
    await office.startPrinter(lab);
    await office.startFileServer(lab);
    await office.print(lab);
    await office.askTime(lab);
  },
};

async function imagingMorning(lab: Lab): Promise<void> {
  await dicom.startPacs(lab);
  await dicom.startWorklist(lab);
  await dicom.startViewer(lab);
  const { ct, us, xa, dx, clinic } = dicom.modalities;
  for (const modality of [ct, us, xa]) await dicom.echo(lab, modality);
  await dicom.askWorklist(lab, ct);
  await dicom.storeStudy(lab, ct, patients[0], 6);
  await dicom.storeStudy(lab, us, patients[1], 3);
  await dicom.storeStudy(lab, xa, patients[2], 4);
  await dicom.storeStudy(lab, dx, patients[3], 1);
  await dicom.storeStudy(lab, clinic, patients[1], 2);
  await dicom.readStudies(lab);
}

async function webMorning(lab: Lab): Promise<void> {
  const authority = await makeAuthority(lab);
  await web.startDevicePages(lab);
  await web.startSites(lab, {
    ehr: await issue(lab, authority, 'ehr1'),
    lis: await selfSign(lab, 'lis1'),
    web: await issue(lab, authority, 'downloads.vendor.example'),
  });
  await web.browse(lab, authority);
  await web.pollPumpServer(lab);
  await web.chartVitals(lab);
  await web.servicePump(lab, device('laptop-a'));
  const image = await web.downloadFirmware(lab);
  await remote.startFtp(lab);
  await remote.installFirmware(lab, image);
}
