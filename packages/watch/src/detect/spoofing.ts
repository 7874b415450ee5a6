import type { Evidence, Facts, Micros } from '@wardline/model';
import { isVirtualRouter } from '../engine/address.ts';
import { BoundedMap } from '../engine/bounded-map.ts';
import { acceptParts, anyEvidence } from '../engine/likeness.ts';
import type { Detector, Scene, Told } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import { keepEvidence } from './window.ts';

/** One hardware address that claims an IP address. */
interface Claim {
  mac: string;
  first: Micros;
  last: Micros;
  /** Answers and announcements: what a forger sends. */
  stated: number;
  /** Times that it claimed again after another had. */
  returned: number;
  evidence: Evidence[];
}

interface Address {
  claims: Claim[];
  latest: string;
}

/** A claim older than this does not contradict: the address was given to somebody else meanwhile. */
const CURRENT: Micros = 15 * 60_000_000;
const CLAIMANTS_KEPT = 4;

/**
 * Two hardware addresses that hold one IP address at the same time: one of them reads, or ends, what is sent to the other.
 * A lease that passes on is no conflict: the former holder does not come back.
 */
export class SpoofingDetector implements Detector {
  readonly name = 'spoofing';
  readonly #addresses = new BoundedMap<Address>(defaultLimits.window, {
    claims: [{ mac: '', first: 0, last: 0, stated: 0, returned: 0, evidence: [anyEvidence] }],
    latest: '',
  });
  /** IP addresses that a hardware address took from others, by it. */
  readonly #taken = new BoundedMap<string[]>(1024, []);

  sighting({ sighting, at }: Told, scene: Scene): void {
    const { kind, subject, evidence } = sighting;
    const isNdp = kind === 'ndp.binding';
    if (!isNdp && kind !== 'arp.binding' && kind !== 'address.seen') return;
    const { mac, ip, vlan } = subject;
    if (mac === null || ip === null || isVirtualRouter(mac)) return;
    const key = `${ip}|${vlan}`;
    // Frames of other networks come with their router's address: only who claims on this link is held against it.
    const known = this.#addresses.get(key);
    if (kind === 'address.seen' && known === undefined) return;
    const { operation } = sighting.facts as Partial<Facts['arp.binding']>;
    const states =
      operation === 'reply' || operation === 'announcement' || (isNdp && operation !== undefined);
    const address = known ?? this.#addresses.touch(key, () => ({ claims: [], latest: mac }));
    const claim = claimOf(address, mac, at, evidence);
    if (states) claim.stated += sighting.count;
    if (address.latest !== mac) {
      claim.returned += 1;
      address.latest = mac;
    }
    claim.last = Math.max(claim.last, sighting.lastSeen, at);
    this.#judge(ip, vlan, address, isNdp || ip.includes(':'), scene);
  }

  #judge(ip: string, vlan: number | null, address: Address, isNdp: boolean, scene: Scene): void {
    const current = address.claims.filter(({ last }) => scene.now - last < CURRENT);
    if (current.length < 2) return;
    const owner = current.reduce((a, b) => (b.first < a.first ? b : a));
    for (const forger of current) {
      if (forger === owner || forger.stated === 0) continue;
      const taken = this.#taken.touch(forger.mac, () => []);
      if (!taken.includes(ip) && taken.length < 64) taken.push(ip);
      // Both hold it, turn by turn; or one address holds several of others'.
      const turns = owner.returned + forger.returned;
      const contested = owner.last > forger.first && (turns >= 3 || forger.stated >= 3);
      if (!contested && taken.length < 2) continue;
      this.#raise(ip, vlan, owner, forger, taken, isNdp, scene);
    }
  }

  #raise(
    ip: string,
    vlan: number | null,
    owner: Claim,
    forger: Claim,
    taken: string[],
    isNdp: boolean,
    scene: Scene,
  ): void {
    const several = taken.length > 1;
    scene.raise({
      detection: isNdp ? 'neighbour-spoofing' : 'arp-spoofing',
      about: `${vlan}`,
      title: isNdp ? 'Forged neighbour advertisements' : 'Forged ARP answers',
      severity: 'high',
      confidence: several || forger.stated >= 5 ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: forger.mac,
      targets: taken,
      summary: `{actor} says that ${several ? `${taken.length} addresses of others, among them ${ip},` : ip} ${several ? 'are' : 'is'} its own, while ${owner.mac} holds ${ip}: what is meant for {target} goes through its hands.`,
      firstSeen: forger.first,
      lastSeen: forger.last,
      evidence: [...owner.evidence.slice(0, 2), ...forger.evidence],
      facts: { mac: forger.mac, owner: owner.mac, claims: forger.stated },
    });
  }

  save(): unknown {
    return { addresses: this.#addresses.save(), taken: this.#taken.save() };
  }

  accepts(state: unknown): boolean {
    return acceptParts(state, { addresses: this.#addresses, taken: this.#taken });
  }

  load(state: unknown): void {
    const { addresses, taken } = state as { addresses: [string, Address][]; taken: [string, string[]][] };
    this.#addresses.load(addresses);
    this.#taken.load(taken);
  }
}

function claimOf(address: Address, mac: string, at: Micros, evidence: Evidence): Claim {
  let claim = address.claims.find((item) => item.mac === mac);
  if (claim === undefined) {
    claim = { mac, first: at, last: at, stated: 0, returned: 0, evidence: [] };
    address.claims.push(claim);
    if (address.claims.length > CLAIMANTS_KEPT) {
      const stalest = address.claims.reduce((a, b) => (b.last < a.last ? b : a));
      address.claims.splice(address.claims.indexOf(stalest), 1);
    }
  }
  keepEvidence(claim.evidence, evidence);
  return claim;
}
