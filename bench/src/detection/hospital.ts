import type { Conversation, Endpoint, Sighting } from '@wardline/model';
import { isOutside } from '@wardline/watch';
import { Chance } from '../chance.ts';

export const SLICE = 300_000_000;
export const HOUR = 12 * SLICE;
export const DAY = 24 * HOUR;

/** When somebody does something again: always, in the hours of care, now and then, by night. */
type Rhythm = 'steady' | 'clinical' | 'seldom' | 'nightly';

interface Habit {
  sample: Conversation;
  rhythm: Rhythm;
}

export interface Device {
  endpoint: Endpoint;
  /** Devices of one kind have the same habits; the testbed's host that they were made after. */
  kind: string;
  habits: Habit[];
  /** It is there from then on. */
  since: number;
}

/** Devices of the simulated house, of which the testbed's hosts are the first. */
const DEVICES = 120;
/** Pages outside that workstations look at. */
const PAGES = 3000;

/**
 * A hospital of the testbed's shape over weeks: each host of its recorded normal work with what it did there, and others of its kind, in
 * the rhythm of a house, with what happens in a month without anybody doing wrong: devices that are new, off, busier than ever or used
 * otherwise than before, a monthly patch day, a supplier who looks in. Repeatable by its seed.
 */
export class SimulatedHospital {
  readonly devices: Device[] = [];
  readonly #chance: Chance;
  readonly #start: number;
  readonly #facts: readonly Sighting[];
  readonly #off = new Map<Device, { from: number; until: number }>();

  constructor(
    conversations: readonly Conversation[],
    sightings: readonly Sighting[],
    start: number,
    seed: number,
  ) {
    this.#chance = new Chance(seed);
    this.#start = start;
    this.#facts = sightings;
    const hosts = this.#hosts(conversations);
    for (let made = 0; this.devices.length < DEVICES; made += 1)
      this.#clone(hosts[made % hosts.length]!, start);
  }

  /** By address; the kind of a device as the inventory would name it. */
  kindOf(ip: string): string | null {
    return this.devices.find(({ endpoint }) => endpoint.ip === ip)?.kind ?? null;
  }

  /** What is seen in one slice of time. */
  slice(at: number): { conversations: Conversation[]; sightings: Sighting[] } {
    if ((at - this.#start) % DAY === 0) this.#newDay(at);
    const conversations = this.devices.flatMap((device) =>
      this.#isThere(device, at) ? this.#doings(device, at) : [],
    );
    return { conversations: [...conversations, ...this.#events(at)], sightings: this.#said(at) };
  }

  #hosts(conversations: readonly Conversation[]): Device[] {
    const found = new Map<string, Device>();
    for (const one of conversations) {
      const { client, server } = one;
      for (const endpoint of [client, server]) {
        if (endpoint.ip === null || isOutside(endpoint.ip) || /^(22[4-9]|23\d|255|0)\./.test(endpoint.ip))
          continue;
        if (!found.has(endpoint.ip)) {
          const device = { endpoint, kind: `kind-${endpoint.ip}`, habits: [], since: this.#start };
          found.set(endpoint.ip, device);
          this.devices.push(device);
        }
      }
      const habits = found.get(client.ip ?? '')?.habits;
      const isKnown = habits?.some(
        ({ sample }) => sample.server.ip === server.ip && sample.serverPort === one.serverPort,
      );
      if (habits !== undefined && isKnown === false && one.packetsFromServer > 0)
        habits.push({ sample: one, rhythm: this.#rhythm() });
    }
    return [...found.values()].filter(({ habits }) => habits.length > 0);
  }

  #rhythm(): Rhythm {
    const rhythms = [
      'steady',
      'steady',
      'clinical',
      'clinical',
      'clinical',
      'clinical',
      'seldom',
      'seldom',
      'nightly',
    ] as const;
    return rhythms[this.#chance.below(rhythms.length)]!;
  }

  #clone({ kind, habits }: Device, since: number): Device {
    const n = this.devices.length + 1;
    const mac = `02:66:77:00:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 255).toString(16).padStart(2, '0')}`;
    const endpoint = { mac, ip: `10.66.${1 + (n >> 7)}.${1 + (n & 127)}`, vlan: null };
    const device = { endpoint, kind, habits, since };
    this.devices.push(device);
    return device;
  }

  #isThere(device: Device, at: number): boolean {
    const off = this.#off.get(device);
    return at >= device.since && (off === undefined || at < off.from || at >= off.until);
  }

  /** Each day some devices are switched off for hours: empty beds, theatres that rest. */
  #newDay(at: number): void {
    this.#off.clear();
    for (const device of this.devices)
      if (this.#chance.below(100) < 3) {
        const from = at + this.#chance.below(20) * HOUR;
        this.#off.set(device, { from, until: from + (2 + this.#chance.below(10)) * HOUR });
      }
  }

  #doings({ endpoint, habits }: Device, at: number): Conversation[] {
    const found: Conversation[] = [];
    for (const { sample, rhythm } of habits)
      if (this.#isTime(rhythm, at)) found.push(this.#again(sample, endpoint, sample.server, at));
    if (isCare(at) && this.#chance.oneIn(40)) found.push(this.#page(endpoint, at));
    return found;
  }

  #isTime(rhythm: Rhythm, at: number): boolean {
    if (rhythm === 'steady') return true;
    if (rhythm === 'seldom') return this.#chance.oneIn(48);
    if (rhythm === 'nightly') return (at % DAY) - 2 * HOUR >= 0 && (at % DAY) - 2 * HOUR < 2 * SLICE;
    return this.#chance.oneIn(isCare(at) ? 4 : 30);
  }

  /** The same as it was recorded, more or less. */
  #again(sample: Conversation, client: Endpoint, server: Endpoint, at: number, times = 1): Conversation {
    const firstSeen = at + this.#chance.below(SLICE - 20_000_000);
    const share = ((50 + this.#chance.below(100)) / 100) * times;
    return {
      ...sample,
      client,
      server,
      slice: at,
      firstSeen,
      lastSeen: firstSeen + 10_000_000,
      bytesFromClient: Math.round(sample.bytesFromClient * share),
      bytesFromServer: Math.round(sample.bytesFromServer * share),
      evidence: { capture: 'simulated', packet: 1 },
    };
  }

  #page(client: Endpoint, at: number): Conversation {
    // Few pages are looked at often, many seldom.
    const n = Math.floor(this.#chance.below(PAGES) * (this.#chance.below(1000) / 1000));
    const server = { mac: '02:66:00:00:00:01', ip: `198.18.${n >> 8}.${n & 255}`, vlan: null };
    return this.#plain(client, server, 443, 3000, 60_000, at);
  }

  #plain(
    client: Endpoint,
    server: Endpoint,
    serverPort: number,
    sent: number,
    received: number,
    at: number,
  ): Conversation {
    const sample: Conversation = {
      client,
      server,
      serverPort,
      transport: 'tcp',
      application: null,
      protection: 'unknown',
      basis: 'syn',
      slice: at,
      firstSeen: at,
      lastSeen: at,
      packetsFromClient: 20,
      packetsFromServer: 40,
      bytesFromClient: sent,
      bytesFromServer: received,
      connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
      facts: {},
      evidence: { capture: 'simulated', packet: 1 },
    };
    return this.#again(sample, client, server, at);
  }

  /** What happens without anybody doing wrong. */
  #events(at: number): Conversation[] {
    const [day, within] = [Math.floor((at - this.#start) / DAY), (at - this.#start) % DAY];
    const any = () => this.devices[this.#chance.below(this.devices.length)]!;
    const found: Conversation[] = [];
    // A device that is new each week, of a kind that is known.
    if (day % 7 === 3 && within === 10 * HOUR)
      this.#clone(this.devices.find(({ habits }) => habits.length > 0)!, at);
    // Somebody uses what only others used so far: another printer, another archive.
    if (within === 11 * HOUR || within === 15 * HOUR) {
      const habit = any().habits[0];
      if (habit !== undefined) found.push(this.#again(habit.sample, any().endpoint, habit.sample.server, at));
    }
    // One busy day of one device.
    if (within === 14 * HOUR) {
      const device = any();
      const habit = device.habits[0];
      if (habit !== undefined)
        found.push(this.#again(habit.sample, device.endpoint, habit.sample.server, at, 8));
    }
    // Patch day once a month, from the same server, and a supplier who looks in.
    const [server, target] = [this.devices[0]!, this.devices[2]!];
    if (day % 21 === 7 && within === 3 * HOUR)
      for (const { endpoint } of this.devices.slice(0, 40))
        found.push(this.#plain(server.endpoint, endpoint, 445, 400_000, 20_000, at));
    if (day % 14 === 5 && within === 13 * HOUR)
      found.push(this.#plain(this.devices[1]!.endpoint, target.endpoint, 22, 40_000, 90_000, at));
    return found;
  }

  /** What the hosts of the testbed said of themselves, each day again. */
  #said(at: number): Sighting[] {
    if ((at - this.#start) % DAY !== 9 * HOUR) return [];
    return this.#facts.map((one) => ({
      ...one,
      firstSeen: at,
      lastSeen: at,
      evidence: { capture: 'simulated', packet: 1 },
    }));
  }
}

/** Monday to Friday from seven to seven, and less at other times. */
function isCare(at: number): boolean {
  const weekday = (Math.floor(at / DAY) + 3) % 7;
  const hour = Math.floor((at % DAY) / HOUR);
  return weekday < 5 && hour >= 7 && hour < 19;
}
