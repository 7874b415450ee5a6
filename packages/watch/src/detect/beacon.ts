import type { Evidence, Micros } from '@wardline/model';
import { BoundedMap } from '../engine/bounded-map.ts';
import { anyEvidence } from '../engine/likeness.ts';
import type { Detector, Scene, Seen } from '../engine/scene.ts';
import { defaultLimits, RHYTHM_STARTS } from '../limits.ts';
import { counted, keepEvidence, spanOf } from './window.ts';

interface Rhythm {
  starts: Micros[];
  /** Calls in all: a sensor may tell several that followed each other as one. */
  calls: number;
  sizes: number[];
  first: Micros;
  evidence: Evidence[];
}

/** Starts that are told apart, and calls in all, from which a rhythm can be told from chance. */
const LEAST = { starts: 6, calls: 9 };
const SHORTEST: Micros = 4_000_000;
const LONGEST: Micros = 26 * 3_600_000_000;
/** Spread (interquartile) over the median; malware shakes its rhythm by a fifth or so, people do not have one. */
const STEADY = 0.35;
/** What is sent each time, likewise: a call home says the same each time. */
const SAME_SIZE = 0.4;
/** Larger than what a call home carries. */
const LARGE = 20_000;
/** Rhythmic by design. */
const rhythmic = new Set([
  'ntp',
  'dns',
  'dhcp',
  'dhcpv6',
  'ptp',
  'snmp',
  'syslog',
  'mdns',
  'llmnr',
  'nbns',
  'ssdp',
  'wsd',
  'radius',
]);

/** Calls home: connections at an even pace to one place outside, or to a place that is new. */
export class BeaconDetector implements Detector {
  readonly name = 'beacon';
  readonly #rhythms = new BoundedMap<Rhythm>(defaultLimits.window, {
    starts: [0],
    calls: 0,
    sizes: [0],
    first: 0,
    evidence: [anyEvidence],
  });

  conversation(seen: Seen, scene: Scene): void {
    const { conversation, client, server, at } = seen;
    if (seen.toGroup || seen.clientOutside || rhythmic.has(conversation.application ?? '')) return;
    const { transport, connections } = conversation;
    if (transport === 'tcp' ? connections.opened === 0 : transport !== 'udp' && !transport.startsWith('icmp'))
      return;
    const { baselines } = scene;
    const isNew = baselines?.isNewTo(client, server) === true;
    // Inside the house most machines ask each other at an even pace: only what is new is suspicious there.
    if (!seen.serverOutside && !isNew) return;
    if (seen.serverOutside && baselines?.knowsPeer(client, server) === true) return;
    const key = `${client}|${server}|${transport}|${conversation.serverPort}`;
    const rhythm = this.#rhythms.touch(key, () => ({
      starts: [],
      calls: 0,
      sizes: [],
      first: at,
      evidence: [],
    }));
    rhythm.calls += Math.max(1, connections.opened);
    const previous = rhythm.starts.at(-1);
    // A client that is told to wait tries again at once: that is one call.
    if (previous !== undefined && at - previous < SHORTEST) return;
    rhythm.starts.push(at);
    rhythm.sizes.push(conversation.bytesFromClient / Math.max(1, connections.opened));
    if (rhythm.starts.length > RHYTHM_STARTS) rhythm.starts.shift();
    if (rhythm.sizes.length > RHYTHM_STARTS) rhythm.sizes.shift();
    keepEvidence(rhythm.evidence, conversation.evidence);
    if (rhythm.starts.length >= LEAST.starts && rhythm.calls >= LEAST.calls)
      this.#judge(seen, rhythm, isNew, scene);
  }

  #judge(seen: Seen, rhythm: Rhythm, isNew: boolean, scene: Scene): void {
    const { conversation, client, server, at } = seen;
    const gaps = rhythm.starts.slice(1).map((start, index) => start - rhythm.starts[index]!);
    const pace = quartiles(gaps);
    const size = quartiles(rhythm.sizes);
    if (pace.middle < SHORTEST || pace.middle > LONGEST || size.middle > LARGE) return;
    const uneven = (pace.upper - pace.lower) / pace.middle;
    if (uneven > STEADY || (size.upper - size.lower) / Math.max(1, size.middle) > SAME_SIZE) return;
    const steady = uneven < 0.1;
    scene.raise({
      detection: 'beaconing',
      about: `${server}|${conversation.serverPort}`,
      title: 'Calls home at an even pace',
      severity: isNew ? 'high' : 'medium',
      confidence: isNew ? 'high' : steady ? 'medium' : 'low',
      basis: isNew ? 'baseline' : 'wrong-in-itself',
      actor: client,
      targets: [server],
      service: {
        transport: conversation.transport,
        port: conversation.serverPort,
        application: conversation.application,
      },
      summary: `{actor} calls {target}${seen.serverOutside ? ', outside the house,' : ''} every ${spanOf(pace.middle)}${steady ? '' : ', give or take a little'}, with about ${Math.round(size.middle)} bytes each time: ${counted(rhythm.calls, 'call')}${isNew ? ', and never spoke with it before' : ''}.`,
      firstSeen: rhythm.first,
      lastSeen: at,
      evidence: rhythm.evidence,
      facts: { seconds: Math.round(pace.middle / 1e6), unevenness: Math.round(uneven * 100) / 100 },
    });
  }

  save(): unknown {
    return this.#rhythms.save();
  }

  accepts(state: unknown): boolean {
    return this.#rhythms.accepts(state);
  }

  load(state: unknown): void {
    this.#rhythms.load(state as [string, Rhythm][]);
  }
}

function quartiles(values: readonly number[]): { lower: number; middle: number; upper: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { lower: at(0.25), middle: at(0.5), upper: at(0.75) };
}
