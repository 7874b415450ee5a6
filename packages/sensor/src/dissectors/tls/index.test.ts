import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes, u16 } from '../../testing/frames.ts';
import { runDatagram, runStream, type Step } from '../../testing/harness.ts';
import { expectSameInAnySegmentation } from '../../testing/properties.ts';
import {
  alpn,
  certificates,
  clientHello,
  handshake,
  numbers,
  record,
  serverHello,
  serverNames,
} from '../../testing/tls-hello.ts';
import { cipherName } from './cipher-suites.ts';
import { dtls, tls } from './index.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const serverDer = fixture('server.der');
const personDer = fixture('person.der');

const offered = clientHello({
  ciphers: [0x1a1a, 0x1301, 0xc02f],
  extensions: [
    [0, serverNames('pacs.ward.example')],
    [10, numbers(2, [0x2a2a, 29, 23])],
    [11, bytes(1, 0)],
    [13, numbers(2, [0x0403, 0x0804])],
    [16, alpn('h2', 'http/1.1')],
    [43, numbers(1, [0x3a3a, 0x0304, 0x0303])],
  ],
});
const changeCipherSpec = record(20, bytes(1));
const tls12: Step[] = [
  ['client', record(22, offered)],
  ['server', record(22, bytes(serverHello({}), certificates(serverDer), handshake(14, bytes())))],
  ['client', bytes(record(22, bytes(certificates(personDer), handshake(16, bytes(1, 2)))), changeCipherSpec)],
];

describe('tls', () => {
  it('states both sides of a TLS 1.2 handshake and its certificates', () => {
    const run = runStream(tls, tls12);
    expect(run.sightings.map(({ kind, subject }) => [kind, subject.ip])).toEqual([
      ['tls.client', '10.0.0.1'],
      ['tls.server', '10.0.0.2'],
      ['tls.certificate', '10.0.0.2'],
      ['tls.certificate', '10.0.0.1'],
    ]);
    expect(run).toMatchObject({ protection: 'tls1.2', ended: true, notes: { sni: 'pacs.ward.example' } });
    expect(run.sightings[0]?.facts).toMatchObject({ version: 'tls1.3', alpn: ['h2', 'http/1.1'] });
    expect(run.sightings[1]?.facts.cipher).toBe('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (0xc02f)');
  });

  it('states a certificate in RFC 4514 form, without mail addresses', () => {
    expect(runStream(tls, tls12).sightings[2]?.facts).toMatchObject({
      role: 'server',
      subject: 'CN=pump.ward.example,O=Acme\\, Medical,C=DE',
      serial: '1234',
      sans: ['DNS:pump.ward.example', 'IP Address:10.0.0.5'],
      keyType: 'rsa',
      keyBits: 2048,
      signatureAlgorithm: 'sha256WithRSAEncryption',
      selfSigned: true,
    });
  });

  it('leaves the person out of a person’s certificate', () => {
    const { facts } = runStream(tls, tls12).sightings[3]!;
    expect(facts).toMatchObject({
      role: 'client',
      subject: 'O=Clinic',
      keyType: 'ec',
      keyBits: 256,
      sans: [],
    });
  });

  it('does not call a certificate self-signed for its names alone', () => {
    const forged = serverDer.slice();
    forged[forged.length - 1]! ^= 1;
    const steps: Step[] = [tls12[0]!, ['server', record(22, bytes(serverHello({}), certificates(forged)))]];
    expect(runStream(tls, steps).sightings[2]?.facts.selfSigned).toBe(false);
  });

  it('takes the version from the extension, and lets go when TLS 1.3 encrypts', () => {
    const hello = serverHello({ ciphers: [0x1301], extensions: [[43, u16(0x0304)]] });
    const run = runStream(tls, [tls12[0]!, ['server', record(22, hello)]]);
    expect(run).toMatchObject({ protection: 'tls1.3', ended: true });
  });

  it('waits behind a retry for the hello that agrees', () => {
    const retry = serverHello({ ciphers: [0x1301], extensions: [[43, u16(0x0304)]] });
    retry.set(hex('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'), 6);
    const final = serverHello({ ciphers: [0x1302], extensions: [[43, u16(0x0304)]] });
    const run = runStream(tls, [
      ['client', record(22, offered)],
      ['server', record(22, retry)],
      ['client', bytes(changeCipherSpec, record(22, offered))],
      ['server', record(22, final)],
    ]);
    expect(run.sightings.map(({ kind }) => kind)).toEqual(['tls.client', 'tls.server']);
    expect(run.sightings[1]?.facts.cipher).toContain('0x1302');
  });

  it('says the same of every segmentation and of handshakes split over records', () => {
    const whole = runStream(tls, tls12);
    for (let seed = 1; seed < 25; seed++) {
      expect(runStream(tls, tls12, { seed, longest: seed * 4 })).toEqual(whole);
    }
    const split = Array.from({ length: Math.ceil(offered.length / 50) }, (_, i) =>
      record(22, offered.subarray(i * 50, i * 50 + 50)),
    );
    expect(runStream(tls, [['client', bytes(...split)], ...tls12.slice(1)]).sightings).toEqual(
      whole.sightings,
    );
  });

  it('knows the old form however it is cut', () => {
    const old = hex('801c 01 0301 0003 0000 0010 000005 00000000000000000000000000000000');
    const answer = record(22, serverHello({ version: 0x0301 }));
    expectSameInAnySegmentation(tls, [
      ['client', old],
      ['server', answer],
    ]);
    const refusal = hex('800f 04 00 01 0002 0000 0000 0004 636f6e6e');
    expectSameInAnySegmentation(tls, [
      ['client', old],
      ['server', refusal],
    ]);
  });

  it('knows a client hello in the old form, and SSL 2.0 by the server’s', () => {
    const old = bytes(0x80, 9 + 3 + 16, 1, u16(0x0301), u16(3), u16(0), u16(16), 0, 0, 5, new Uint8Array(16));
    const modern = runStream(tls, [
      ['client', old],
      ['server', record(22, serverHello({ version: 0x0301 }))],
    ]);
    expect(modern.protection).toBe('tls1.0');
    const server = bytes(0x80, 11 + 4, 4, 0, 1, u16(2), u16(0), u16(0), u16(4), 'conn');
    expect(
      runStream(tls, [
        ['client', old],
        ['server', server],
      ]).protection,
    ).toBe('ssl2');
  });

  it('does not take other protocols', () => {
    for (const other of [
      'GET / HTTP/1.1\r\n\r\n',
      'SSH-2.0-x\r\n',
      '\x16\x03\x01\x00\x04\x0e\x00\x00\x00  ',
    ]) {
      expect(runStream(tls, [['client', other]]).recognised).toBe('no');
    }
  });

  it('takes any damage', () => {
    const first = record(22, offered);
    for (const damaged of allDamage(first)) runStream(tls, [['client', damaged]], { force: true });
    const second = record(22, bytes(serverHello({}), certificates(personDer))).subarray(0, 120);
    for (const damaged of allDamage(second)) {
      runStream(
        tls,
        [
          ['client', first],
          ['server', damaged],
        ],
        { force: true },
      );
    }
  });
});

describe('fingerprints', () => {
  const example = clientHello({
    ciphers: [
      0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
      0x009d, 0x002f, 0x0035,
    ],
    extensions: [
      [0x1a1a, bytes()],
      [0x001b, bytes()],
      [0x0000, serverNames('a.example')],
      [0x0033, bytes()],
      [0x0010, alpn('h2')],
      [0x4469, bytes()],
      [0x0017, bytes()],
      [0x002d, bytes()],
      [0x000d, numbers(2, [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601])],
      [0x0005, bytes()],
      [0x0023, bytes()],
      [0x0012, bytes()],
      [0x002b, numbers(1, [0x2a2a, 0x0304, 0x0303])],
      [0xff01, bytes()],
      [0x000b, bytes(1, 0)],
      [0x000a, numbers(2, [0x3a3a, 29, 23, 24])],
      [0x0015, bytes()],
    ],
  });
  const ja4Of = (hello: Uint8Array) =>
    runStream(tls, [['client', record(22, hello)]]).sightings[0]?.facts.ja4;

  it('computes the example of the JA4 description', () => {
    expect(ja4Of(example)).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('marks protocols that are not text by their hexadecimal ends, and empty lists by zeros', () => {
    expect(ja4Of(clientHello({ extensions: [[16, alpn(hex('ab'))]] }))).toMatch(/^t12i0101ab_/);
    expect(ja4Of(clientHello({ extensions: [[16, alpn(hex('30ab'))]] }))).toMatch(/^t12i01013b_/);
    expect(ja4Of(clientHello({}))).toMatch(/^t12i010000_[0-9a-f]{12}_000000000000$/);
    expect(ja4Of(clientHello({ extensions: [[16, alpn(hex('6832'))]] }))).toMatch(/^t12i0101h2_.{12}_0{12}$/);
  });

  it('names suites of the registry and numbers the others', () => {
    expect(cipherName(0x0005)).toBe('TLS_RSA_WITH_RC4_128_SHA (0x0005)');
    expect(cipherName(0xeeee)).toBe('0xeeee');
  });
});

describe('dtls', () => {
  const body = (version: number, tail: Uint8Array) => bytes(u16(version), new Uint8Array(32), 0, tail);
  const datagram = (type: number, content: Uint8Array) => {
    const length = bytes(0, u16(content.length));
    const message = bytes(type, length, 0, 0, 0, 0, 0, length, content);
    return bytes(22, 0xfe, 0xfd, new Uint8Array(8), u16(message.length), message);
  };
  const hello = datagram(1, body(0xfefd, bytes(0, numbers(2, [0xc02b]), 1, 0)));

  it('states a client and what a server agreed on', () => {
    const client = runDatagram(dtls, [['client', hello]]);
    expect(client.sightings[0]?.facts).toMatchObject({ version: 'dtls' });
    expect(client.sightings[0]?.facts.ja4).toMatch(/^dd2i010000_/);
    const server = runDatagram(dtls, [['server', datagram(2, body(0xfefd, bytes(u16(0xc02b), 0)))]]);
    expect([server.protection, server.sightings[0]?.kind]).toEqual(['dtls', 'tls.server']);
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(hello)) runDatagram(dtls, [['client', damaged]], { force: true });
  });
});

it.each([
  [['dicom'], [], 'dicom-tls'],
  [['dicom', 'h2'], ['dicom'], 'dicom-tls'],
  [['dicom', 'h2'], ['h2'], 'tls'],
  [['h2'], [], 'tls'],
])('names DICOM where %j is offered and %j agreed', (asked, agreed, application) => {
  const hello = record(22, clientHello({ extensions: [[16, alpn(...asked)]] }));
  const answer = serverHello({ extensions: agreed.length === 0 ? [] : [[16, alpn(...agreed)]] });
  expect(
    runStream(tls, [
      ['client', hello],
      ['server', record(22, answer)],
    ]).application,
  ).toBe(application);
});
