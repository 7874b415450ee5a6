import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab/lab.ts';
import type { Device } from '../ward/device.ts';
import { device } from '../ward/roster.ts';
import { patients } from '../ward/secrets.ts';
import {
  admission,
  type Bedside,
  deviceObservation,
  labResult,
  MONITOR_MDS,
  monitorReadings,
  order,
  PUMP_MDS,
  pumpReadings,
} from './hl7-messages.ts';

const LISTEN = fileURLToPath(new URL('../speakers/mllp-listen.ts', import.meta.url));
const SEND = fileURLToPath(new URL('../speakers/mllp-send.ts', import.meta.url));

/** Debian has no HL7 engine: these listeners are our own, and speak MLLP with acknowledgements. */
export async function startHl7(lab: Lab): Promise<void> {
  lab.startOn(device('lis-1'), [process.execPath, LISTEN, '2575']);
  lab.startOn(device('ehr-1'), [process.execPath, LISTEN, '2575']);
  lab.startOn(device('mongw-1'), [process.execPath, LISTEN, '2575', 'interface1', '6661', 'MONGW']);
  await Promise.all((['lis-1', 'ehr-1', 'mongw-1'] as const).map((id) => lab.listening(device(id), 2575)));
  // The engine passes on to the record system, as engines do under their own name.
  lab.startOn(device('engine-1'), [process.execPath, LISTEN, '6661', 'ehr1', '2575', 'ENGINE']);
  await lab.listening(device('engine-1'), 6661);
}

export async function registerPatients(lab: Lab): Promise<void> {
  const messages = patients.map((p, n) => admission(p, `ADT${n + 1}`));
  await send(lab, device('ehr-1'), 'interface1', 6661, messages);
  await send(lab, device('ehr-1'), 'lis1', 2575, [order(patients[0], 'OML1')]);
}

export async function sendLabResults(lab: Lab): Promise<void> {
  const analyser = device('analyser-1');
  const messages = patients.map((p, n) => labResult(analyser, p, `ORU${n + 1}`));
  await send(lab, analyser, 'lis1', 2575, messages);
}

/** Each monitor reports to the gateway, which passes it on. */
export async function sendVitalSigns(lab: Lab, round: number): Promise<void> {
  for (const [n, id] of ['mon-1', 'mon-2', 'mon-3'].entries()) {
    const bedside: Bedside = { device: device(id), mds: MONITOR_MDS, readings: monitorReadings };
    const message = deviceObservation('BM-7', bedside, patients[n]!, `V${round}${n}`);
    await send(lab, bedside.device, 'mongw-icu2', 2575, [message]);
  }
}

/** The pump server reports what the pumps deliver. */
export async function sendInfusions(lab: Lab): Promise<void> {
  const messages = ['pump-1', 'pump-2'].map((id, n) => {
    const bedside: Bedside = { device: device(id), mds: PUMP_MDS, readings: pumpReadings };
    return deviceObservation('PUMPSERVER', bedside, patients[n]!, `P${n}`);
  });
  await send(lab, device('pumpsrv-1'), 'interface1', 6661, messages);
}

async function send(lab: Lab, from: Device, host: string, port: number, messages: string[]): Promise<void> {
  const file = lab.file(`hl7/${from.id}.txt`, messages.join('\n'));
  await lab.mustOn(from, [process.execPath, SEND, host, String(port), file]);
}
