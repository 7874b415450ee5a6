import { expect, it, test } from 'vitest';
import { bytes } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { dns } from './index.ts';

const name = (text: string) => bytes(...text.split('.').map((label) => bytes(label.length, label)), 0);
const message = (flags: number, question: string, type: number) =>
  bytes(0, 1, flags >> 8, flags & 255, 0, 1, 0, 0, 0, 0, 0, 0, name(question), type >> 8, type & 255, 0, 1);
const said = (from: 'client' | 'server', payload: Uint8Array) =>
  runDatagram(dns, [[from, payload]], { around: { serverPort: 53 } }).sightings.filter(
    ({ kind }) => kind !== 'dns.server',
  );
const long = 'a'.repeat(60);

test.each<[string, string, number, unknown[]]>([
  ['a long name', `${long}.t.evil.example`, 1, [{ zone: 'evil.example', type: 'A' }]],
  ['a long name below a country', `${long}.evil.co.uk`, 1, [{ zone: 'evil.co.uk', type: 'A' }]],
  [
    'a name of a type that carries',
    'abcdefghij0123456789.evil.example',
    16,
    [{ zone: 'evil.example', type: 'TXT' }],
  ],
  ['an ordinary name', 'www.house.example', 1, []],
  ['a key of mail', `${'k'.repeat(20)}._domainkey.house.example`, 16, []],
  ['a name of an address', `${'1.'.repeat(30)}ip6.arpa`, 12, []],
])('%s', (_, question, type, expected) => {
  expect(said('client', message(0x0100, question, type)).map(({ facts }) => facts)).toEqual(expected);
});

it('tells that a name does not exist, of whoever asked, and not which', () => {
  const [failure] = said('server', message(0x8183, 'secret.house.example', 1));
  expect(failure).toMatchObject({
    kind: 'dns.failure',
    facts: { code: 'NXDOMAIN' },
    subject: { ip: '10.0.0.1' },
  });
  expect(JSON.stringify(failure)).not.toContain('secret');
});
