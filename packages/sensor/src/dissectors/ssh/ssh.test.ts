import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { ssh } from './index.ts';
import { MAX_PACKET } from './limits.ts';

function string(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function packet(message: number, body: Uint8Array): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 6, message]);
  head.writeUInt32BE(body.length + 8);
  return Buffer.concat([head, body, Buffer.alloc(6)]);
}

function kexInit(kex: string, ciphers: [string, string], macs: [string, string]): Buffer {
  const lists = [kex, 'ssh-ed25519', ...ciphers, ...macs, 'none', 'none', '', ''];
  return packet(20, Buffer.concat([Buffer.alloc(16, 9), ...lists.map(string), Buffer.alloc(5)]));
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const key = Buffer.concat([string('ssh-ed25519'), string(Buffer.alloc(32, 5))]);
const fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64').replace('=', '')}`;
const offers = {
  client: kexInit('curve25519-sha256', ['aes-c', 'aes-s'], ['mac-c', 'mac-s']),
  server: kexInit('curve25519-sha256', ['aes-c', 'aes-s'], ['mac-c', 'mac-s']),
};

function conversation(
  method: 'ecdh' | 'group',
  client = 'SSH-2.0-OpenSSH_9.6',
  server = 'SSH-2.0-dropbear_2022.83',
): Step[] {
  const reply = Buffer.concat([string(key), string(Buffer.alloc(32)), string('signature')]);
  const exchange: Step[] =
    method === 'ecdh'
      ? [
          ['client', packet(30, string(Buffer.alloc(32, 1)))],
          ['server', packet(31, reply)],
        ]
      : [
          ['client', packet(34, Buffer.alloc(12))],
          ['server', packet(31, Buffer.concat([string(Buffer.alloc(257, 3)), string('\x02')]))],
          ['client', packet(32, string(Buffer.alloc(256, 2)))],
          ['server', packet(33, reply)],
        ];
  return [
    ['server', `${server}\r\n`],
    ['client', `${client}\r\n`],
    ['client', offers.client],
    ['server', offers.server],
    ...exchange,
    ['server', packet(21, Buffer.alloc(0))],
    ['client', packet(21, Buffer.alloc(0))],
    ['client', Buffer.alloc(100, 0xaa)],
  ];
}

const software = (role: string, banner: string, fingerprints: string) =>
  `ssh.software ${role} {"role":"${role}","banner":"${banner}","hassh":"${fingerprints}"}`;
const expected = [
  software('client', 'SSH-2.0-OpenSSH_9.6', md5('curve25519-sha256;aes-c;mac-c;none')),
  software('server', 'SSH-2.0-dropbear_2022.83', md5('curve25519-sha256;aes-s;mac-s;none')),
  `ssh.hostkey server {"algorithm":"ssh-ed25519","sha256":"${fingerprint}"}`,
];

describe.each(['ecdh', 'group'] as const)('a key exchange by %s', (method) => {
  it('tells both programs and the host key, then leaves', () => {
    const said = runStream(ssh, conversation(method));
    expect(factLines(said)).toEqual(expected);
    expect(said).toMatchObject({ protection: 'ssh2', ended: true, malformed: {} });
  });
  it('says the same in any segmentation', () => expectSameInAnySegmentation(ssh, conversation(method)));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(ssh, conversation(method));
    expectDamageHolds(ssh, conversation(method));
  });
});

it('finds the server of a connection that was opened backwards', () => {
  const turned = conversation('ecdh').map(
    ([from, bytes]): Step => [from === 'client' ? 'server' : 'client', bytes as string],
  );
  const roles = runStream(ssh, turned).sightings.map(
    ({ subject, facts }) => `${subject.ip} ${String(facts.role ?? 'key')}`,
  );
  expect(roles).toEqual(['10.0.0.1 server', '10.0.0.2 client', '10.0.0.1 key']);
});

it('tells banners alone, without protection, where nothing else came', () => {
  const said = runStream(ssh, conversation('ecdh').slice(0, 2));
  expect(said.sightings).toHaveLength(2);
  expect(said.protection).toBe('unknown');
});

it('tells version 1 apart from 1.99', () => {
  const first = runStream(ssh, [
    ['server', 'SSH-1.5-OldPump\n'],
    ['client', 'SSH-1.5-PuTTY\n'],
  ]);
  expect(first).toMatchObject({ protection: 'ssh1', ended: true });
  expect(runStream(ssh, conversation('ecdh', undefined, 'SSH-1.99-Cisco-1.25')).protection).toBe('ssh2');
});

it('finds the identification behind other lines', () => {
  const steps = conversation('ecdh');
  steps[0] = ['server', 'Authorised use only\r\nSSH-2.0-dropbear_2022.83\r\n'];
  expect(factLines(runStream(ssh, steps))).toEqual(expected);
});

it('takes a packet length just within the bound and none beyond', () => {
  const malformed = (length: number) => {
    const head = Buffer.alloc(6);
    head.writeUInt32BE(length);
    head[4] = 4;
    return runStream(ssh, [...conversation('ecdh').slice(0, 2), ['client', head]]).malformed;
  };
  expect(malformed(MAX_PACKET)).toEqual({});
  expect(malformed(MAX_PACKET + 1)).toEqual({ 'ssh-packet': 1 });
});

it.each(['SSH-3.0-x', 'SSHH', 'GET / HTTP/1.1'])('does not take %j of a client for SSH', (text) => {
  expect(
    runStream(ssh, [
      ['client', text],
      ['server', '\x00'],
    ]).recognised,
  ).toBe('no');
});

it.each([250, 255, 256, 300])('takes an identification of %i bytes, or not, however it is cut', (length) => {
  expectSameInAnySegmentation(ssh, [['server', `${'SSH-2.0-dropbear'.padEnd(length, '_')}\n`]]);
});
