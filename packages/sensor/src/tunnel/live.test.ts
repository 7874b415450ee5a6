import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { conversationsOf, senseFile } from '../testing/captures.ts';

/** Two hosts with a VXLAN of the kernel's between them, captured below and above it. */
const script = `
set -e
trap 'kill $(jobs -p) 2>/dev/null' EXIT
unshare -n sleep 30 & other=$!
sleep 0.5
there() { nsenter -t $other -n "$@"; }
ip link add near0 type veth peer name far0
ip link set far0 netns $other
ip addr add 192.0.2.1/24 dev near0; ip link set near0 up
there ip addr add 192.0.2.2/24 dev far0; there ip link set far0 up
ip link add vx0 type vxlan id 5000 remote 192.0.2.2 dstport 4789 dev near0
there ip link add vx0 type vxlan id 5000 remote 192.0.2.1 dstport 4789 dev far0
ip addr add 10.9.0.1/24 dev vx0; ip link set vx0 up
there ip addr add 10.9.0.2/24 dev vx0; there ip link set vx0 up
tcpdump -i near0 -U -s 0 -Z root -w "$1/below.pcap" & below=$!
tcpdump -i vx0 -U -s 0 -Z root -w "$1/above.pcap" & above=$!
sleep 6 | nsenter -t $other -n timeout 6 busybox nc -l -p 2575 &
sleep 1.5
head -c 20000 /dev/zero | timeout 4 busybox nc 10.9.0.2 2575 || true
sleep 1
kill -INT $below $above; wait $below $above || true
`;

function canTry(): boolean {
  const needed = ['ip', 'tcpdump', 'busybox', 'unshare', 'nsenter'];
  if (process.getuid?.() !== 0) return false;
  if (needed.some((name) => spawnSync('which', [name]).status !== 0)) return false;
  return (
    spawnSync('unshare', ['-n', 'ip', 'link', 'add', 'v', 'type', 'vxlan', 'id', '5', 'dstport', '4789'])
      .status === 0
  );
}

describe.skipIf(!canTry())('a VXLAN of the kernel', () => {
  test('gives below the conversations that it gives above', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wardline-vxlan-'));
    try {
      spawnSync('unshare', ['-n', 'bash', '-c', script, 'bash', folder], { stdio: 'ignore' });
      const [below, above] = await Promise.all(
        ['below', 'above'].map(async (name) => {
          const sensed = await senseFile(join(folder, `${name}.pcap`));
          const rows = conversationsOf(sensed).filter(({ client }) => client.ip?.startsWith('10.9.0.'));
          const bare = rows.map((row) => ({ ...row, firstSeen: 0, lastSeen: 0, evidence: null }));
          return { rows: bare, sightings: sensed.batches.flatMap(({ sightings }) => sightings) };
        }),
      );
      expect(above?.rows).toHaveLength(1);
      expect(above?.rows[0]?.bytesFromClient).toBeGreaterThan(20_000);
      expect(below?.rows).toEqual(above?.rows);
      const tunnels = below?.sightings.filter(({ kind }) => kind === 'network.tunnel') ?? [];
      const facts = { tunnel: 'vxlan', identifier: 5000 };
      expect(new Map(tunnels.map((sighting) => [sighting.subject.ip, sighting.facts]))).toEqual(
        new Map([
          ['192.0.2.1', facts],
          ['192.0.2.2', facts],
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 180_000);
});
