import { describe, expect, it } from 'vitest';
import { MAX_TEXT_LINE } from '../../limits.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { ftp } from './index.ts';

const greeting: Step = ['server', '220-Welcome to the service port\r\n220 ACME Pump FTP server 2.1\r\n'];
const ask = (line: string, reply: string): Step[] => [
  ['client', `${line}\r\n`],
  ['server', `${reply}\r\n`],
];
const login = (reply: string): Step[] => [
  greeting,
  ...ask('USER zzmarkuser', '331 Password for zzmarkuser'),
  ...ask('PASS zzmarkpass', reply),
];
const conversation: Step[] = [
  ...login('230 User zzmarkuser logged in'),
  ...ask('SYST', '215 UNIX Type: L8'),
  ...ask('CWD /ZZMARK/dir', '250 now in /ZZMARK/dir'),
  ...ask('RETR ZZMARK_pump.fw', '150 Opening connection (4096 bytes)'),
  ['server', '226 Done\r\n'],
  ...ask('STOR ZZMARK^NAME.txt', '150 Go on'),
  ['server', '226 Done\r\n'],
  ...ask('QUIT', '221 Bye zzmarkuser'),
];

const banner = '"banner":"Welcome to the service port ACME Pump FTP server 2.1"';

it('tells the server, the login and the firmware that was fetched', () => {
  const said = runStream(ftp, conversation);
  expect(factLines(said)).toEqual([
    `ftp.server server {${banner}}`,
    'credential.cleartext server {"protocol":"ftp","field":"PASS","outcome":"accepted"}',
    `ftp.server server {${banner},"system":"UNIX Type: L8"}`,
    'firmware.cleartext server {"protocol":"ftp","image":"fw","bytes":4096}',
  ]);
  expect(said).toMatchObject({ protection: 'clear', application: 'ftp', malformed: {} });
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(ftp, conversation));
it('lets no login, folder or file name out', () =>
  expectNothingLeaks(runStream(ftp, conversation), 'zzmark'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(ftp, conversation);
  expectDamageHolds(ftp, conversation);
});

describe('a login', () => {
  const last = (steps: Step[]) => runStream(ftp, steps).sightings.at(-1);
  it('is refused by 530', () => expect(last(login('530 No'))?.facts).toMatchObject({ outcome: 'refused' }));
  it('has no outcome where no answer comes', () => {
    expect(last(login('230 ok').slice(0, -1))?.facts).toMatchObject({ outcome: 'unknown' });
  });
  it('as anonymous proves nothing', () => {
    const steps = [greeting, ...ask('USER anonymous', '331 Mail?'), ...ask('PASS zz@mark', '230 ok')];
    expect(last(steps)).toMatchObject({
      kind: 'service.unauthenticated',
      facts: { protocol: 'ftp', operation: 'anonymous login' },
    });
    expect(last([greeting, ...ask('USER ftp', '331'), ...ask('PASS zz@mark', '530 No')])?.kind).toBe(
      'ftp.server',
    );
  });
  it('without a password proves nothing', () => {
    const facts = { operation: 'login without password' };
    expect(last([greeting, ...ask('USER service', '230 in')])).toMatchObject({
      kind: 'service.unauthenticated',
      facts,
    });
  });
  it('of a known default is named', () => {
    const known = [{ user: 'zzmarkuser', secret: 'zzmarkpass', label: 'ACME service' }];
    const said = runStream(ftp, login('230 in'), { known });
    expect(said.sightings.at(-1)?.facts).toMatchObject({ knownDefault: 'ACME service' });
  });
});

it('leaves when TLS begins', () => {
  const said = runStream(ftp, [
    greeting,
    ...ask('AUTH TLS', '234 Go'),
    ['client', '\x16\x03\x01USER zzmark\r\n'],
  ]);
  expect(said).toMatchObject({ ended: true, application: 'ftps', protection: 'encrypted' });
});

it('states firmware that is stored as the client’s, once the transfer starts', () => {
  const sent = runStream(ftp, [...login('230 in'), ...ask('STOR x.uf2', '150 Go')]).sightings.at(-1);
  expect(sent).toMatchObject({
    kind: 'firmware.cleartext',
    subject: { ip: '10.0.0.1' },
    facts: { image: 'uf2' },
  });
  const refused = runStream(ftp, [...login('230 in'), ...ask('STOR x.uf2', '550 No')]).sightings.at(-1);
  expect(refused?.kind).toBe('credential.cleartext');
});

it('reads a line just within the bound and passes one just beyond', () => {
  const secrets = (length: number) => {
    const steps = [greeting, ...ask('USER u', '331'), ...ask(`PASS ${'x'.repeat(length - 6)}`, '230 in')];
    return runStream(ftp, steps, { seed: 5 }).sightings.filter(({ kind }) => kind === 'credential.cleartext')
      .length;
  };
  expect(secrets(MAX_TEXT_LINE)).toBe(1);
  expect(secrets(MAX_TEXT_LINE + 1)).toBe(0);
});

it('skips a line of any length without holding it', () => {
  const steps = [
    greeting,
    ...ask(`NOOP ${'x'.repeat(200_000)}`, '500 Too long'),
    ...login('530 No').slice(1),
  ];
  const said = runStream(ftp, steps, { seed: 1 });
  expect(said.ended).toBe(false);
  expect(said.sightings.map(({ kind }) => kind)).toContain('credential.cleartext');
});

describe('recognition', () => {
  const recognised = (steps: Step[]) => runStream(ftp, steps).recognised;
  it('leaves mail alone', () => {
    expect(recognised([['server', '220 mail.example ESMTP Postfix\r\n']])).toBe('no');
    expect(
      recognised([
        ['server', '220 mail.example\r\n'],
        ['client', 'EHLO me\r\n'],
      ]),
    ).toBe('no');
  });
  it('takes a greeting without words by the first command', () => {
    expect(
      recognised([
        ['server', '220 ready\r\n'],
        ['client', 'USER x\r\n'],
      ]),
    ).toBe('yes');
    expect(recognised([['server', '220 ready\r\n']])).toBe('more');
  });
});
