import type { Evidence, Facts, Micros } from '@wardline/model';
import { BoundedMap } from '../engine/bounded-map.ts';
import type { Draft, Scene, Told } from '../engine/scene.ts';
import { defaultLimits } from '../limits.ts';
import {
  addDistinct,
  type Counted,
  HOUR,
  keepEvidence,
  MINUTE,
  spanOf,
  WindowDetector,
  Windows,
} from './window.ts';

/** A radio that offers networks, by its BSSID. */
interface Radio {
  names: string[];
  /** By how it protects, when that was heard first and last. */
  shown: Record<string, [first: Micros, last: Micros]>;
  /** The first few that joined it or sent to it. */
  clients: string[];
  /** Why it does not belong, where it does not. */
  wrong: string | null;
}

/** Radios of one network name, by whether they encrypt. */
interface Network {
  closed: string | null;
  open: string | null;
}

interface Farewells extends Counted {
  count: number;
}

/** Radios in the air around a hospital in a city: some thousand. */
const RADIOS = 8192;
const NETWORKS = 4096;
const CLIENTS = 16;
/**
 * Names under one address. A radio has an address for each network that it offers; what answers to any name that is asked for
 * is a trap. Fewer may be frames that were heard wrongly.
 */
const NAMES = 6;
/**
 * Messages within a minute that end connections to one access point: one that is switched off sends one to each of some thirty
 * clients, and tools send 64 in a second.
 */
const FAREWELLS = 64;

/** Access points that do not belong, and devices thrown off the air (IEEE 802.11); Bluetooth addresses that two use. */
export class WirelessDetector extends WindowDetector {
  readonly name = 'wireless';
  readonly #radios = new BoundedMap<Radio>(RADIOS, {
    names: [],
    shown: { '*': [0, 0] },
    clients: [],
    wrong: null,
  });
  readonly #networks = new BoundedMap<Network>(NETWORKS, { closed: null, open: null });
  /** Devices that were with an approved access point. */
  readonly #ours = new BoundedMap<true>(RADIOS, true);
  readonly #farewells = new Windows<Farewells>(RADIOS, MINUTE, () => ({ count: 0 }));
  readonly #adverts = new BoundedMap<{ name: string; last: Micros }>(defaultLimits.window, {
    name: '',
    last: 0,
  });
  protected readonly windows = {
    radios: this.#radios,
    networks: this.#networks,
    ours: this.#ours,
    farewells: this.#farewells,
    adverts: this.#adverts,
  };

  sighting(told: Told, scene: Scene): void {
    const { kind } = told.sighting;
    if (kind === 'wifi.network') this.#network(told, scene);
    if (kind === 'wifi.client') this.#client(told, scene);
    if (kind === 'wifi.disconnect') this.#farewell(told, scene);
    if (kind === 'ble.advert') this.#advert(told, scene);
  }

  #network(told: Told, scene: Scene): void {
    const bssid = told.sighting.subject.mac;
    if (bssid === null) return;
    const { ssid, security } = told.sighting.facts as Facts['wifi.network'];
    const radio = this.#radio(bssid);
    const wrong =
      this.#shownTwice(radio, told, security) ??
      (ssid === undefined ? null : this.#misnamed(radio, { bssid, ssid, security }, told, scene));
    if (wrong === null) return;
    radio.wrong = wrong.title;
    scene.raise(rogue(wrong, told, radio));
  }

  /** A radio that is open and encrypted at the same time is two, of which one took the other's address. */
  #shownTwice(radio: Radio, { sighting, at }: Told, security: string): Wrong | null {
    const kind = isOpen(security) ? 'open' : 'closed';
    const other = radio.shown[kind === 'open' ? 'closed' : 'open'];
    const known = radio.shown[kind];
    const goesOn = known !== undefined && at - known[1] < HOUR;
    const shown: [Micros, Micros] = goesOn
      ? [known[0], Math.max(known[1], sighting.lastSeen)]
      : [at, sighting.lastSeen];
    radio.shown[kind] = shown;
    if (other === undefined || other[0] >= shown[1] || shown[0] >= other[1]) return null;
    return {
      title: 'An access point’s address is used by two',
      severity: 'high',
      confidence: 'medium',
      basis: 'wrong-in-itself',
      summary:
        '{actor} offers its network with encryption and, at the same time, without: somebody else sends under its address.',
    };
  }

  #misnamed(
    radio: Radio,
    { bssid, ssid, security }: { bssid: string; ssid: string; security: string },
    told: Told,
    scene: Scene,
  ): Wrong | null {
    addDistinct(radio.names, ssid, NAMES);
    if (scene.accessPoints !== null) {
      if (scene.accessPoints.approves(ssid, bssid)) return null;
      if (scene.accessPoints.names(ssid))
        return twin(ssid, 'It is not on the list of approved access points.');
      if (scene.accessPoints.looksLike(ssid)) return lookalike(ssid);
    }
    if (radio.names.length >= NAMES) return trap;
    const weaker = this.#weaker(ssid, bssid, security);
    // Where there is a list, other names are those of others.
    return scene.accessPoints === null ? (weaker ?? unlearnt(ssid, told, scene)) : weaker;
  }

  /** Devices go by the name alone: an open radio under the name of an encrypted network is a bait. */
  #weaker(ssid: string, bssid: string, security: string): Wrong | null {
    const network = this.#networks.touch(ssid, () => ({ closed: null, open: null }));
    if (isOpen(security)) network.open ??= bssid;
    else network.closed ??= bssid;
    if (!isOpen(security) || network.closed === null || network.closed === bssid) return null;
    return {
      ...twin(
        ssid,
        `Other access points, as ${network.closed}, offer it with encryption; this one does not.`,
      ),
      confidence: 'medium',
    };
  }

  #client(told: Told, scene: Scene): void {
    const { bssid } = told.sighting.facts as Facts['wifi.client'];
    const radio = this.#radio(bssid);
    const isNew = !radio.clients.includes(told.subject);
    if (isNew && radio.clients.length < CLIENTS) radio.clients.push(told.subject);
    const approved = scene.accessPoints?.knows(bssid);
    if (approved === true) this.#ours.set(told.subject, true);
    if (!isNew) return;
    const isOurs =
      approved === false && (scene.classOf(told.subject) !== null || this.#ours.has(told.subject));
    if (radio.wrong === null && !isOurs) return;
    scene.raise({
      ...rogue(
        {
          title: radio.wrong ?? 'A device joined an access point that is not ours',
          severity: 'high',
          confidence: isOurs ? 'medium' : 'high',
          basis: 'wrong-in-itself',
          summary:
            '{target} joined {actor}, which does not belong here: what it sends is in that one’s hands.',
        },
        told,
        radio,
      ),
      actor: bssid,
      targets: [told.subject],
    });
  }

  /** Whoever throws devices off sends in the name of the access point, or of each of them. */
  #farewell(told: Told, scene: Scene): void {
    const { sighting, subject, at } = told;
    const { bssid } = sighting.facts as Facts['wifi.disconnect'];
    const farewells = this.#farewells.at(bssid, at);
    farewells.count += withinMinute(sighting.count, sighting.lastSeen - sighting.firstSeen);
    keepEvidence(farewells.evidence, sighting.evidence);
    const radio = this.#radio(bssid);
    if (sighting.subject.mac !== bssid) addDistinct(radio.clients, subject, CLIENTS);
    if (farewells.count < FAREWELLS) return;
    const thrown = radio.clients.length > 0 ? radio.clients : [bssid];
    scene.raise({
      detection: 'deauthentication-flood',
      about: bssid,
      title: 'Devices are thrown off the wireless network',
      severity: 'high',
      confidence: farewells.count >= 2 * FAREWELLS ? 'high' : 'medium',
      basis: 'wrong-in-itself',
      actor: null,
      targets: thrown,
      summary: `Within ${spanOf(Math.max(farewells.last, sighting.lastSeen) - farewells.start)} ${farewells.count} messages ended connections to the access point ${bssid}, sent in its name or that of its devices. {target} cannot stay connected.`,
      firstSeen: farewells.start,
      lastSeen: Math.max(farewells.last, sighting.lastSeen),
      evidence: farewells.evidence,
      facts: { messages: farewells.count, accessPoint: bssid },
    });
  }

  /** Only names of devices of care are told; a device does not change its own within an hour. */
  #advert(told: Told, scene: Scene): void {
    const { mac } = told.sighting.subject;
    const { name } = told.sighting.facts as Facts['ble.advert'];
    if (mac === null || name === undefined) return;
    const known = this.#adverts.get(mac);
    this.#adverts.set(mac, { name, last: told.sighting.lastSeen });
    if (known === undefined || known.name === name || told.at - known.last >= HOUR) return;
    scene.raise({
      detection: 'impersonation',
      about: `ble|${mac}`,
      title: 'Two devices use one Bluetooth address',
      severity: 'medium',
      confidence: 'low',
      basis: 'wrong-in-itself',
      actor: told.subject,
      targets: [],
      summary: `{actor} advertised itself by Bluetooth as “${known.name}” and within an hour as “${name}”: another device may be taken for it.`,
      firstSeen: told.at,
      lastSeen: told.sighting.lastSeen,
      evidence: [told.sighting.evidence],
    });
  }

  #radio(bssid: string): Radio {
    return this.#radios.touch(bssid, () => ({ names: [], shown: {}, clients: [], wrong: null }));
  }
}

type Wrong = Pick<Draft, 'title' | 'severity' | 'confidence' | 'basis' | 'summary'>;

const isOpen = (security: string) => security === 'open' || security === 'wep';

function twin(ssid: string, why: string): Wrong {
  return {
    title: 'An access point that takes the name of ours',
    severity: 'high',
    confidence: 'high',
    basis: 'wrong-in-itself',
    summary: `{actor} offers the wireless network “${ssid}”. ${why} Devices that know the name join it by themselves.`,
  };
}

function lookalike(ssid: string): Wrong {
  return {
    title: 'A wireless network that looks like ours',
    severity: 'medium',
    confidence: 'medium',
    basis: 'wrong-in-itself',
    summary: `{actor} offers the wireless network “${ssid}”, whose name people can take for one of the house.`,
  };
}

const trap: Wrong = {
  title: 'An access point that answers to every name',
  severity: 'high',
  confidence: 'high',
  basis: 'wrong-in-itself',
  summary: `{actor} offers ${NAMES} or more wireless networks under one address: it answers to whatever name is asked for, so that devices join it.`,
};

/** The name was in the air while normal traffic was learnt, from others. */
function unlearnt(ssid: string, told: Told, { baselines }: Scene): Wrong | null {
  if (baselines === null || !baselines.knowsNetwork(ssid)) return null;
  if (baselines.knowsCommand(told.subject, `network:${ssid}`)) return null;
  return {
    title: 'A new access point for a known network',
    severity: 'medium',
    confidence: 'low',
    basis: 'baseline',
    summary: `{actor} offers the wireless network “${ssid}”, which it did not while normal traffic was learnt; others did.`,
  };
}

function rogue(wrong: Wrong, { sighting, subject, at }: Told, radio: Radio): Draft {
  const evidence: Evidence[] = [sighting.evidence];
  return {
    ...wrong,
    detection: 'rogue-access-point',
    about: '',
    actor: subject,
    targets: radio.clients,
    firstSeen: at,
    lastSeen: sighting.lastSeen,
    count: sighting.count,
    evidence,
  };
}

/** Of messages that a sensor has added up over a longer span, those of one minute. */
function withinMinute(count: number, span: Micros): number {
  return span <= MINUTE ? count : Math.ceil((count * MINUTE) / span);
}
