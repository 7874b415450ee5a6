import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { dnsMessage, dnsName } from '../../testing/dns-message.ts';
import { bytes, u16 } from '../../testing/frames.ts';
import { runDatagram, runStream } from '../../testing/harness.ts';
import { dns, dnsStream } from './index.ts';
import { MAX_NAME, MAX_NAMES_STATED } from './limits.ts';
import { readName } from './name.ts';

const query = dnsMessage({ flags: 0x0100, questions: [{ name: 'pacs.ward.example', type: 1 }] });
const answer = dnsMessage({
  flags: 0x8180,
  questions: [{ name: 'pacs.ward.example', type: 1 }],
  answers: [
    { name: 'pacs.ward.example', type: 1, data: hex('0a000005') },
    { name: 'pacs.ward.example', type: 28, data: hex('fd000000000000000000000000000005') },
    { name: 'cdn.example', type: 1, data: hex('5db8d822') },
    { name: '9.0.0.10.in-addr.arpa', type: 12, data: dnsName('ris.ward.example') },
  ],
});

function named(sightings: ReturnType<typeof runDatagram>['sightings']) {
  return sightings
    .filter(({ kind }) => kind === 'dns.name')
    .map(({ subject, facts }) => [subject.ip, facts.name]);
}

const expected = [
  ['10.0.0.5', 'pacs.ward.example'],
  ['fd00::5', 'pacs.ward.example'],
  ['10.0.0.9', 'ris.ward.example'],
];

describe('dns over UDP', () => {
  it('states names of local addresses, and that the answerer serves names', () => {
    const run = runDatagram(dns, [
      ['client', query],
      ['server', answer],
    ]);
    expect(named(run.sightings)).toEqual(expected);
    expect(run.sightings[0]).toMatchObject({ kind: 'dns.server', facts: { recursive: true } });
  });

  it('states a public address that shares the network of a side', () => {
    const around = { server: { mac: null, ip: '93.184.0.1', vlan: null } };
    const run = runDatagram(dns, [['server', answer]], { around });
    expect(named(run.sightings)).toContainEqual(['93.184.216.34', 'cdn.example']);
  });

  it('tells the server by the response bit', () => {
    expect([dns.serverSide?.(query), dns.serverSide?.(answer)]).toEqual(['receiver', 'sender']);
  });

  it('takes nothing with bytes left over away from port 53', () => {
    const longer = bytes(query, 0);
    expect(runDatagram(dns, [['client', longer]]).recognised).toBe('no');
    expect(runDatagram(dns, [['client', longer]], { around: { serverPort: 53 } }).recognised).toBe('yes');
  });

  it('states a bounded number of names', () => {
    const answers = Array.from({ length: MAX_NAMES_STATED + 1 }, (_, i) => ({
      name: `h${i}.example`,
      type: 1,
      data: bytes(10, 0, 1, i),
    }));
    const many = dnsMessage({ flags: 0x8180, questions: [{ name: 'x.example', type: 1 }], answers });
    expect(named(runDatagram(dns, [['server', many]]).sightings)).toHaveLength(MAX_NAMES_STATED);
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(answer)) runDatagram(dns, [['server', damaged]], { force: true });
  });
});

describe('names', () => {
  it('follows pointers backwards only', () => {
    const message = bytes(dnsName('ward.example'), 4, 'pacs', 0xc0, 0);
    expect(readName(message, 14)).toEqual({ labels: ['pacs', 'ward', 'example'], next: 21 });
    expect(readName(hex('c000'), 0)).toBeNull();
    expect(readName(hex('c002c000'), 0)).toBeNull();
  });

  it('refuses a name longer than the protocol allows', () => {
    const label = bytes(62, 'a'.repeat(62));
    const within = bytes(label, label, label, label, 0);
    expect(within.length - 1).toBeLessThanOrEqual(MAX_NAME);
    expect(readName(within, 0)?.labels).toHaveLength(4);
    expect(readName(bytes(label, label, label, label, 4, 'aaaa', 0), 0)).toBeNull();
  });
});

describe('dns over TCP', () => {
  const framed = (message: Uint8Array) => bytes(u16(message.length), message);

  it('says the same of every segmentation', () => {
    const steps = [
      ['client', framed(query)],
      ['server', bytes(framed(answer), framed(answer))],
    ] as const;
    const whole = runStream(
      dnsStream,
      steps.map(([from, data]) => [from, data]),
    );
    expect(named(whole.sightings)).toEqual([...expected, ...expected]);
    for (let seed = 1; seed < 20; seed++) {
      const cut = runStream(
        dnsStream,
        steps.map(([from, data]) => [from, data]),
        { seed, longest: 9 },
      );
      expect(cut).toEqual(whole);
    }
  });

  it('is recognised by the head of a message longer than what recognition sees', () => {
    const large = { name: '', type: 249, data: new Uint8Array(3000) };
    const message = dnsMessage({
      flags: 0,
      questions: [{ name: 'key.example', type: 249 }],
      additionals: [large],
    });
    expect(runStream(dnsStream, [['client', framed(message)]]).recognised).toBe('yes');
  });

  it('does not take other protocols', () => {
    for (const other of [
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      'SSH-2.0-OpenSSH_9.2\r\n',
      '\x0bMSH|^~\\&|A|B|C|D|',
    ]) {
      expect(runStream(dnsStream, [['client', other]]).recognised).toBe('no');
    }
  });
});
