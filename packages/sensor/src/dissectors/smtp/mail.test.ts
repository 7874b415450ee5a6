import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { StreamDissector } from '../../dissector.ts';
import { MAX_TEXT_LINE } from '../../limits.ts';
import { hasSharedCaptures, senseFile, sharedPath } from '../../testing/captures.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { tlsHellos } from '../../testing/tls-hello.ts';
import { imap } from '../imap/index.ts';
import { pop3 } from '../pop3/index.ts';
import { smtp } from './index.ts';
import { MAX_PENDING } from './limits.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const ask = (line: string, reply: string): Step[] => [
  ['client', `${line}\r\n`],
  ['server', `${reply}\r\n`],
];
const hellos: Step[] = [
  ['client', tlsHellos.client()],
  ['server', tlsHellos.server()],
];

const greeted: Step[] = [
  ['server', '220 mx.ward.example ESMTP Exim 4.96 Tue, 24 Nov 2026 10:00:00 +0000\r\n'],
];
const hello = ask(
  'EHLO ct-2.ward.example',
  '250-mx.ward.example Hello\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN',
);
const login = [
  ...ask('AUTH LOGIN', '334 VXNlcm5hbWU6'),
  ...ask(base64('zzmark'), '334 UGFzc3dvcmQ6'),
  ...ask(base64('ZZMARKpw'), '235 ok'),
];
const mail: Step[] = [
  ...ask('MAIL FROM:<zzmark@ward.example>', '250 ok'),
  ...ask('RCPT TO:<zzmark2@ward.example>', '250 ok'),
  ...ask('RCPT TO:<zzmark3@ward.example>', '250 ok'),
  ...ask('DATA', '354 go'),
  ['client', 'Subject: ZZMARK\r\n\r\nZZMARK\r\n.\r\n'],
];
const sending = [...greeted, ...hello, ...login, ...mail];
const fetching: Step[] = [
  ['server', '+OK Dovecot ready. <1896.697@ward.example>\r\n'],
  ...ask('USER zzmark', '+OK'),
  ...ask('PASS ZZMARK pw', '+OK logged in zzmark'),
  ...ask('RETR 1', '+OK\r\nZZMARK'),
];
const reading: Step[] = [
  ['server', '* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] Dovecot ready.\r\n'],
  ...ask('a1 LOGIN "zz\\"mark" {ZZMARK', 'a1 BAD'),
  ...ask('a2 LOGIN "zzmark" ZZMARKpw', 'a2 OK zzmark in'),
];
const secured: Record<string, [StreamDissector, Step[]]> = {
  smtp: [smtp, [...greeted, ...hello, ...ask('STARTTLS', '220 go'), ...hellos]],
  pop3: [pop3, [fetching[0]!, ...ask('STLS', '+OK go'), ...hellos]],
  imap: [imap, [reading[0]!, ...ask('a1 STARTTLS', 'a1 OK go'), ...hellos]],
};
const inClear: Record<string, [StreamDissector, Step[]]> = {
  smtp: [smtp, sending],
  pop3: [pop3, fetching],
  imap: [imap, reading],
};

const credential = (protocol: string, field: string, outcome = 'accepted') =>
  `credential.cleartext server {"protocol":"${protocol}","field":"${field}","outcome":"${outcome}"}`;

it('tells names, what is offered and a login of a mail connection', () => {
  const said = runStream(smtp, sending);
  const server =
    'mail.server server {"protocol":"smtp","banner":"mx.ward.example ESMTP Exim 4.96","hostname":"mx.ward.example"';
  expect(factLines(said)).toEqual([
    `${server}}`,
    'mail.client client {"protocol":"smtp","hostname":"ct-2.ward.example"}',
    `${server},"startTls":true,"mechanisms":["PLAIN","LOGIN"]}`,
    credential('smtp', 'AUTH LOGIN'),
  ]);
  expect(said).toMatchObject({ protection: 'clear', notes: { 'mail-recipients': 2 }, malformed: {} });
});

it('tells a login whose answer is no, and one in a single line', () => {
  const plain = (reply: string) => [
    ...greeted,
    ...hello,
    ...ask(`AUTH PLAIN ${base64('\0zzmark\0x')}`, reply),
  ];
  expect(factLines(runStream(smtp, plain('535 no'))).at(-1)).toBe(
    credential('smtp', 'AUTH PLAIN', 'refused'),
  );
  expect(factLines(runStream(smtp, plain('235 ok').slice(0, -1))).at(-1)).toBe(
    credential('smtp', 'AUTH PLAIN', 'unknown'),
  );
});

it('tells logins to mailboxes', () => {
  expect(factLines(runStream(pop3, fetching))).toEqual([
    'mail.server server {"protocol":"pop3","banner":"Dovecot ready."}',
    credential('pop3', 'PASS'),
  ]);
  const sasl = [fetching[0]!, ...ask('AUTH PLAIN', '+'), ...ask(base64('\0zzmark\0x'), '-ERR')];
  expect(factLines(runStream(pop3, sasl)).at(-1)).toBe(credential('pop3', 'AUTH PLAIN', 'refused'));
  expect(factLines(runStream(imap, reading))).toEqual([
    'mail.server server {"protocol":"imap","banner":"Dovecot ready.","startTls":true}',
    credential('imap', 'LOGIN'),
  ]);
  const two = [reading[0]!, ...ask('a AUTHENTICATE PLAIN', '+'), ...ask(base64('\0zzmark\0x'), 'a NO')];
  expect(factLines(runStream(imap, two)).at(-1)).toBe(credential('imap', 'AUTHENTICATE PLAIN', 'refused'));
});

describe.each(Object.entries(secured))('%s behind its upgrade', (name, [dissector, steps]) => {
  it('goes on as TLS', () => {
    const said = runStream(dissector, steps);
    expect(said.sightings.slice(-2).map(({ kind }) => kind)).toEqual(['tls.client', 'tls.server']);
    expect(said).toMatchObject({ application: name, protection: 'tls1.2' });
  });
  it('says the same in any segmentation', () => expectSameInAnySegmentation(dissector, steps));
});

describe.each(Object.entries(inClear))('%s', (_, [dissector, steps]) => {
  it('says the same in any segmentation', () => expectSameInAnySegmentation(dissector, steps));
  it('lets no login, address or mail out', () => expectNothingLeaks(runStream(dissector, steps), 'zzmark'));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(dissector, steps);
    expectDamageHolds(dissector, steps);
  });
  it('leaves lines that are too long', () => {
    const long: Step[] = [steps[0]!, ['client', `${'x'.repeat(MAX_TEXT_LINE + 1)}\r\n`], ...steps.slice(1)];
    const told = runStream(dissector, long, { force: true, seed: 1 }).sightings.map(({ kind }) => kind);
    expect(told).toContain('credential.cleartext');
  });
});

it('holds as many commands as the bound says', () => {
  const many = (count: number) =>
    runStream(smtp, [...greeted, ...hello, ['client', 'RCPT TO:<x@y>\r\n'.repeat(count)]]).malformed;
  expect(many(MAX_PENDING)).toEqual({});
  expect(many(MAX_PENDING + 1)).toEqual({ 'smtp-command': 1 });
});

it('leaves the greetings and answers of others alone', () => {
  const recognised = (dissector: StreamDissector, steps: Step[]) => runStream(dissector, steps).recognised;
  expect(
    recognised(smtp, [
      ['server', '220 ready\r\n'],
      ['client', 'USER x\r\n'],
    ]),
  ).toBe('no');
  expect(recognised(smtp, [['server', '220 ACME FTP server\r\n']])).toBe('more');
  expect(
    recognised(pop3, [
      ['client', 'PING\r\n'],
      ['server', '+OK\r\n'],
    ]),
  ).toBe('no');
  expect(
    recognised(imap, [
      ['client', 'x\r\n'],
      ['server', '* OK\r\n'],
    ]),
  ).toBe('no');
});

it('takes nobody for a mailbox who answers only when asked', () =>
  expect(
    runStream(pop3, [
      ['client', 'AUTH x\r\n'],
      ['server', '+OK\r\n'],
    ]).recognised,
  ).toBe('no'));

it.skipIf(!hasSharedCaptures)('finds certificates behind STARTTLS in real captures', async () => {
  for (const name of ['imap', 'pop3']) {
    const { batches } = await senseFile(sharedPath(`zeek/tls/${name}-starttls.pcap`));
    const kinds = batches.flatMap((batch) => batch.sightings.map(({ kind }) => kind));
    expect(kinds).toEqual(expect.arrayContaining(['mail.server', 'tls.certificate']));
  }
});
