import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pcap, tcpFrame } from '../testing/frames.ts';
import { hasTshark } from '../testing/tshark.ts';
import { frameTunnels, linkTunnels, packetTunnels, radioTunnels } from '../testing/tunnels.ts';

/** What tshark 4.0 does not open by itself, each with the reason. */
const unread = new Map<string, string>([
  ['vxlan of Linux', 'port 8472 is not one of its VXLAN ports'],
  ['erspan-3 of IP', 'it shows the frame type “IP” and leaves the packet as data'],
  [
    'pseudowire with control word',
    'it tells the control word by makers of network cards, which these addresses have none of',
  ],
  ['pseudowire without control word', 'the same'],
  ['capwap of 802.11', 'it expects the frame control with its bytes swapped unless told otherwise'],
]);

const ends = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: 50_000, targetPort: 2575 };

describe.skipIf(!hasTshark())('beside tshark', () => {
  test('every tunnel of these tests is one to tshark, with the same inside', () => {
    const tunnels = Object.entries({ ...frameTunnels, ...packetTunnels, ...linkTunnels, ...radioTunnels });
    const frame = tcpFrame(ends, { flags: 24, sequence: 1, payload: 'MSH' });
    const folder = mkdtempSync(join(tmpdir(), 'wardline-tunnels-'));
    try {
      const path = join(folder, 'tunnels.pcap');
      writeFileSync(path, pcap(tunnels.map(([, wrap]) => wrap(frame))));
      const fields = ['ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport'].flatMap((field) => ['-e', field]);
      const shown = ['-T', 'fields', '-E', 'occurrence=l', '-E', 'separator=|'];
      const { stdout } = spawnSync('tshark', ['-n', '-r', path, ...shown, ...fields], { encoding: 'utf8' });
      const lines = stdout.trimEnd().split('\n');
      const differing = tunnels
        .map(([name]) => name)
        .filter((_, i) => lines[i] !== '10.0.0.1|10.0.0.2|50000|2575');
      expect(differing).toEqual([...unread.keys()]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
