import { expect, it } from 'vitest';
import { element, integer, sequence } from '../../testing/ber.ts';
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
import { kerberos, kerberosDatagram } from './index.ts';
import { MAX_MESSAGE } from './limits.ts';

const field = (number: number, content: Uint8Array) => element(0xa0 + number, content);
const string = (value: string) => element(0x1b, value);
const principal = (type: number, ...parts: string[]) =>
  sequence(field(0, integer(type)), field(1, sequence(...parts.map(string))));

interface Asked {
  client?: string[];
  proof?: number;
  encryption?: number[];
  netbios?: string;
  padding?: number;
}

function request(
  tag: number,
  { client, proof, encryption = [18, 23], netbios, padding = 0 }: Asked,
): Uint8Array {
  const addresses =
    netbios === undefined ? [] : [sequence(field(0, integer(20)), field(1, element(4, netbios)))];
  const body = sequence(
    field(0, element(3, 0, 0, 0, 0, 0)),
    ...(client ? [field(1, principal(1, ...client))] : []),
    field(2, string('WARD.EXAMPLE')),
    field(3, principal(2, 'krbtgt', 'WARD.EXAMPLE')),
    field(8, sequence(...encryption.map(integer))),
    ...(addresses.length > 0 ? [field(9, sequence(...addresses))] : []),
  );
  const data = sequence(field(1, integer(proof ?? 149)), field(2, element(4, new Uint8Array(padding + 1))));
  const number = tag === 0x6a ? 10 : 12;
  return element(
    tag,
    sequence(field(1, integer(5)), field(2, integer(number)), field(3, sequence(data)), field(4, body)),
  );
}

function reply(tag: number, client: string[], service: string[], encryption: number): Uint8Array {
  const sealed = sequence(field(0, integer(encryption)), field(2, element(4, 'ZZMARK')));
  const inner = sequence(
    field(0, integer(5)),
    field(1, string('WARD.EXAMPLE')),
    field(2, principal(2, ...service)),
    field(3, sealed),
  );
  return element(
    tag,
    sequence(
      field(0, integer(5)),
      field(1, integer(tag === 0x6b ? 11 : 13)),
      field(3, string('WARD.EXAMPLE')),
      field(4, principal(1, ...client)),
      field(5, element(0x61, inner)),
      field(6, sealed),
    ),
  );
}

const failure = element(
  0x7e,
  sequence(
    field(0, integer(5)),
    field(1, integer(30)),
    field(6, integer(25)),
    field(9, string('WARD.EXAMPLE')),
    field(10, principal(2, 'krbtgt', 'WARD.EXAMPLE')),
    field(11, string('ZZMARK')),
  ),
);
const framed = (message: Uint8Array) => bytes(0, 0, message.length >>> 8, message.length & 255, message);

const conversation: Step[] = [
  ['client', framed(request(0x6a, { client: ['zzmark'], netbios: 'CT-2           \0' }))],
  ['server', framed(failure)],
  ['client', framed(request(0x6a, { client: ['zzmark'], proof: 2 }))],
  ['server', framed(reply(0x6b, ['zzmark'], ['krbtgt', 'WARD.EXAMPLE'], 18))],
  ['client', framed(request(0x6c, { proof: 1 }))],
  ['server', framed(reply(0x6d, ['CT-2$'], ['cifs', 'files.ward.example'], 23))],
];

it('tells realm, machines, what is offered and what tickets are for', () => {
  const said = runStream(kerberos, conversation);
  expect(factLines(said)).toEqual([
    'kerberos.client client {"realm":"WARD.EXAMPLE","hostname":"CT-2","encryption":["aes256-sha1","rc4-hmac"]}',
    'kerberos.server server {"realm":"WARD.EXAMPLE"}',
    'kerberos.client client {"realm":"WARD.EXAMPLE","encryption":["aes256-sha1","rc4-hmac"]}',
    'kerberos.server server {"realm":"WARD.EXAMPLE"}',
    'kerberos.ticket client {"service":"krbtgt/WARD.EXAMPLE","encryption":"aes256-sha1","realm":"WARD.EXAMPLE"}',
    'kerberos.client client {"realm":"WARD.EXAMPLE","encryption":["aes256-sha1","rc4-hmac"]}',
    'kerberos.server server {"realm":"WARD.EXAMPLE"}',
    'kerberos.ticket client {"service":"cifs/files.ward.example","encryption":"rc4-hmac","realm":"WARD.EXAMPLE","hostname":"CT-2"}',
  ]);
  expect(said.sightings[0]?.marks).toHaveLength(1);
});

it('says the same in any segmentation', () => expectSameInAnySegmentation(kerberos, conversation));
it('lets no account of a person out', () => expectNothingLeaks(runStream(kerberos, conversation), 'zzmark'));
it('holds when cut off or damaged anywhere', () => {
  expectTruncationHolds(kerberos, conversation);
  expectDamageHolds(kerberos, conversation);
});

it.each([
  [['CT-2$'], 'CT-2'],
  [['host', 'ct-2.ward.example'], 'ct-2.ward.example'],
  [['zzmark', 'admin'], undefined],
])('takes %j for %s', (client, hostname) => {
  const said = runDatagram(kerberosDatagram, [['client', request(0x6a, { client })]]);
  expect(said.sightings[0]?.facts).toMatchObject({ realm: 'WARD.EXAMPLE', ...(hostname && { hostname }) });
  expect('hostname' in said.sightings[0]!.facts).toBe(hostname !== undefined);
});

it('tells that a ticket was given without a proof of who asks', () => {
  const given = (proof: number) =>
    runStream(kerberos, [
      ['client', framed(request(0x6a, { client: ['zzmark'], proof }))],
      ['server', framed(reply(0x6b, ['zzmark'], ['krbtgt', 'WARD.EXAMPLE'], 23))],
    ]).sightings.filter(({ kind }) => kind === 'service.unauthenticated').length;
  expect(given(149)).toBe(1);
  expect(given(2)).toBe(0);
});

it('holds for datagrams that are cut off or changed anywhere', () => {
  const datagrams: ['client' | 'server', Uint8Array][] = [
    ['client', request(0x6a, { client: ['CT-2$'], netbios: 'CT-2' })],
    ['server', failure],
    ['server', reply(0x6d, ['a'], ['cifs', 'b'], 17)],
  ];
  for (const [from, whole] of datagrams) {
    for (let at = 0; at < whole.length; at++) {
      const cut = runDatagram(kerberosDatagram, [[from, whole.subarray(0, at)]]);
      expect(cut.recognised).toBe('no');
      for (const flip of [1, 0x80, 0xff]) {
        runDatagram(kerberosDatagram, [[from, whole.map((byte, i) => (i === at ? byte ^ flip : byte))]], {
          force: true,
        });
      }
    }
  }
});

it('reads a message just within the bound and skips one just beyond', () => {
  const empty = request(0x6a, { padding: 1000 }).length - 1000;
  const count = (length: number) =>
    runStream(kerberos, [['client', framed(request(0x6a, { padding: length - empty }))]], { seed: 1 })
      .sightings.length;
  expect(count(MAX_MESSAGE)).toBe(1);
  expect(count(MAX_MESSAGE + 1)).toBe(0);
});

it.skipIf(!hasSharedCaptures)('reads requests and errors of a real realm', async () => {
  const { batches } = await senseFile(sharedPath('suricata-verify/krb5-probing/krb.pcap'));
  const facts = batches.flatMap((batch) => batch.sightings).filter(({ kind }) => kind.startsWith('kerberos'));
  expect(facts.map((item) => 'realm' in item.facts && item.facts.realm)).toEqual([
    'AD.NWRA.COM',
    'AD.NWRA.COM',
  ]);
});
