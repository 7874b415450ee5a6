import { expect, it } from 'vitest';
import { element, integer, sequence, text } from '../../testing/ber.ts';
import { hasSharedCaptures, senseFile, sharedPath } from '../../testing/captures.ts';
import { bytes } from '../../testing/frames.ts';
import { runDatagram, runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { tlsHellos } from '../../testing/tls-hello.ts';
import { cldap, ldap } from './index.ts';
import { MAX_MESSAGE } from './limits.ts';

const message = (id: number, operation: Uint8Array) => sequence(integer(id), operation);
const simple = (id: number, name: string, password: string) =>
  message(id, element(0x60, integer(3), text(name), element(0x80, password)));
const sasl = (id: number, mechanism: string, token: string) =>
  message(id, element(0x60, integer(3), text(''), element(0xa3, text(mechanism), text(token))));
const result = (id: number, tag: number, code: number) =>
  message(id, element(tag, element(0x0a, code), text(''), text('')));
const search = (id: number, base: string) =>
  message(
    id,
    element(
      0x63,
      text(base),
      element(0x0a, 2),
      element(0x0a, 0),
      integer(0),
      integer(0),
      element(1, 0),
      element(0x87, 'objectClass'),
      sequence(),
    ),
  );
const attribute = (name: string, ...values: (string | Uint8Array)[]) =>
  sequence(text(name), element(0x31, ...values.map((value) => element(4, value))));
const entry = (id: number, name: string, ...attributes: Uint8Array[]) =>
  message(id, element(0x64, text(name), sequence(...attributes)));
const startTls = (id: number) => message(id, element(0x77, element(0x80, '1.3.6.1.4.1.1466.20037')));

const root = entry(
  2,
  '',
  attribute('vendorName', 'ACME'),
  attribute('vendorVersion', '7.1'),
  attribute('dnsHostName', 'dc1.ward.example'),
  attribute('defaultNamingContext', 'DC=ward,DC=example'),
  attribute('domainControllerFunctionality', '7'),
  attribute('supportedSASLMechanisms', 'GSSAPI', 'EXTERNAL'),
  attribute('supportedExtension', '1.3.6.1.4.1.1466.20037'),
);
const person = entry(3, 'cn=ZZMARK,dc=ward,dc=example', attribute('mail', 'zzmark@ward.example'));
const conversation: Step[] = [
  ['client', simple(1, 'cn=zzmark,dc=ward', 'ZZMARKpass')],
  ['server', result(1, 0x61, 0)],
  ['client', search(2, '')],
  ['server', root],
  ['client', search(3, 'dc=zzmark')],
  ['server', person],
];

it('tells a login in clear and what the directory says of itself', () => {
  const said = runStream(ldap, conversation);
  expect(factLines(said)).toEqual([
    'ldap.client client {"version":3,"authentication":"simple"}',
    'credential.cleartext server {"protocol":"ldap","field":"simple bind","outcome":"accepted"}',
    'ldap.server server {"vendor":"ACME","version":"7.1","hostname":"dc1.ward.example","domain":"ward.example","functionalLevel":7,"mechanisms":["GSSAPI","EXTERNAL"],"startTls":true}',
  ]);
  expect(said).toMatchObject({ protection: 'clear', application: 'ldap', malformed: {} });
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(ldap, conversation));
it('lets no name, password or entry out', () => expectNothingLeaks(runStream(ldap, conversation), 'zzmark'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(ldap, conversation);
  expectDamageHolds(ldap, conversation);
});

it('tells that entries are served to nobody, and that the root is not one of them', () => {
  const kinds = (steps: Step[]) => runStream(ldap, steps).sightings.map(({ kind }) => kind);
  const anonymous: Step[] = [
    ['client', simple(1, 'cn=name-only', '')],
    ['server', result(1, 0x61, 0)],
  ];
  expect(kinds([...anonymous, ...conversation.slice(2)])).toEqual([
    'ldap.client',
    'ldap.server',
    'service.unauthenticated',
  ]);
  expect(
    kinds([
      ['client', search(1, 'dc=x')],
      ['server', person],
    ]),
  ).toEqual(['service.unauthenticated']);
  expect(kinds([...anonymous, ['server', root]])).toEqual(['ldap.client', 'ldap.server']);
});

it('tells a refused login, one in SASL, and one without an answer', () => {
  const outcome = (steps: Step[]) => runStream(ldap, steps).sightings.at(-1)?.facts;
  const bind: Step = ['client', sasl(1, 'PLAIN', '\0zzmark\0secret')];
  expect(outcome([bind, ['server', result(1, 0x61, 49)]])).toMatchObject({
    field: 'SASL PLAIN',
    outcome: 'refused',
  });
  expect(outcome([bind])).toMatchObject({ outcome: 'unknown' });
  expect(outcome([['client', sasl(1, 'GSSAPI', 'x')]])).toEqual({ version: 3, authentication: 'GSSAPI' });
});

it('goes on as TLS once that is agreed, and only then', () => {
  const upgrade = (code: number): Step[] => [
    ['client', startTls(1)],
    ['server', result(1, 0x78, code)],
    ['client', tlsHellos.client()],
    ['server', tlsHellos.server()],
  ];
  const agreed = runStream(ldap, upgrade(0), { seed: 3, longest: 9 });
  expect(agreed.sightings.map(({ kind }) => kind)).toEqual(['tls.client', 'tls.server']);
  expect(agreed).toMatchObject({ application: 'ldap', protection: 'tls1.2', malformed: {} });
  expect(runStream(ldap, upgrade(2)).sightings).toEqual([]);
  expectDamageHolds(ldap, upgrade(0));
});

it('leaves without complaint when SASL wraps what follows, and tells that it is sealed', () => {
  const steps: Step[] = [
    ['client', sasl(1, 'GSSAPI', 'x')],
    ['server', result(1, 0x61, 0)],
    ['client', '\0\0\0\x10\x05\x04\x02\xff0123456789'],
  ];
  expect(runStream(ldap, steps)).toMatchObject({ ended: true, protection: 'encrypted', malformed: {} });
});

it('reads a message just within the bound and skips one just beyond', () => {
  const kinds = (length: number) => {
    const around = simple(1, '', 'x'.repeat(1000)).length - 1000;
    const steps: Step[] = [
      ['client', search(1, 'dc=x')],
      ['client', simple(2, '', 'x'.repeat(length - around))],
    ];
    return runStream(ldap, steps, { seed: 1 }).sightings.length;
  };
  expect(kinds(MAX_MESSAGE)).toBe(2);
  expect(kinds(MAX_MESSAGE + 1)).toBe(0);
});

it.each([
  ['SNMP', sequence(integer(0), text('public'), element(0xa0, integer(1)))],
  ['an unknown operation', message(1, element(0x7f, 'xx'))],
  ['a bind of version 9', message(1, element(0x60, integer(9), text(''), element(0x80, '')))],
  ['HTTP', Uint8Array.from([0x47, 0x45, 0x54])],
])('does not take %s for LDAP', (_, other) =>
  expect(runStream(ldap, [['client', other]]).recognised).toBe('no'),
);

const name = (value: string) => bytes(...value.split('.').flatMap((label) => [label.length, label]), 0);
const netlogon = bytes(
  bytes(23, 0, 0, 0),
  new Uint8Array(20).fill(1),
  name('ward.example'),
  bytes(0xc0, 24, 3, 'dc1', 0xc0, 24),
  bytes(4, 'WARD', 0, 3, 'DC1', 0, 6, 'ZZMARK', 0, 4, 'Site', 0, 0xc0, 0),
);
const equals = (attributeName: string, value: string) => element(0xa3, text(attributeName), text(value));
const pingBody = element(
  0x63,
  text(''),
  element(0x0a, 0),
  element(0x0a, 0),
  integer(0),
  integer(0),
  element(1, 0),
  element(0xa0, equals('DnsDomain', 'ward.example.'), equals('Host', 'CT-2'), equals('User', 'ZZMARK')),
  sequence(text('Netlogon')),
);
const ping: Parameters<typeof runDatagram>[1] = [
  ['client', message(5, pingBody)],
  ['server', entry(5, '', attribute('Netlogon', netlogon))],
];

it('tells who looks for a domain controller over UDP, and which one answers', () => {
  const said = runDatagram(cldap, ping);
  expect(factLines(said)).toEqual([
    'ldap.client client {"version":3,"authentication":"anonymous","hostname":"CT-2","domain":"ward.example"}',
    'ldap.server server {"hostname":"dc1.ward.example","domain":"ward.example","site":"Site"}',
  ]);
  expectNothingLeaks(said, 'zzmark');
});

it('holds for datagrams that are cut off or changed anywhere', () => {
  for (const [from, datagram] of ping) {
    const whole = datagram as Uint8Array;
    for (let at = 0; at < whole.length; at++) {
      runDatagram(cldap, [[from, whole.subarray(0, at)]], { force: true });
      runDatagram(cldap, [[from, whole.map((byte, i) => (i === at ? byte ^ 0xff : byte))]], { force: true });
    }
  }
});

it.skipIf(!hasSharedCaptures)('finds StartTLS and logins in real captures', async () => {
  const kinds = async (path: string) =>
    (await senseFile(sharedPath(path))).batches.flatMap((batch) => batch.sightings.map(({ kind }) => kind));
  expect(await kinds('suricata-verify/ldap-starttls/input.pcap')).toContain('tls.certificate');
  expect(await kinds('zeek/ldap/simpleauth.pcap')).toContain('credential.cleartext');
  expect(await kinds('suricata-verify/bug-8619/cldap-leak.pcap')).toContain('ldap.server');
});

it('knows a deletion and a sealed message however they are cut', () => {
  expectSameInAnySegmentation(ldap, [['client', bytes(0x30, 13, 2, 1, 2, 0x4a, 8, 'uid=jdoe')]]);
  const bind = bytes(0x30, 23, 2, 1, 1, 0x60, 18, 2, 1, 3, 4, 0, 0xa3, 11, 4, 6, 'GSSAPI', 4, 1, 'x');
  const sealed = bytes(0, 0, 0, 16, 5, 4, 2, 255, 'wrapped token');
  expectSameInAnySegmentation(ldap, [
    ['client', bind],
    ['client', sealed],
  ]);
});
