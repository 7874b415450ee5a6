import {
  type Conversation,
  conversationSchema,
  type Endpoint,
  type LogLine,
  logLineSchema,
  type Micros,
  type Sighting,
  sightingSchema,
} from '@wardline/model';
import { type BaselineState, Baselines } from '../baseline/baselines.ts';
import type { Kinds } from '../baseline/class-baselines.ts';
import { BeaconDetector } from '../detect/beacon.ts';
import { CommandDetector } from '../detect/commands.ts';
import { CredentialDetector } from '../detect/credentials.ts';
import { FileDetector } from '../detect/files.ts';
import { FloodDetector } from '../detect/flood.ts';
import { IdentityDetector } from '../detect/identity.ts';
import { LogRuleDetector } from '../detect/log-rules.ts';
import { MisuseDetector } from '../detect/misuse.ts';
import { NameDetector } from '../detect/names.ts';
import { NoveltyDetector } from '../detect/novelty.ts';
import { OwnRuleDetector } from '../detect/own-rules.ts';
import { PolicyDetector } from '../detect/policy.ts';
import { ScanDetector } from '../detect/scan.ts';
import { ServerDetector } from '../detect/servers.ts';
import { SilenceDetector } from '../detect/silence.ts';
import { SpoofingDetector } from '../detect/spoofing.ts';
import { VolumeDetector } from '../detect/volume.ts';
import { WirelessDetector } from '../detect/wireless.ts';
import { defaultLimits, type WatchLimits } from '../limits.ts';
import { type ApprovedAccessPoint, ApprovedAccessPoints } from './access-points.ts';
import { addressKey, isGroup, isOutside } from './address.ts';
import { AlertBook, type AlertRecord } from './alert-book.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Governing } from './governing.ts';
import { isRecord } from './likeness.ts';
import type { Detector, Draft, Logged, OwnRules, Scene, Seen, Told } from './scene.ts';

/** `unlearnt`: nothing was learnt and nothing is; only what is wrong in itself is told. */
export type WatchMode = (typeof modes)[number];
const modes = ['unlearnt', 'learning', 'watching'] as const;

export interface WatchOptions {
  limits?: Partial<WatchLimits>;
  /** The device that an endpoint belongs to, where assets are known; else it goes by its address. */
  deviceOf?: (endpoint: Endpoint) => string | null;
  classOf?: (device: string) => string | null;
  /** Access points that people approved; absent where they keep no list. */
  accessPoints?: readonly ApprovedAccessPoint[];
}

/** Where a device was last seen. */
export interface Place {
  mac: string | null;
  ip: string | null;
}

/** All that a watch remembers, as JSON. */
export interface WatchState {
  version: 1;
  mode: WatchMode;
  now: Micros;
  baselines: BaselineState;
  detectors: Record<string, unknown>;
  alerts: [string, AlertRecord][];
  places: [string, Place][];
  byMac: [string, string][];
  attacked: [string, Micros][];
}

/** How long a device that was attacked is looked at with suspicion. */
const SUSPECT: Micros = 6 * 3_600_000_000;
/** After these the target may be in others' hands. */
const handsOver = new Set([
  'brute-force',
  'default-credential',
  'lateral-movement',
  'vertical-scan',
  'unsafe-command',
]);
/** What is told while learning, and so sure that the actor's doings are not learnt. */
const poisons = new Set(['critical', 'high', 'medium']);

/**
 * Takes what sensors report, in order of time, and says what is wrong. Learning keeps what is normal until
 * {@link Watch.endLearning}; from then on what departs from it is told as well. Memory is bounded; work is linear.
 */
export class Watch implements Scene {
  readonly limits: WatchLimits;
  now: Micros = 0;
  #accessPoints: ApprovedAccessPoints | null;
  #governing: Governing | null = null;
  readonly #options: WatchOptions;
  readonly #learnt: Baselines;
  readonly #alerts: AlertBook;
  readonly #places: BoundedMap<Place>;
  /** The first IP address that a hardware address was seen with. */
  readonly #byMac: BoundedMap<string>;
  readonly #attacked: BoundedMap<Micros>;
  #rules: OwnRules | null = null;
  #kinds: Kinds | null = null;
  #mode: WatchMode;
  #detectors: Detector[];

  constructor(mode: 'unlearnt' | 'learning', options: WatchOptions = {}) {
    this.limits = { ...defaultLimits, ...options.limits };
    this.#options = options;
    const { accessPoints = null } = options;
    this.#accessPoints = accessPoints === null ? null : new ApprovedAccessPoints(accessPoints);
    this.#mode = mode;
    this.#learnt = new Baselines(this.limits);
    if (options.classOf !== undefined) this.classify({ classOf: options.classOf, reviews: new Map() });
    this.#alerts = new AlertBook(this.limits.openAlerts);
    this.#places = new BoundedMap<Place>(this.limits.devices, { mac: null, ip: null });
    this.#byMac = new BoundedMap(this.limits.devices, '');
    this.#attacked = new BoundedMap(this.limits.window, 0);
    this.#detectors = detectors();
  }

  get accessPoints(): ApprovedAccessPoints | null {
    return this.#accessPoints;
  }

  /** The list of access points is this from now on; null where people keep none. */
  approve(list: readonly ApprovedAccessPoint[] | null): void {
    this.#accessPoints = list === null ? null : new ApprovedAccessPoints(list);
  }

  get governing(): Governing | null {
    return this.#governing;
  }

  /** The policy in force is this from now on; null where there is none. */
  govern(governing: Governing | null): void {
    this.#governing = governing;
  }

  get rules(): OwnRules | null {
    return this.#rules;
  }

  /** These rules are judged from now on; null for none. */
  rule(rules: OwnRules | null): void {
    this.#rules = rules;
  }

  get mode(): WatchMode {
    return this.#mode;
  }

  /** What was learnt, at any time; {@link Scene.baselines} is what judges by it. */
  get learnt(): Baselines {
    return this.#learnt;
  }

  get baselines(): Baselines | null {
    return this.#mode === 'watching' ? this.#learnt : null;
  }

  place(device: string): Place {
    return this.#places.get(device) ?? placeOfKey(device);
  }

  /** Takes what was seen in one span of time; returns alerts that are new or have grown. */
  take(
    conversations: readonly Conversation[],
    sightings: readonly Sighting[],
    logs: readonly LogLine[] = [],
  ): AlertRecord[] {
    for (const sighting of sightings.toSorted(byTime)) this.#sighting(sighting);
    for (const conversation of conversations.toSorted(byTime)) this.#conversation(conversation);
    for (const line of logs) this.#log(line);
    return this.#taken();
  }

  /**
   * Takes what {@link Watch.take} failed at, row by row: what is no row at all, or makes a detection fail, is left out and counted. A row
   * at which a detection fails may have been counted by those before it.
   */
  takeEach(
    conversations: readonly unknown[],
    sightings: readonly unknown[],
    logs: readonly unknown[] = [],
  ): { records: AlertRecord[]; left: number } {
    const rows = [conversationsIn(conversations), sightingsIn(sightings), linesIn(logs)] as const;
    const taken = rows.reduce((sum, some) => sum + some.length, 0);
    let left = conversations.length + sightings.length + logs.length - taken;
    const each = <T>(some: readonly T[], judge: (one: T) => void) => {
      for (const one of some)
        try {
          judge(one);
        } catch {
          left += 1;
        }
    };
    each(rows[1].toSorted(byTime), (sighting) => this.#sighting(sighting));
    each(rows[0].toSorted(byTime), (conversation) => this.#conversation(conversation));
    each(rows[2], (line) => this.#log(line));
    return { records: this.#taken(), left };
  }

  #taken(): AlertRecord[] {
    for (const detector of this.#detectors) detector.advance?.(this);
    return this.#alerts.take();
  }

  /** From now on what departs from what was learnt is told. Windows begin anew: what was told while learning is told. */
  endLearning(): void {
    this.#mode = 'watching';
    this.#detectors = detectors();
    this.now = 0;
  }

  /** Learns on, with what it knows. */
  resumeLearning(): void {
    this.#mode = 'learning';
  }

  raise(draft: Draft): void {
    const named = this.#withDevices(draft);
    const whose = named.actor ?? named.targets[0];
    if (whose !== undefined && this.#learnt.isAllowed(whose, draft.detection)) return;
    const record = this.#alerts.add(named);
    if (handsOver.has(draft.detection))
      for (const target of named.targets) this.#attacked.set(target, draft.lastSeen);
    const poisonous =
      this.#mode === 'learning' && poisons.has(record.severity) && record.confidence !== 'low';
    if (poisonous && record.actor !== null) this.#learnt.distrust(record.actor, record.firstSeen);
  }

  /** Devices are of these classes from now on; null where nobody tells. */
  classify(kinds: Kinds | null): void {
    this.#kinds = kinds;
    this.#learnt.classify(kinds);
  }

  classOf(device: string): string | null {
    return this.#kinds?.classOf(device) ?? null;
  }

  wasAttacked(device: string): boolean {
    const at = this.#attacked.get(device);
    return at !== undefined && this.now - at < SUSPECT;
  }

  save(): WatchState {
    return {
      version: 1,
      mode: this.#mode,
      now: this.now,
      baselines: this.#learnt.save(),
      detectors: Object.fromEntries(this.#detectors.map((detector) => [detector.name, detector.save()])),
      alerts: this.#alerts.save(),
      places: this.#places.save(),
      byMac: this.#byMac.save(),
      attacked: this.#attacked.save(),
    };
  }

  /** The first part of a stored state that {@link Watch.load} can't take; null where it can take all. */
  wrongPart(value: unknown): string | null {
    if (!isRecord(value)) return 'parts';
    const { mode, now, detectors: kept } = value;
    if (!modes.some((one) => one === mode) || !Number.isFinite(now)) return 'mode and time';
    if (!this.#learnt.accepts(value.baselines)) return 'baselines';
    if (!this.#alerts.accepts(value.alerts)) return 'alerts';
    if (!this.#places.accepts(value.places) || !this.#byMac.accepts(value.byMac)) return 'places';
    if (!this.#attacked.accepts(value.attacked)) return 'suspicions';
    if (!isRecord(kept)) return 'detections';
    const wrong = this.#detectors.find(
      (detector) => kept[detector.name] !== undefined && !detector.accepts(kept[detector.name]),
    );
    return wrong === undefined ? null : `windows of “${wrong.name}”`;
  }

  /** Goes on where another watch was saved. Of what was stored elsewhere {@link Watch.wrongPart} is asked first. */
  load(state: WatchState): void {
    this.#mode = state.mode;
    this.now = state.now;
    this.#learnt.load(state.baselines);
    this.#alerts.load(state.alerts);
    this.#places.load(state.places);
    this.#byMac.load(state.byMac);
    this.#attacked.load(state.attacked);
    for (const detector of this.#detectors) {
      const saved = state.detectors[detector.name];
      // A detection that is younger than the state begins with nothing.
      if (saved !== undefined) detector.load(saved);
    }
  }

  #conversation(conversation: Conversation): void {
    const { client, server } = conversation;
    const seen: Seen = {
      conversation,
      client: this.#device(client),
      server: this.#device(server),
      clientOutside: isOutside(client.ip),
      serverOutside: isOutside(server.ip),
      toGroup: isGroup(server),
      at: conversation.firstSeen,
    };
    this.now = Math.max(this.now, conversation.lastSeen);
    for (const detector of this.#detectors) detector.conversation?.(seen, this);
    if (this.#mode === 'learning') this.#learnt.learn(seen);
  }

  #sighting(sighting: Sighting): void {
    const told: Told = {
      sighting,
      subject: this.#device(sighting.subject),
      peer: sighting.peer === null ? null : this.#device(sighting.peer),
      at: sighting.firstSeen,
    };
    this.now = Math.max(this.now, sighting.firstSeen);
    for (const detector of this.#detectors) detector.sighting?.(told, this);
    if (this.#mode === 'learning') this.#learnt.learnFacts(told);
  }

  #log(line: LogLine): void {
    const logged: Logged = { line, device: this.#device(line.source), at: line.at };
    this.now = Math.max(this.now, line.at);
    for (const detector of this.#detectors) detector.log?.(logged, this);
  }

  #device(endpoint: Endpoint): string {
    const key = this.#options.deviceOf?.(endpoint) ?? addressKey(endpoint);
    const { mac, ip } = endpoint;
    if (!this.#places.has(key)) this.#places.set(key, { mac: isOutside(ip) ? null : mac, ip });
    if (mac !== null && ip !== null && !isOutside(ip) && !this.#byMac.has(mac) && ip !== '0.0.0.0')
      this.#byMac.set(mac, key);
    return key;
  }

  /** Who is known by its hardware address alone (a forger of ARP) goes by the device that first had it. */
  #withDevices(draft: Draft): Draft {
    const device = draft.actor === null ? undefined : this.#byMac.get(draft.actor);
    if (device === undefined || draft.targets.includes(device)) return draft;
    return { ...draft, actor: device };
  }
}

function detectors(): Detector[] {
  return [
    new ScanDetector(),
    new CredentialDetector(),
    new FloodDetector(),
    new SpoofingDetector(),
    new ServerDetector(),
    new WirelessDetector(),
    new NameDetector(),
    new VolumeDetector(),
    new FileDetector(),
    new CommandDetector(),
    new BeaconDetector(),
    new IdentityDetector(),
    new MisuseDetector(),
    new NoveltyDetector(),
    new SilenceDetector(),
    new PolicyDetector(),
    new OwnRuleDetector(),
    new LogRuleDetector(),
  ];
}

const conversationsIn = (rows: readonly unknown[]): Conversation[] =>
  rows.filter((row): row is Conversation => conversationSchema.safeParse(row).success);
const linesIn = (rows: readonly unknown[]): LogLine[] =>
  rows.filter((row): row is LogLine => logLineSchema.safeParse(row).success);
const sightingsIn = (rows: readonly unknown[]): Sighting[] =>
  rows.filter((row): row is Sighting => sightingSchema.safeParse(row).success);

function byTime(a: { firstSeen: Micros }, b: { firstSeen: Micros }): number {
  return a.firstSeen - b.firstSeen;
}

function placeOfKey(device: string): Place {
  const isMac = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(device);
  return { mac: isMac ? device : null, ip: isMac || !/[.:]/.test(device) ? null : device };
}
