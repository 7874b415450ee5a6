import { expect, it } from 'vitest';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { poct1a } from './index.ts';
import { MAX_MESSAGE } from './limits.ts';

const message = (type: string, body: string) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<${type}><HDR><HDR.control_id V="1"/><HDR.version_id V="POCT1"/></HDR>${body}</${type}>`;
const hello = message(
  'HEL.R01',
  '<DEV><DEV.device_id V="00:06:66:00:22:A1"/><DEV.vendor_id V="ACME"/><DEV.model_id V="Glu\u00c3\u00a9 5"/><DEV.serial_id V="GM-00417"/>' +
    '<DEV.hw_version V="1.0"/><DEV.sw_version V="02.03.01"/><DSC><DSC.connection_profile_cd V="CS"/></DSC></DEV>',
);
const result = message(
  'OBS.R01',
  '<SVC><SVC.role_cd V="OBS"/><PT><PT.patient_id V="ZZMARK1"/><PT.name V="ZZMARK2"><FAM V="ZZMARK3"/></PT.name><PT.zzmarkfield V="ZZMARK4"/>' +
    '<OBS><OBS.value V="5.4" U="mmol/L"/></OBS></PT><OPR><OPR.operator_id V="ZZMARK5"/><OPR.name V="ZZMARK6"/></OPR></SVC>',
);
const operators = message(
  'OPL.R01',
  '<OPR><OPR.operator_id V="ZZMARK7"/><ACC><ACC.password V="ZZMARK8"/></ACC></OPR>',
);
const ack = message('ACK.R01', '<ACK><ACK.type_cd V="AA"/><ACK.ack_control_id V="1"/></ACK>');
const conversation: Step[] = [
  ['client', hello],
  ['server', ack],
  ['client', result],
  ['server', ack],
  ['server', operators],
  ['client', ack],
];
const device =
  'poct.device client {"vendor":"ACME","model":"Glué 5","serial":"GM-00417","software":"02.03.01","hardware":"1.0","deviceId":"00:06:66:00:22:A1","profile":"CS"}';

it('tells the device, patient data, operators’ passwords and a manager that asks nobody', () => {
  const said = runStream(poct1a, conversation);
  expect(factLines(said)).toEqual([
    device,
    ...['PT.patient_id', 'PT.name', 'PT.name', 'PT'].map(
      (field) => `phi.cleartext client {"protocol":"poct1a","field":"${field}"}`,
    ),
    'service.unauthenticated server {"protocol":"poct1a","operation":"OBS.R01"}',
    'credential.cleartext client {"protocol":"poct1a","field":"ACC.password","outcome":"unknown"}',
    'poct.endpoint client {"role":"device","messageTypes":["HEL.R01","OBS.R01","ACK.R01"]}',
    'poct.endpoint server {"role":"manager","messageTypes":["ACK.R01","OPL.R01"]}',
  ]);
  expect(said).toMatchObject({ protection: 'clear', malformed: {}, ended: false });
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(poct1a, conversation));
it('lets no patient, operator or password out', () =>
  expectNothingLeaks(runStream(poct1a, conversation), 'ZZMARK'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(poct1a, conversation);
  expectDamageHolds(poct1a, conversation);
});

it('reads the beginning of a message just beyond the bound, and the message behind it', () => {
  const long = hello.replace('</HEL.R01>', `${'<X V="x"/>'.repeat(MAX_MESSAGE / 10)}</HEL.R01>`);
  const steps: Step[] = [
    ['client', long + result],
    ['server', ack],
  ];
  expect(factLines(runStream(poct1a, steps, { seed: 3 }))).toContain(device);
  expectSameInAnySegmentation(poct1a, steps);
});

it('does not call a refusal service', () => {
  const refusal = ack.replace('"AA"', '"AE"');
  const said = runStream(poct1a, [
    ['client', result],
    ['server', refusal],
  ]);
  expect(said.sightings.map(({ kind }) => kind)).not.toContain('service.unauthenticated');
});

it('counts other text behind a message once, and reads no further', () => {
  const said = runStream(poct1a, [['client', `${hello}\x00junk${result}`]]);
  expect(said.malformed).toEqual({ 'poct1a-message': 1 });
  expect(said.sightings.map(({ kind }) => kind)).toEqual(['poct.device', 'poct.endpoint']);
});

it.each([
  '<html><body>',
  '<?xml version="1.0"?><Envelope>',
  '<stream:stream to="x">',
  '<HELLO.R01>',
  '<ABC.R01 ',
  '<HEL.R0x',
])('does not take %j for POCT1-A', (text) =>
  expect(runStream(poct1a, [['client', text]]).recognised).toBe('no'),
);
