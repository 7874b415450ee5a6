import type { Facts, Micros } from '@wardline/model';
import { BoundedMap } from '../engine/bounded-map.ts';
import type { Detector, Draft, Scene, Told } from '../engine/scene.ts';

interface Offer {
  device: string;
  /** What it hands out, as one text to compare. */
  offers: string;
  first: Micros;
}

/** Links that are told apart, and servers of each: a campus has some hundred. */
const LINKS = 4096;
const OFFERS = 16;

/**
 * Who tells others their address, router and name servers. Two that say the same are a pair; two that differ on one link are one
 * too many. Where learning has ended, a new one is so by itself.
 */
export class ServerDetector implements Detector {
  readonly name = 'servers';
  readonly #links = new BoundedMap<Offer[]>(LINKS, [{ device: '', offers: '', first: 0 }]);

  sighting(told: Told, scene: Scene): void {
    const { sighting } = told;
    const { vlan } = sighting.subject;
    if (sighting.kind === 'dhcp.server') {
      const { routers = [], dnsServers = [], domain = '' } = sighting.facts as Facts['dhcp.server'];
      // An answer to a mere question of settings names nothing.
      if (routers.length + dnsServers.length === 0) return;
      this.#offer(
        'rogue-dhcp',
        `dhcp|${vlan}`,
        told,
        [...routers, '', ...dnsServers, domain].join(' '),
        scene,
      );
    }
    if (sighting.kind === 'ndp.router') {
      const { lifetimeSeconds, prefixes = [], dnsServers = [] } = sighting.facts as Facts['ndp.router'];
      const offers = `${lifetimeSeconds > 0} ${prefixes.join(' ')} ${dnsServers.join(' ')}`;
      if (lifetimeSeconds > 0 || dnsServers.length > 0)
        this.#offer('rogue-router', `ra|${vlan}`, told, offers, scene);
    }
    if (sighting.kind === 'stp.bridge') this.#root(told, scene);
    if (sighting.kind === 'dns.server') this.#names(told, scene);
  }

  #offer(
    detection: 'rogue-dhcp' | 'rogue-router',
    link: string,
    told: Told,
    offers: string,
    scene: Scene,
  ): void {
    const device = told.sighting.subject.mac ?? told.subject;
    const known = this.#links.touch(link, () => []);
    const first = known[0];
    const mine = known.find((offer) => offer.device === device);
    if (mine === undefined && known.length < OFFERS) known.push({ device, offers, first: told.at });
    if (first === undefined || first.device === device) return;
    const learnt = scene.baselines?.knowsCommand(told.subject, detection) ?? false;
    if (first.offers === offers || learnt) return;
    scene.raise(rogue(detection, told, first, offers, scene.baselines !== null));
  }

  /** Whoever becomes the root of the spanning tree has all that crosses the network pass by. */
  #root(told: Told, scene: Scene): void {
    const { isRoot, rootMac, rootPriority } = told.sighting.facts as Facts['stp.bridge'];
    if (!isRoot) return;
    const link = `stp|${told.sighting.subject.vlan}`;
    const known = this.#links.touch(link, () => []);
    const first = known[0];
    const offers = `${rootPriority} ${rootMac}`;
    if (!known.some((offer) => offer.offers === offers) && known.length < OFFERS)
      known.push({ device: rootMac, offers, first: told.at });
    if (first === undefined || first.device === rootMac || rootPriority > Number(first.offers.split(' ')[0]))
      return;
    scene.raise({
      ...plainDraft(told),
      detection: 'rogue-router',
      about: link,
      title: 'A new root of the spanning tree',
      summary: `{actor} made itself the root of the spanning tree (priority ${rootPriority}), which ${first.device} was: what crosses the network passes by it.`,
    });
  }

  /** Only what was learnt tells a new name server from one that was not asked before. */
  #names(told: Told, scene: Scene): void {
    const { baselines } = scene;
    if (baselines === null || baselines.knowsCommand(told.subject, 'dns.server')) return;
    const local = told.sighting.subject.ip?.includes(':') === true ? null : told.sighting.service;
    if (local?.port !== 53) return;
    scene.raise({
      ...plainDraft(told),
      detection: 'rogue-dns',
      title: 'A name server that is new',
      severity: 'medium',
      confidence: 'medium',
      basis: 'baseline',
      summary:
        '{actor} answers questions for names, which it never did while normal traffic was learnt: whoever asks it goes where it says.',
    });
  }

  save(): unknown {
    return this.#links.save();
  }

  accepts(state: unknown): boolean {
    return this.#links.accepts(state);
  }

  load(state: unknown): void {
    this.#links.load(state as [string, Offer[]][]);
  }
}

function plainDraft({ sighting, subject, at }: Told): Draft {
  return {
    detection: 'rogue-router',
    title: '',
    severity: 'high',
    confidence: 'medium',
    basis: 'wrong-in-itself',
    actor: subject,
    targets: [],
    service: null,
    summary: '',
    firstSeen: at,
    lastSeen: sighting.lastSeen,
    evidence: [sighting.evidence],
  };
}

function rogue(
  detection: 'rogue-dhcp' | 'rogue-router',
  told: Told,
  first: Offer,
  offers: string,
  learnt: boolean,
): Draft {
  const what = detection === 'rogue-dhcp' ? 'DHCP server' : 'router';
  return {
    ...plainDraft(told),
    detection,
    title:
      detection === 'rogue-dhcp' ? 'A DHCP server that does not belong' : 'A router that does not belong',
    confidence: learnt ? 'high' : 'medium',
    basis: learnt ? 'baseline' : 'wrong-in-itself',
    summary: `{actor} acts as ${what} beside ${first.device} and hands out something else: ${short(offers)} in place of ${short(first.offers)}. Devices that believe it send all they have through it.`,
    facts: { offers: short(offers), others: short(first.offers), first: first.device },
  };
}

function short(offers: string): string {
  const words = offers.replaceAll(/\s+/g, ' ').trim();
  return words.length > 120 ? `${words.slice(0, 117)}…` : words;
}
