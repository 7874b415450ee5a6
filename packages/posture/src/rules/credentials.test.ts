import type { Facts } from '@wardline/model';
import { beforeEach, describe, expect, it } from 'vitest';
import { Hospital, knowledge } from '../testing/hospital.ts';

type Credential = Facts['credential.cleartext'];

let hospital: Hospital;
beforeEach(() => {
  hospital = new Hospital();
});

/** What is found when a laptop uses a credential with a device of this class. */
function used(facts: Partial<Credential>, classId = 'infusion-pump') {
  const [device, laptop] = [hospital.add('Device', classId), hospital.add('Laptop', 'workstation')];
  const fact: Credential = { protocol: 'http', field: 'Authorization', outcome: 'unknown', ...facts };
  hospital.sight(device, 'credential.cleartext', fact, laptop, 80);
  return hospital.judge();
}

describe('a credential in clear is called what it is', () => {
  it.each([
    [
      'Authorization',
      'cleartext-credential',
      'critical',
      'sent Device a password over HTTP, in clear, once.',
    ],
    ['form password', 'cleartext-credential', 'critical', 'a password'],
    ['Authorization: Bearer', 'cleartext-token', 'high', 'sent Device an access token over HTTP'],
    ['query token', 'cleartext-token', 'high', 'an access token'],
    ['x-api-key', 'cleartext-token', 'critical', 'an API key'],
    ['Cookie', 'cleartext-session', 'high', 'a session cookie'],
    ['UserIdentity-SAML', 'cleartext-token', 'high', 'an access token'],
    ['MSH-8', 'cleartext-token', 'high', 'a filled security field (MSH-8)'],
  ])('%s', (field, rule, severity, words) => {
    expect(used({ field, secretHash: 's' })).toMatchObject([
      { rule, severity, summary: expect.stringContaining(words) },
    ]);
    if (words !== 'a password' && rule !== 'cleartext-credential')
      expect(hospital.judge()[0]?.summary).not.toContain('password');
  });

  it('a user name alone is no password', () => {
    expect(used({ protocol: 'dicom', field: 'UserIdentity', userHash: 'u' })).toMatchObject([
      {
        rule: 'cleartext-user-name',
        summary: expect.stringContaining('a user name without a password over'),
      },
    ]);
  });

  it('weighs a user name more that opened the door without any password', () => {
    const finding = used(
      { protocol: 'mqtt', field: 'CONNECT', userHash: 'u', outcome: 'accepted' },
      'server',
    );
    expect(finding).toMatchObject([{ rule: 'cleartext-user-name', severity: 'medium' }]);
  });

  it('keeps a cookie and a password of one client apart', () => {
    const [device, laptop] = [hospital.add('Device', 'ventilator'), hospital.add('Laptop', 'workstation')];
    for (const field of ['Authorization', 'Cookie']) {
      const facts = { protocol: 'http', field, secretHash: field, outcome: 'unknown' } as const;
      hospital.sight(device, 'credential.cleartext', facts, laptop, 80);
    }
    expect(hospital.judge().map(({ rule }) => rule)).toEqual(['cleartext-credential', 'cleartext-session']);
  });
});

describe('only what was seen is said', () => {
  it.each([
    [
      'accepted',
      'Laptop logged on to Device over HTTP with a password, in clear, once. Whoever listened can',
    ],
    [
      'refused',
      'Laptop sent Device a password over HTTP, in clear, once, and was refused. Whoever listened has',
    ],
    ['unknown', 'Laptop sent Device a password over HTTP, in clear, once. Whoever listened can do the same,'],
  ] as const)('of a password that was %s', (outcome, start) => {
    expect(used({ secretHash: 's', outcome })[0]?.summary).toContain(start);
  });
});

describe('patients are named among the harmed', () => {
  it.each([
    ['ventilator', true],
    ['infusion-server', true],
    ['interface-engine', true],
    ['camera', false],
    ['printer', false],
    ['mqtt-broker', false],
  ])('where somebody may take over a %s: %s', (classId, patient) => {
    const findings = used({ secretHash: 's', knownDefault: 'X default', outcome: 'accepted' }, classId);
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(
      new Set(['default-credential-accepted', 'cleartext-credential']),
    );
    expect(findings.map(({ harms }) => harms.includes('patient'))).toEqual([patient, patient]);
  });

  it('by Telnet, FTP and services without a login on a ventilator, not on an office file server', () => {
    const laptop = hospital.add('Laptop', 'workstation');
    for (const device of [hospital.add('Vent', 'ventilator'), hospital.add('Files', 'file-server')]) {
      hospital.talk(laptop, device, 'telnet', { serverPort: 23 });
      hospital.talk(laptop, device, 'ftp', { serverPort: 21 });
      hospital.sight(device, 'service.unauthenticated', { protocol: 'smb', operation: 'x' }, laptop, 445);
    }
    const rules = ['telnet-service', 'ftp-service', 'unauthenticated-service'];
    const found = hospital.judge().filter(({ rule }) => rules.includes(rule));
    expect(found.filter(({ asset }) => asset === 'Vent').map((f) => f.harms.includes('patient'))).toEqual([
      true,
      true,
      true,
    ]);
    expect(found.filter(({ asset, harms }) => asset === 'Files' && harms.includes('patient'))).toEqual([]);
  });
});

describe('a published default', () => {
  const labelOf = (user: string, secret: string) =>
    knowledge.defaultCredentials.find((entry) => entry.user === user && entry.secret === secret)?.label ?? '';
  const words = (vendor: string | null, knownDefault: string) => {
    const device = hospital.add('Device', 'camera');
    device.vendor.value = vendor;
    hospital.sight(device, 'credential.cleartext', {
      protocol: 'http',
      field: 'Authorization',
      secretHash: 's',
      outcome: 'accepted',
      knownDefault,
    });
    return hospital.found('default-credential-accepted').at(-1)?.summary ?? '';
  };

  it('of many products is called widely published, without a number', () => {
    expect(words('B. Braun', labelOf('admin', 'admin'))).toBe(
      'Device let an unseen client in over HTTP with one of the most widely published default passwords. Patients and staff may be in the pictures of this camera.',
    );
  });

  it('is named by the product of the same maker', () => {
    expect(words('Axis', labelOf('root', ''))).toContain('the published default password of Axis camera.');
  });

  it('that no table knows any more is still a default', () => {
    expect(words(null, 'gone')).toContain('with a published default password.');
  });
});

it('tells firmware that was only asked for from firmware that was sent', () => {
  const [server, phone] = [hospital.add('Boot', 'server'), hospital.add('Phone', 'voip-phone')];
  for (const image of ['bin (requested)', 'uimage'])
    hospital.sight(server, 'firmware.cleartext', { protocol: 'tftp', image }, phone, 69);
  expect(hospital.found('firmware-cleartext').map(({ severity, summary }) => [severity, summary])).toEqual([
    [
      'high',
      expect.stringContaining('Boot sent firmware (uimage) to Phone over TFTP without encryption, once.'),
    ],
    [
      'medium',
      expect.stringContaining('Firmware (bin) was asked for once over TFTP, to go from Boot to Phone'),
    ],
  ]);
});

it('has code for every rule that the knowledge has a text for', async () => {
  const { globSync, readFileSync } = await import('node:fs');
  const files = globSync(`${import.meta.dirname}/../**/*.ts`).filter((file) => !file.endsWith('.test.ts'));
  const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  expect(knowledge.findingRules.size).toBeGreaterThan(15);
  // What a device booted is judged from its quotes, recalls from notices, and drift from what enforcement points say.
  expect([...knowledge.findingRules.keys()].filter((id) => !code.includes(`'${id}'`))).toEqual([
    'policy-drift-life-critical',
    'policy-drift',
    'policy-drift-silent',
    'boot-changed',
    'recall-open',
  ]);
});
