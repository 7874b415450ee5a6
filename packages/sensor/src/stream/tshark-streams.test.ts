import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DamagedStream, type Plan, plans } from '../testing/damaged-streams/damaged-stream.ts';
import {
  type Conversation,
  followedBySensor,
  followedByTshark,
} from '../testing/damaged-streams/followed.ts';
import { hasTshark } from '../testing/tshark.ts';

const CONNECTIONS = 400;
const FIRST_PORT = 40_000;
const nothing: Conversation = { client: '', server: '' };

/** A protocol shows itself at its beginning: a hole in front of it is told to nobody. */
function withoutLeadingHole(text: string): string {
  return text.replace(/^\[\d+ bytes missing in capture file\]\0/, '');
}

/** Where nobody acknowledges, tshark waits for what is missing; the sensor hands over the rest at the end. */
function agrees({ halfOpen }: Plan, ours: string, theirs: string): boolean {
  return ours === theirs || (halfOpen && ours.startsWith(theirs));
}

describe.skipIf(!hasTshark())('reassembly beside tshark', () => {
  test('loss, overlap, contradiction, reordering, wrap-around and half-open streams', () => {
    const sample = fc.sample(plans, { seed: 3, numRuns: CONNECTIONS });
    const streams = sample.map((plan, i) => {
      const ends = { source: '10.0.0.1', target: '10.0.0.2', sourcePort: FIRST_PORT + i, targetPort: 5000 };
      return { plan, port: FIRST_PORT + i, frames: new DamagedStream(ends, plan).frames };
    });
    const frames = streams.flatMap((stream) => stream.frames);
    const ports = streams.filter((stream) => stream.frames.length > 0).map(({ port }) => port);
    const theirs = followedByTshark(frames, ports);
    const ours = followedBySensor(frames);
    const differing = streams.flatMap(({ plan, port }) =>
      (['client', 'server'] as const).flatMap((side) => {
        const [own = '', other = ''] = [ours, theirs].map((found) =>
          withoutLeadingHole((found.get(port) ?? nothing)[side]),
        );
        return agrees(plan, own, other) ? [] : [{ plan, side, own, other }];
      }),
    );
    const compared = [...theirs.values()].reduce(
      (sum, { client, server }) => sum + client.length + server.length,
      0,
    );
    expect(differing).toEqual([]);
    console.log(
      `${theirs.size} damaged connections, ${frames.length} segments, ${compared} bytes: all equal`,
    );
    expect(theirs.size).toBeGreaterThan(CONNECTIONS / 2);
    expect(compared).toBeGreaterThan(CONNECTIONS * 100);
  }, 180_000);
});
