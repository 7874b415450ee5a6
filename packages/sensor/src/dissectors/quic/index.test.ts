import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitFlips, hex, truncations } from '../../testing/damage.ts';
import { bytes, u16, u32 } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { clientHello, serverHello, serverNames } from '../../testing/tls-hello.ts';
import { CryptoStream } from './crypto-stream.ts';
import { quic } from './index.ts';
import { headerMask, initialKeys, type PacketKeys } from './keys.ts';
import { MAX_CRYPTO, MAX_DATAGRAMS, MAX_PIECES } from './limits.ts';
import { quicVersion } from './versions.ts';

const one = quicVersion(1)!;
const two = quicVersion(0x6b3343cf)!;
const destination = hex('8394c8f03e515708');
const other = hex('f067a5502a4262b5');

interface Sealing {
  keys: PacketKeys;
  number: number;
  payload: Uint8Array;
  version?: number;
  first?: number;
  to?: Uint8Array;
  from?: Uint8Array;
  token?: Uint8Array;
}

/** An Initial packet, protected as RFC 9001 §5 has it. */
function seal(s: Sealing): Uint8Array {
  const { keys, number, to = destination, from = hex(''), token = hex(''), version = 1, first = 0xc0 } = s;
  const padded = bytes(s.payload, new Uint8Array(Math.max(0, 40 - s.payload.length)));
  const length = u16(0x4000 | (4 + padded.length + 16));
  const head = bytes(first | 3, u32(version), to.length, to, from.length, from, token.length, token, length);
  const header = bytes(head, u32(number));
  const nonce = new Uint8Array(keys.iv);
  nonce[11]! ^= number & 255;
  nonce[10]! ^= number >>> 8;
  const cipher = createCipheriv('aes-128-gcm', keys.key, nonce).setAAD(header);
  const sealed = bytes(header, cipher.update(padded), cipher.final(), cipher.getAuthTag());
  const mask = headerMask(keys, sealed.subarray(head.length + 4, head.length + 20));
  sealed[0]! ^= mask[0]! & 0x0f;
  for (let i = 0; i < 4; i++) sealed[head.length + i]! ^= mask[1 + i]!;
  return sealed;
}

function crypto(offset: number, data: Uint8Array): Uint8Array {
  return bytes(6, u16(0x4000 | offset), u16(0x4000 | data.length), data);
}

const keys = initialKeys(one, destination);
const hello = clientHello({ extensions: [[0, serverNames('pump.example')]] });
const answer = serverHello({ extensions: [[43, hex('0304')]] });
const asked = (number: number, ...frames: Uint8Array[]) =>
  seal({ keys: keys.client, number, payload: bytes(...frames) });
const answered = (number: number, ...frames: Uint8Array[]) =>
  seal({ keys: keys.server, number, payload: bytes(...frames), to: hex(''), from: other });
const whole = asked(0, crypto(0, hello));

describe('quic', () => {
  it('derives the keys of RFC 9001 appendix A.1 and RFC 9369 appendix A.1', () => {
    const text = (key: Uint8Array) => Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(text(keys.client.key)).toBe('1f369613dd76d5467730efcbe3b1a22d');
    expect(text(keys.client.iv)).toBe('fa044b2f42a3fd3b46fb255c');
    expect(text(keys.client.headerKey)).toBe('9f50449e04a0e810283a1e9933adedd2');
    expect(text(keys.server.key)).toBe('cf3a5331653c364c88f0f379b6067e37');
    const second = initialKeys(two, destination);
    expect(text(second.client.key)).toBe('8b1a0bc121284290a29e0971b5cd045d');
    expect(text(second.client.headerKey)).toBe('45b95e15235d6f45a6b19cbcb0294ba9');
  });

  it('states what the client offered and what the server took', () => {
    const run = runDatagram(quic, [
      ['client', whole],
      ['server', answered(0, bytes(2, 0, 0, 0, 0), crypto(0, answer))],
    ]);
    expect(run.sightings.map(({ kind, subject }) => [kind, subject.ip])).toEqual([
      ['tls.client', '10.0.0.1'],
      ['tls.server', '10.0.0.2'],
    ]);
    expect(run.sightings[0]?.facts).toMatchObject({ sni: 'pump.example', ja4: expect.stringMatching(/^q/) });
    expect(run).toMatchObject({ protection: 'tls1.3', notes: { sni: 'pump.example', 'quic-version': '1' } });
  });

  it('reads version 2', () => {
    const second = initialKeys(two, destination).client;
    const packet = seal({
      keys: second,
      number: 1,
      payload: crypto(0, hello),
      version: 0x6b3343cf,
      first: 0xd0,
    });
    expect(runDatagram(quic, [['client', packet]])).toMatchObject({
      sightings: [{ kind: 'tls.client' }],
      notes: { 'quic-version': '2' },
    });
  });

  it('puts a hello together from pieces in any order, over several packets, with padding and pings between', () => {
    const [head, middle, tail] = [hello.subarray(0, 20), hello.subarray(20, 90), hello.subarray(90)];
    const run = runDatagram(quic, [
      ['client', asked(3, crypto(90, tail), bytes(1, 0, 0, 0), crypto(0, head))],
      ['client', asked(2, bytes(0, 0), crypto(10, hello.subarray(10, 30)))],
      ['client', asked(300, crypto(20, middle))],
    ]);
    expect(run.sightings).toHaveLength(1);
    expect(run.sightings).toEqual(runDatagram(quic, [['client', whole]]).sightings);
  });

  it('takes new keys after a Retry, whose connection id may be short (RFC 9001 §5.2)', () => {
    const short = hex('1b036a11');
    const again = initialKeys(one, short);
    const run = runDatagram(quic, [
      ['client', whole],
      ['server', bytes(0xf0, u32(1), 0, 4, short, 'token', new Uint8Array(16))],
      [
        'client',
        seal({ keys: again.client, number: 1, payload: crypto(0, hello), to: short, token: hex('01') }),
      ],
      ['server', seal({ keys: again.server, number: 0, payload: crypto(0, answer), to: hex('') })],
    ]);
    expect(run.sightings.map(({ kind }) => kind)).toEqual(['tls.client', 'tls.server']);
  });

  it('takes who could write the first packet for the client, whatever the ports say', () => {
    expect(runDatagram(quic, [['server', whole]]).sightings[0]?.subject.ip).toBe('10.0.0.2');
  });

  it('leaves a connection alone whose packets have no long header any more, or that goes on too long', () => {
    const late = Array.from({ length: MAX_DATAGRAMS }, () => ['server', answered(0, bytes(1))] as const);
    const first = [...late.slice(1), ['client', whole] as const];
    expect(
      runDatagram(
        quic,
        first.map(([from, packet]) => [from, packet]),
      ).sightings,
    ).toHaveLength(1);
    const beyond = [...late, ['client', whole] as const];
    expect(
      runDatagram(
        quic,
        beyond.map(([from, packet]) => [from, packet]),
      ).sightings,
    ).toHaveLength(0);
    const short = bytes(0x40, new Uint8Array(30));
    const ended = [answered(0, bytes(1)), short, whole];
    expect(
      runDatagram(
        quic,
        ended.map((packet) => ['client', packet]),
      ).sightings,
    ).toHaveLength(0);
  });

  it('holds no more of a handshake than allowed, in no more pieces', () => {
    const within = new CryptoStream();
    expect(within.add({ offset: MAX_CRYPTO - 1, data: bytes(1) })).toBe(true);
    expect(within.add({ offset: MAX_CRYPTO, data: bytes(1) })).toBe(false);
    const pieces = new CryptoStream();
    for (let i = 0; i < MAX_PIECES; i++) expect(pieces.add({ offset: i * 2, data: bytes(1) })).toBe(true);
    expect(pieces.add({ offset: MAX_PIECES * 2, data: bytes(1) })).toBe(false);
  });

  it('does not take other datagrams', () => {
    const wrong = [
      bytes(0x80, whole.subarray(1)),
      bytes(whole.subarray(0, 4), 9, whole.subarray(5)),
      hex('c0'),
    ];
    for (const payload of [...wrong, whole.subarray(0, 60)]) {
      expect(runDatagram(quic, [['client', payload]]).recognised).toBe('no');
    }
    const noise = fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (payload) => {
      expect(runDatagram(quic, [['client', payload]]).recognised).toBe('no');
    });
    fc.assert(noise, { numRuns: 2000, seed: 20_261 });
  });

  it('takes any damage, and says nothing of a packet whose tag does not hold', () => {
    for (const damaged of [...truncations(whole), ...bitFlips(whole)]) {
      expect(runDatagram(quic, [['client', damaged]], { force: true }).sightings).toEqual([]);
    }
    const plain = bytes(bytes(2, 0, 0, 0, 0), crypto(0, hello));
    for (let at = 0; at < plain.length; at++) {
      for (const value of [0, 0x3f, 0x7f, 0xff]) {
        const changed = plain.slice();
        changed[at] = value;
        runDatagram(quic, [['client', asked(0, changed)]]);
      }
    }
  });
});
