import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKnowledge } from '@wardline/knowledge';
import { storySchema } from '@wardline/model';
import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import { readAccessPoints } from './access-points.ts';
import { detect } from './detect.ts';

const IEEE_802_11 = 105;
const START = Date.UTC(2026, 10, 26, 12) / 1000;
const BROADCAST = 'ffffffffffff';
const OURS = '001122334401';
const THEIRS = '001122334466';
const PUMP = '0009fb000001';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const named = (ssid: string) =>
  `00 ${Buffer.from([ssid.length]).toString('hex')} ${Buffer.from(ssid).toString('hex')}`;
const frame = (control: string, to: string, from: string, bssid: string, body: string) =>
  hex(`${control} 0000 ${to} ${from} ${bssid} 0000 ${body}`);
/** Timestamp, interval, capabilities; the RSN element says WPA2 with 802.1X. */
const beacon = (bssid: string, ssid: string, isOpen: boolean) =>
  frame(
    '8000',
    BROADCAST,
    bssid,
    bssid,
    `0000000000000000 6400 ${isOpen ? '0100' : '1100'} ${named(ssid)} 030106 ${isOpen ? '' : '3014 0100 000fac04 0100 000fac04 0100 000fac01 0000'}`,
  );
const association = (from: string, bssid: string, ssid: string) =>
  frame('0000', bssid, from, bssid, `1100 0a00 ${named(ssid)}`);
const farewell = (to: string, bssid: string) => frame('c000', to, bssid, bssid, '0700');

function pcap(frames: readonly Buffer[], everyMicros: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(IEEE_802_11, 20);
  const records = frames.flatMap((data, at) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(START + Math.floor((at * everyMicros) / 1e6), 0);
    record.writeUInt32LE((at * everyMicros) % 1e6, 4);
    record.writeUInt32LE(data.length, 8);
    record.writeUInt32LE(data.length, 12);
    return [record, data];
  });
  return Buffer.concat([header, ...records]);
}

const folder = mkdtempSync(join(tmpdir(), 'wardline-air-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function storiesIn(frames: readonly Buffer[], everyMicros = 10_000) {
  const path = join(folder, 'air.pcap');
  writeFileSync(path, pcap(frames, everyMicros));
  const report = await detect({
    captures: [{ path, name: 'air.pcap', bytes: null }],
    learn: [],
    knowledge: loadKnowledge(),
    key: new Uint8Array(32),
    accessPoints: [{ ssid: 'ward', bssid: '00:11:22:33:44:01' }],
  });
  for (const story of report.stories) expect(storySchema.parse(story)).toEqual(story);
  return report.stories;
}

const many = (count: number, one: Buffer) => Array.from({ length: count }, () => one);

describe('frames of the air', () => {
  it('tell of a false access point and of devices that are thrown off to it, with the packets', async () => {
    const stories = await storiesIn([
      beacon(OURS, 'ward', false),
      association(PUMP, OURS, 'ward'),
      ...many(128, farewell(PUMP, OURS)),
      beacon(THEIRS, 'ward', true),
      association(PUMP, THEIRS, 'ward'),
    ]);
    const alerts = stories.flatMap((story) => story.alerts);
    const flood = alerts.find(({ detection }) => detection === 'deauthentication-flood')!;
    expect(flood.targets.map(({ mac }) => mac)).toEqual(['00:09:fb:00:00:01']);
    expect(flood.harms).toContain('patient');
    expect(flood.meaning).toContain('central station');
    const twin = alerts.find(({ detection }) => detection === 'rogue-access-point')!;
    expect(twin).toMatchObject({ severity: 'high', confidence: 'high' });
    expect(twin.actor?.mac).toBe('00:11:22:33:44:66');
    expect(twin.targets.map(({ mac }) => mac)).toEqual(['00:09:fb:00:00:01']);
    expect(twin.evidence[0]).toEqual({ capture: 'air.pcap', packet: 131 });
  });

  it('tell nothing of an access point that does its work', async () => {
    const frames = [
      ...many(500, beacon(OURS, 'ward', false)),
      association(PUMP, OURS, 'ward'),
      ...many(30, farewell(BROADCAST, OURS)),
      ...many(100, beacon(THEIRS, 'cafe', true)),
    ];
    expect(await storiesIn(frames)).toEqual([]);
  });

  it('of an hour with a farewell every half minute are no flood', async () => {
    expect(await storiesIn(many(120, farewell(PUMP, OURS)), 30_000_000)).toEqual([]);
  });
});

describe('the list of access points', () => {
  it('is one a line, with names as they are', () => {
    const text = '# kept by networking\r\n00:1A:2B:3C:4D:5E ward, 3rd floor\n\n00:1a:2b:3c:4d:* guests\n';
    expect(readAccessPoints(text)).toEqual({
      list: [
        { bssid: '00:1a:2b:3c:4d:5e', ssid: 'ward, 3rd floor' },
        { bssid: '00:1a:2b:3c:4d:*', ssid: 'guests' },
      ],
    });
  });

  test.each([
    ['ward 00:1a:2b:3c:4d:5e', 'line 1: expected a hardware address'],
    ['# x\n00:1a:2b:3c:4d:5e', 'line 2: expected a network’s name'],
    [`00:1a:2b:3c:4d:5e ${'x'.repeat(33)}`, 'of 1 to 32 bytes'],
    ['* ward', 'expected a hardware address'],
    ['\n'.repeat(50_000), 'more than 50000 lines'],
  ])('%j is told with its line', (text, fault) => {
    expect(readAccessPoints(text)).toEqual({ fault: expect.stringContaining(fault) });
  });

  it('takes any text for a list or tells what is wrong', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = readAccessPoints(text);
        expect('fault' in read || read.list.every(({ ssid }) => ssid !== '')).toBe(true);
      }),
    );
  });
});
