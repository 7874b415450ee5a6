import { fileURLToPath } from 'node:url';
import { patients } from '../ward/secrets.ts';
import { bound, type Stage, say, serve } from './stage.ts';

const MLLP = {
  listen: fileURLToPath(new URL('../speakers/mllp-listen.ts', import.meta.url)),
  send: fileURLToPath(new URL('../speakers/mllp-send.ts', import.meta.url)),
};

/** Medical devices as IEEE 11073 SDC providers: place, what it is to people, its MDC code, numbers with their MDC codes. */
const providers = [
  // MDC_DEV_SYS_PT_VENT_MDS; airway pressure, tidal volume, respiratory rate.
  {
    id: 'vent-b1',
    bed: '11',
    friendly: 'Ventilator bed 11',
    code: '70001',
    numbers: ['151792=18', '151868=450', '151562=14'],
    patient: 0,
  },
  // MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS; heart rate, oxygen saturation.
  {
    id: 'mon-b3',
    bed: '13',
    friendly: 'Patient monitor bed 13',
    code: '69965',
    numbers: ['147842=81', '150456=96'],
    patient: 1,
  },
  {
    id: 'inc-b1',
    bed: 'N3',
    friendly: 'Incubator neonatal 3',
    code: '',
    numbers: ['150344=36.8'],
    patient: 3,
  },
  {
    id: 'anaes-b1',
    bed: 'OR1',
    friendly: 'Anaesthesia machine theatre 1',
    code: '',
    numbers: ['151708=38', '152440=2.1'],
    patient: 2,
  },
] as const;

export async function interoperate(stage: Stage): Promise<void> {
  const { house } = stage;
  for (const [n, { id, patient, ...device }] of providers.entries()) {
    const uuid = `7c1d0000-0000-4000-8000-00000000000${n + 1}`;
    const more = { ...device, numbers: [...device.numbers], ...person(patient), uuid, ward: 'ICU3' };
    await serve(stage, id, ['sdc', 'provider'], { tcp: house.port(id, 6464) }, more);
  }
  const known = providers.slice(2).map(({ id }, n) => {
    return `http://${house.device(id).ip}:${house.port(id, 6464)}/7c1d0000-0000-4000-8000-00000000000${n + 3}`;
  });
  await say(stage, 'central-b1', ['sdc', 'consumer'], { known });
}

function person(n: number) {
  const { family, given, id } = patients[n] ?? patients[0];
  return { patient: `${family}^${given}`, patientId: id };
}

export async function exportData(stage: Stage): Promise<void> {
  const monitors = ['mon-b1', 'mon-b2'];
  for (const [n, id] of monitors.entries()) {
    await serve(
      stage,
      id,
      ['intellivue', 'monitor'],
      { udp: 24105 },
      { ...person(n), bed: `ICU3-1${n + 1}` },
    );
  }
  await say(stage, 'central-b1', ['intellivue', 'station'], {
    hosts: monitors.map((id) => stage.house.device(id).ip),
  });
}

export async function infuse(stage: Stage): Promise<void> {
  const { house } = stage;
  const at = house.port('pumpsrv-b1', 8080);
  const software = house.identity('pumpsrv-b1').agent ?? '';
  await serve(stage, 'pumpsrv-b1', ['pump', 'server'], { tcp: at }, { software });
  const server = { host: house.device('pumpsrv-b1').ip, port: at };
  for (const id of ['pump-b1', 'pump-b2']) await say(stage, id, ['pump', 'pump'], server);
}

/** The fetal monitor sends what it measures to the obstetric gateway (IHE PCD-01). */
export async function monitorBirth({ lab, house }: Stage): Promise<void> {
  const [monitor, gateway] = [house.device('fetal-b1'), house.device('obgw-b1')];
  const at = String(house.port('obgw-b1', 2575));
  lab.startOn(gateway, [process.execPath, MLLP.listen, at]);
  await lab.listening(gateway, Number(at));
  const { vendor, model, serial } = monitor;
  const { family, given, id, born, sex } = patients[3];
  const message = [
    `MSH|^~\\&|${model}^0009FB0000000001^EUI-64|MATERNITY|OBGW|HB|20261124081500||ORU^R01^ORU_R01|F1|P|2.6`,
    `PID|||${id}^^^HB^MR||${family}^${given}||${born}|${sex}`,
    'PV1||I|MATERNITY^DR2',
    'OBR|1|||182777000^Monitoring of patient^SCT|||20261124081500',
    `OBX|1|NM|8867-4^Fetal heart rate^LN|1.1.1.1|142|/min|||||R|||20261124081500||||${serial}^${model}^${vendor}`,
  ].join('\n');
  const file = lab.file('hl7/fetal.txt', `${message}\n\n${message.replace('|F1|', '|F2|')}\n`);
  await lab.mustOn(monitor, [process.execPath, MLLP.send, gateway.ip, at, file]);
}

export async function examineSamples(stage: Stage): Promise<void> {
  const { house } = stage;
  const at = house.port('lis-b1', 12000);
  await serve(stage, 'lis-b1', ['astm', 'system'], { tcp: at });
  const to = { host: house.device('lis-b1').ip, port: at, receiver: house.device('lis-b1').hostname };
  const name = (n: number) => `${patients[n]!.family}^${patients[n]!.given}`;
  const chemistry = ['^^^GLU|5.4|mmol/L', '^^^K|4.1|mmol/L', '^^^CREA|88|umol/L'];
  const gases = ['^^^pH|7.38|', '^^^pCO2|41|mmHg', '^^^pO2|92|mmHg', '^^^Lac|1.2|mmol/L'];
  await say(stage, 'chem-b1', ['astm', 'analyser'], {
    ...to,
    results: chemistry,
    specimen: 'S-5501',
    patient: patients[0].id,
    name: name(0),
  });
  await say(stage, 'bga-b1', ['astm', 'analyser'], {
    ...to,
    results: gases,
    specimen: 'S-5502',
    patient: patients[1].id,
    name: name(1),
  });
}

export async function measureGlucose(stage: Stage): Promise<void> {
  const { house } = stage;
  const at = house.port('pocm-b1', 3001);
  await serve(stage, 'pocm-b1', ['poct1', 'manager'], { tcp: at });
  const more = { host: house.device('pocm-b1').ip, port: at, patient: patients[2].id, operator: 'Voidmeyer' };
  await say(stage, 'gluc-b1', ['poct1', 'meter'], more);
}

/** Terminals of the nurse call and a telephone, all at one server. */
export async function callNurse(stage: Stage): Promise<void> {
  const { house } = stage;
  await serve(stage, 'ncsrv-b1', ['sip', 'server'], { udp: 5060 });
  await bound(stage, 'ncsrv-b1', 40_000);
  const to = { host: house.device('ncsrv-b1').ip, port: 5060 };
  await say(stage, 'nc-b1', ['sip', 'terminal'], {
    ...to,
    user: '5120',
    display: 'Room 5.12',
    message: 'CALL room 5.12 bed 1',
  });
  await say(stage, 'nc-b2', ['sip', 'terminal'], {
    ...to,
    user: '7030',
    display: 'Room 7.03',
    message: 'EMERGENCY room 7.03',
  });
  await say(stage, 'phone-b1', ['sip', 'terminal'], {
    ...to,
    user: '8811',
    display: 'Admissions',
    message: '',
  });
}
