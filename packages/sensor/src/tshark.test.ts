import type { Conversation } from '@wardline/model';
import { describe, expect, test } from 'vitest';
import {
  conversationsOf,
  hasSharedCaptures,
  senseFile,
  sharedCaptures,
  sharedPath,
} from './testing/captures.ts';
import { type Flow, flowsByTshark, hasTshark, packetCounts } from './testing/tshark.ts';
import { explainedDifferences, unreadByTshark } from './testing/tshark-differences.ts';

const FILES_PER_RUN = 200;

interface Sum {
  packets: number;
  bytes: number;
  tunnelled?: boolean;
}

function rowKey(transport: string, client: string, server: string, port: number | null): string {
  return `${transport} ${client} > ${server}:${port}`;
}

function rowsOf(conversations: readonly Conversation[]): Map<string, Sum> {
  const rows = new Map<string, Sum>();
  for (const c of conversations) {
    const key = rowKey(c.transport, c.client.ip ?? '', c.server.ip ?? '', c.serverPort);
    const row = rows.get(key) ?? { packets: 0, bytes: 0 };
    row.packets += c.packetsFromClient + c.packetsFromServer;
    row.bytes += c.bytesFromClient + c.bytesFromServer;
    rows.set(key, row);
  }
  return rows;
}

/**
 * tshark does not say which side is the server, so a flow may belong to either of two rows. Where both exist, the rows
 * are compared together.
 */
function differences(rows: ReadonlyMap<string, Sum>, flows: readonly Flow[]): string[] {
  const groups = new Map<string, string>([...rows.keys()].map((key) => [key, key]));
  const root = (key: string): string => {
    const parent = groups.get(key) ?? key;
    return parent === key ? key : root(parent);
  };
  const wanted = new Map<string, Sum>();
  const placed = flows.map((flow) => {
    const candidates = [
      rowKey(flow.transport, flow.a, flow.b, flow.portB),
      rowKey(flow.transport, flow.b, flow.a, flow.portA),
    ].filter((key) => rows.has(key));
    if (candidates.length === 2) groups.set(root(candidates[0]!), root(candidates[1]!));
    return { flow, key: candidates[0] ?? `absent: ${rowKey(flow.transport, flow.a, flow.b, flow.portB)}` };
  });
  for (const { flow, key } of placed) addTo(wanted, root(key), flow);
  const found = new Map<string, Sum>();
  for (const [key, sum] of rows) addTo(found, root(key), sum);
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((key) => {
    const [ours, theirs] = [found.get(key), wanted.get(key)];
    const sameBytes = ours?.bytes === theirs?.bytes || theirs?.tunnelled === true;
    if (ours?.packets === theirs?.packets && sameBytes) return [];
    const text = (sum: Sum | undefined) => (sum ? `${sum.packets} packets, ${sum.bytes} bytes` : 'nothing');
    return [`${key}: ${text(ours)}, tshark ${text(theirs)}`];
  });
}

function addTo(sums: Map<string, Sum>, key: string, sum: Sum): void {
  const all = sums.get(key) ?? { packets: 0, bytes: 0 };
  const tunnelled = all.tunnelled === true || sum.tunnelled === true;
  sums.set(key, { packets: all.packets + sum.packets, bytes: all.bytes + sum.bytes, tunnelled });
}

describe.skipIf(!hasSharedCaptures || !hasTshark())('beside tshark', () => {
  test('counts packets and bytes of each conversation as tshark does, on every shared capture', async () => {
    const names = sharedCaptures();
    const counts = packetCounts(names.map(sharedPath));
    const readable = names.filter((name) => counts.has(sharedPath(name)));
    const differing = new Map<string, string[]>();
    let compared = 0;
    let packets = 0;
    for (let at = 0; at < readable.length; at += FILES_PER_RUN) {
      const part = readable.slice(at, at + FILES_PER_RUN);
      const flows = flowsByTshark(part.map(sharedPath), counts);
      for (const name of part) {
        const theirs = flows.get(sharedPath(name)) ?? [];
        const sensed = await senseFile(sharedPath(name));
        const found = differences(rowsOf(conversationsOf(sensed)), theirs);
        if (sensed.summary.packets !== counts.get(sharedPath(name))) found.push('another number of packets');
        if (found.length > 0) differing.set(name, found);
        compared += theirs.length;
        packets += sensed.summary.packets;
      }
    }
    console.log(
      `${readable.length} captures, ${packets} packets, ${compared} flows: ` +
        `${readable.length - differing.size} captures equal, ${differing.size} differ as explained`,
    );
    const unexplained = [...differing].filter(([name]) => !explainedDifferences.has(name));
    expect(Object.fromEntries(unexplained)).toEqual({});
    expect([...explainedDifferences.keys()].filter((name) => !differing.has(name))).toEqual([]);
    expect(names.filter((name) => !counts.has(sharedPath(name)))).toEqual([...unreadByTshark.keys()].sort());
  }, 300_000);
});
