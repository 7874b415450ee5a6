import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../capture/read-capture.ts';
import { defaultLimits } from '../limits.ts';
import { IPV4, IPV6 } from '../link/ether-types.ts';
import { LinkReader } from '../link/link.ts';
import { NetworkReader } from '../network/network.ts';
import { Packet } from '../network/packet.ts';
import { readTransport } from '../network/transport.ts';
import { Tally } from '../report/tally.ts';
import { hasSharedCaptures, sharedCaptures, sharedPath } from '../testing/captures.ts';
import { ethernet, ipv4, pcap, udp } from '../testing/frames.ts';
import { hasTshark } from '../testing/tshark.ts';
import { Fragments } from './fragments.ts';

/** Captures whose datagrams tshark puts together otherwise, each with the reason. */
const explained = new Map<string, string>([]);

interface Found {
  fragments: number;
  datagrams: string[];
}

/** Whole datagrams by the sensor's own readers, as hexadecimal digits. */
async function datagramsOf(path: string): Promise<Found> {
  const found: Found = { fragments: 0, datagrams: [] };
  const link = new LinkReader();
  const network = new NetworkReader();
  const fragments = new Fragments(defaultLimits, new Tally());
  const packet = new Packet();
  const reading = readCapture(createReadStream(path), path, (type, buffer, start, end, _length, time) => {
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    const at = link.read(type, view, start, end, packet);
    if (at < 0 || (packet.etherType !== IPV4 && packet.etherType !== IPV6)) return false;
    const isV4 = packet.etherType === IPV4;
    const read = isV4 ? network.readIpv4(view, at, end, packet) : network.readIpv6(view, at, end, packet);
    if (read < 0 || (packet.fragmentOffset === 0 && !packet.moreFragments)) return false;
    readTransport(view, packet);
    found.fragments += 1;
    const whole = fragments.take(packet, buffer, time);
    if (whole) found.datagrams.push(Buffer.from(whole).toString('hex'));
    return false;
  });
  for await (const _ of reading);
  return found;
}

function datagramsByTshark(path: string): string[] {
  const fields = ['ip.reassembled.data', 'ipv6.reassembled.data'].flatMap((field) => ['-e', field]);
  const preferences = ['ip.defragment:TRUE', 'ipv6.defragment:TRUE'].flatMap((one) => ['-o', one]);
  const filter = 'ip.reassembled.length or ipv6.reassembled.length';
  const args = [
    '-n',
    '-r',
    path,
    ...preferences,
    '-Y',
    filter,
    '-T',
    'fields',
    '-E',
    'separator=|',
    ...fields,
  ];
  const { stdout } = spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout.split('\n').flatMap((line) => line.split('|').filter((value) => value !== ''));
}

const ends = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 9 };

/** Datagrams of any length in fragments of any size, mixed with each other, in any order, some of them twice. */
function mixed(): Uint8Array[] {
  const frames: [place: number, frame: Uint8Array][] = [];
  const chance = fc.sample(fc.nat(1 << 20), { seed: 5, numRuns: 40_000 });
  let drawn = 0;
  const next = (below: number) => chance[drawn++ % chance.length]! % below;
  for (let id = 1; id <= 300; id++) {
    const data = udp(
      ends,
      Uint8Array.from({ length: 40 + next(3000) }, () => next(256)),
    );
    const size = 8 * (2 + next(120));
    for (let offset = 0; offset < data.length; offset += size) {
      const more = offset + size < data.length;
      const fields = { protocol: 17, id, fragmentOffset: offset, moreFragments: more };
      const frame = ethernet(0x0800, ipv4(ends, fields, data.subarray(offset, offset + size)));
      for (let times = next(8) === 0 ? 2 : 1; times > 0; times--) frames.push([id * 20 + next(400), frame]);
    }
  }
  return frames.sort(([a], [b]) => a - b).map(([, frame]) => frame);
}

describe.skipIf(!hasSharedCaptures || !hasTshark())('reassembly beside tshark', () => {
  test('makes the same datagrams of every shared capture with fragments', async () => {
    const differing: Record<string, unknown> = {};
    const sums = { captures: 0, fragments: 0, datagrams: 0 };
    for (const name of sharedCaptures()) {
      const found = await datagramsOf(sharedPath(name));
      if (found.fragments === 0) continue;
      const theirs = datagramsByTshark(sharedPath(name));
      sums.captures += 1;
      sums.fragments += found.fragments;
      sums.datagrams += found.datagrams.length;
      const same = JSON.stringify(found.datagrams) === JSON.stringify(theirs);
      if (!same)
        differing[name] = [found.datagrams, theirs].map((all) =>
          all.map((one) => `${one.length / 2} ${one.slice(0, 40)}`),
        );
    }
    console.log(`${sums.captures} captures, ${sums.fragments} fragments, ${sums.datagrams} datagrams`);
    for (const name of explained.keys()) {
      expect(differing).toHaveProperty([name]);
      delete differing[name];
    }
    expect(differing).toEqual({});
  }, 300_000);

  test('makes the same datagrams of fragments in any order, mixed and repeated', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wardline-fragments-'));
    try {
      const path = join(folder, 'mixed.pcap');
      const file = pcap(mixed());
      // All within two seconds, so that none is late.
      const view = new DataView(file.buffer);
      for (let at = 24; at < file.length; at += 16 + view.getUint32(at + 8, true))
        view.setUint32(at, 1000, true);
      writeFileSync(path, file);
      const { datagrams } = await datagramsOf(path);
      const theirs = datagramsByTshark(path);
      expect(datagrams.length).toBeGreaterThan(200);
      // tshark tells of a datagram again where a fragment of it comes again.
      expect([...new Set(datagrams)].sort()).toEqual([...new Set(theirs)].sort());
      expect(new Set(datagrams).size).toBe(datagrams.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 180_000);
});
