import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetList } from '../api/types.ts';
import type { UsageClasses } from '../api/usage.ts';
import type { Stage } from './stage.ts';

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const WEEKS = 4;

type Asset = AssetList['items'][number];

function conversation(from: Asset, to: Asset, at: number, works: boolean) {
  const endpoint = ({ macs, ips, vlans }: Asset) => ({
    mac: macs[0] ?? null,
    ip: ips[0] ?? null,
    vlan: vlans[0] ?? null,
  });
  return {
    client: endpoint(from),
    server: endpoint(to),
    serverPort: works ? 2575 : 123,
    transport: works ? 'tcp' : 'udp',
    application: works ? 'hl7' : 'ntp',
    protection: 'clear',
    basis: works ? 'syn' : 'port',
    slice: Math.floor(at / (5 * MINUTE)) * 5 * MINUTE,
    firstSeen: at,
    lastSeen: at + 9 * MINUTE,
    packetsFromClient: 9,
    packetsFromServer: 9,
    bytesFromClient: 900,
    bytesFromServer: 900,
    connections: { opened: 0, established: 0, refused: 0, unanswered: 0, closed: 0, reset: 0 },
    facts: {},
    evidence: { capture: 'weeks.pcap', packet: 1 },
  };
}

/** Four weeks of a device of the sample hospital that works by day, and by night now and then. Resolves to its class. */
export async function addUsage(stage: Stage): Promise<{ asset: string; class: string }> {
  const { items } = await stage.ask<AssetList>('/assets?limit=200');
  const device = items.find((one) => one.class !== null && one.group !== 'other' && one.ips.length > 0)!;
  const peer = items.find((one) => one.id !== device.id && one.ips.length > 0)!;
  const end = Math.floor((Date.parse(device.lastSeen) * 1000) / HOUR) * HOUR;
  const conversations = Array.from({ length: WEEKS * 168 * 6 }, (_, at) => {
    const hour = Math.floor(at / 6);
    const works = hour % 24 >= 7 && hour % 24 < 19 && hour % 11 !== 0;
    return conversation(device, peer, end - WEEKS * 168 * HOUR + at * 10 * MINUTE, works);
  });
  const token = (await readFile(join(stage.server.dataDir, 'cli-token'), 'utf8')).trim();
  const answer = await fetch(new URL('/api/v1/intake/batches', stage.server.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      sensor: 'ward',
      stream: 'weeks',
      number: 1,
      last: false,
      conversations,
      sightings: [],
      statistics: { packets: 0, bytes: 0, dropped: {}, evicted: {} },
    }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  for (;;) {
    const classes = await stage.ask<UsageClasses>('/usage/classes');
    const found = classes.items.find((one) => one.class === device.class);
    if (found !== undefined && found.hours['in-use'] > 100) return { asset: device.id, class: found.class };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
