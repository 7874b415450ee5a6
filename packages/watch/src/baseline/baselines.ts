import type { Micros } from '@wardline/model';
import { isOutside } from '../engine/address.ts';
import { BoundedMap } from '../engine/bounded-map.ts';
import { isLike, isRecord } from '../engine/likeness.ts';
import type { Seen, Told } from '../engine/scene.ts';
import type { WatchLimits } from '../limits.ts';
import { type ClassBaseline, ClassBaselines, isYoung, type Kinds } from './class-baselines.ts';
import { claimedName } from './claimed-name.ts';
import { commandsOf, networkOf } from './commands-of.ts';
import { type DeviceBaseline, newBaseline, noteActivity, noteRelation } from './device-baseline.ts';
import { relationsOf, serviceOf } from './relations-of.ts';

/** Users of a service from which on it is one of the house, so that one more is nothing to tell. */
const COMMON = 3;
/** Peers outside on one port from which on a device is known to go anywhere there (updates from a content network). */
const ANYWHERE = 12;
/** What was seen an hour before something wrong may already be part of it. */
const BEFORE: Micros = 3_600_000_000;

/** What a stored baseline looks like. */
const anyBaseline: DeviceBaseline = {
  ...newBaseline(0),
  relations: { '*': { first: 0, last: 0, times: 0 } },
  commands: { '*': 0 },
};

export interface BaselineState {
  devices: [string, DeviceBaseline][];
  users: [string, string[]][];
  allowed: string[];
}

/** What is normal, device by device. It is only asked once learning has ended; what looked wrong until then was not learnt. */
export class Baselines {
  readonly #limits: WatchLimits;
  readonly #devices: BoundedMap<DeviceBaseline>;
  /** "server|tcp/104" → the first few devices that use it. */
  readonly #users: BoundedMap<string[]>;
  /** "device relation" that a person called normal. */
  readonly #allowed = new Set<string>();
  #kinds: Kinds | null = null;
  /** Worked out when it is asked for, and anew when what it rests on changed. */
  #classes: ClassBaselines | null = null;

  constructor(limits: WatchLimits) {
    this.#limits = limits;
    this.#devices = new BoundedMap(limits.devices, anyBaseline);
    this.#users = new BoundedMap<string[]>(limits.devices, []);
  }

  get size(): number {
    return this.#devices.size;
  }

  get(device: string): DeviceBaseline | undefined {
    return this.#devices.get(device);
  }

  entries(): IterableIterator<[string, DeviceBaseline]> {
    return this.#devices.entries();
  }

  /** Devices are of these classes from now on. */
  classify(kinds: Kinds | null): void {
    if (kinds === this.#kinds) return;
    this.#kinds = kinds;
    this.#classes = null;
  }

  /** What is normal class by class; null where nobody told the classes of devices. */
  get classes(): ClassBaselines | null {
    if (this.#kinds === null) return null;
    this.#classes ??= new ClassBaselines(this.#kinds, this.#devices.entries());
    return this.#classes;
  }

  /**
   * The class by which a device is judged, since it can't be by its own habits: it is new, was heard too little, or was held back. Null
   * where it has habits of its own, or nothing is known of its class.
   */
  judgedByClass(device: string): ClassBaseline | null {
    if (this.#kinds === null) return null;
    const own = this.#devices.get(device);
    return own === undefined || own.suspicious || isYoung(own) ? this.classes!.of(device) : null;
  }

  /** How many others of its class have a habit; null where nothing is known of its class. */
  classShare(device: string, habit: string): { name: string; have: number; of: number } | null {
    const found = this.classes?.of(device) ?? null;
    return found === null ? null : { name: found.name, ...this.classes!.share(found, device, habit) };
  }

  /** True where a person said that devices of its class should not do it. */
  refuses(device: string, habit: string): boolean {
    return this.#kinds !== null && this.#kinds.reviews.size > 0 && this.classes!.refuses(device, habit);
  }

  #isOfClass(device: string, habit: string): boolean {
    const found = this.judgedByClass(device);
    return found !== null && this.classes!.isHabit(found, habit);
  }

  /** Takes a conversation for normal. Tries that nobody answered are no relation. */
  learn(seen: Seen): void {
    this.#classes = null;
    const { conversation, client, server, at } = seen;
    if (!seen.clientOutside && conversation.packetsFromClient > 0) {
      const baseline = this.#touch(client, at);
      noteActivity(baseline, at, conversation.lastSeen, conversation.bytesFromClient);
      this.#relate(baseline, client, seen);
    }
    if (!seen.serverOutside && !seen.toGroup && conversation.packetsFromServer > 0) {
      const baseline = this.#touch(server, at);
      noteActivity(baseline, at, conversation.lastSeen, conversation.bytesFromServer);
      for (const key of relationsOf(seen, 'server')) noteRelation(baseline, key, at, this.#limits.relations);
    }
  }

  #relate(baseline: DeviceBaseline, client: string, seen: Seen): void {
    const keys = relationsOf(seen, 'client');
    for (const key of keys) noteRelation(baseline, key, seen.at, this.#limits.relations);
    if (keys.length === 0) return;
    const users = this.#users.touch(serviceOf(seen), () => []);
    if (users.length < COMMON && !users.includes(client)) users.push(client);
  }

  learnFacts(told: Told): void {
    this.#classes = null;
    const name = claimedName(told);
    if (name !== null) {
      const bearers = this.#users.touch(`name|${name}`, () => []);
      if (bearers.length < COMMON && !bearers.includes(told.subject)) bearers.push(told.subject);
    }
    const network = networkOf(told);
    if (network !== null) this.#users.touch(`network|${network}`, () => []);
    for (const word of commandsOf(told)) this.#noteCommand(this.#touch(told.subject, told.at), word, told.at);
  }

  /** Whoever makes up names of programs fills nobody's memory: beyond the bound, what is new is not learnt. */
  #noteCommand({ commands }: DeviceBaseline, word: string, at: Micros): void {
    if (word in commands || Object.keys(commands).length < this.#limits.relations) commands[word] = at;
  }

  /** Forgets what a device began from an hour before it did something wrong; nothing else of it is judged by habit. */
  distrust(device: string, from: Micros): void {
    const baseline = this.#devices.get(device);
    if (baseline === undefined) return;
    baseline.suspicious = true;
    this.#classes = null;
    const until = from - BEFORE;
    for (const [key, { first }] of Object.entries(baseline.relations))
      if (first >= until) delete baseline.relations[key];
    for (const [word, first] of Object.entries(baseline.commands)) if (first >= until) delete baseline.commands[word];
  }

  /** A person says that this is normal for the device: a peer's name, or a command's. */
  allow(device: string, what: string): void {
    this.#allowed.add(`${device} ${what}`);
  }

  /** What persons called normal is this, and nothing else any more. */
  allowOnly(allowed: Iterable<{ device: string; what: string }>): void {
    this.#allowed.clear();
    for (const { device, what } of allowed) this.allow(device, what);
  }

  /** A person looked at what a device did while learning and found it in order: it is judged by its habits again. */
  trust(device: string): void {
    const baseline = this.#devices.get(device);
    if (baseline === undefined) return;
    baseline.suspicious = false;
    this.#classes = null;
  }

  isAllowed(device: string, what: string): boolean {
    return this.#allowed.has(`${device} ${what}`);
  }

  /** True where what the device does can be held against its own habits, or against those of its class. */
  judges(device: string): boolean {
    const baseline = this.#devices.get(device);
    return (baseline !== undefined && !baseline.suspicious) || this.judgedByClass(device) !== null;
  }

  knows(device: string): boolean {
    return this.#devices.has(device);
  }

  knowsRelation(device: string, key: string): boolean {
    const relations = this.#devices.get(device)?.relations ?? {};
    if (this.isAllowed(device, key)) return true;
    if (this.refuses(device, key)) return false;
    if (key in relations || this.#isOfClass(device, key)) return true;
    const [side, peer, service] = key.split('|');
    if (side !== 'c' || !isOutside(peer!)) return false;
    const outside = Object.keys(relations).filter(
      (known) => known.startsWith('c|') && known.endsWith(`|${service}`) && isOutside(known.split('|')[1]!),
    );
    return outside.length >= ANYWHERE;
  }

  /** True where the device is trusted to show what it is, and has never spoken with the peer: a newcomer has with nobody. */
  isNewTo(device: string, peer: string): boolean {
    if (this.#devices.get(device)?.suspicious === true || this.knowsPeer(device, peer)) return false;
    const kind = this.judgedByClass(device);
    return kind === null || !this.classes!.usesPeer(kind, peer);
  }

  /** True where the two spoke before, by whatever service. */
  knowsPeer(device: string, peer: string): boolean {
    const relations = this.#devices.get(device)?.relations ?? {};
    const start = `c|${peer}|`;
    if (this.isAllowed(device, peer)) return true;
    for (const key in relations) if (key.startsWith(start)) return true;
    return false;
  }

  knowsCommand(device: string, word: string): boolean {
    return word in (this.#devices.get(device)?.commands ?? {}) || this.isAllowed(device, word);
  }

  /** True where the device, or where it has no habits of its own its class, uses the command. */
  knowsWord(device: string, word: string): boolean {
    return this.knowsCommand(device, word) || this.#isOfClass(device, word);
  }

  /** Of one who begins to change things its class is no excuse. */
  knowsAccess(device: string, protocol: string, access: string): boolean {
    return this.knowsCommand(device, `${protocol}=${access}`);
  }

  /** Most bytes that it is normal to send within an hour, and whose measure that is; null where there is none. */
  mostSent(device: string): { bytes: number; by: 'own' | 'class' } | null {
    const kind = this.judgedByClass(device);
    if (kind !== null) return { bytes: kind.mostSent, by: 'class' };
    const own = this.#devices.get(device);
    return own === undefined || own.suspicious ? null : { bytes: own.mostSent, by: 'own' };
  }

  /** Who alone went by the name; null where nobody or several did. */
  soleBearer(name: string): string | null {
    const bearers = this.#users.get(`name|${name}`) ?? [];
    return bearers.length === 1 ? bearers[0]! : null;
  }

  /** True where a wireless network of this name was heard while learning. */
  knowsNetwork(ssid: string): boolean {
    return this.#users.has(`network|${ssid}`);
  }

  /** True where several devices use the service. */
  isCommon(seen: Seen): boolean {
    return (this.#users.get(serviceOf(seen))?.length ?? 0) >= COMMON;
  }

  save(): BaselineState {
    return { devices: this.#devices.save(), users: this.#users.save(), allowed: [...this.#allowed] };
  }

  accepts(state: unknown): boolean {
    return (
      isRecord(state) &&
      this.#devices.accepts(state.devices) &&
      this.#users.accepts(state.users) &&
      isLike(state.allowed, [])
    );
  }

  load({ devices, users, allowed }: BaselineState): void {
    this.#classes = null;
    this.#devices.load(devices);
    this.#users.load(users);
    this.#allowed.clear();
    for (const item of allowed) this.#allowed.add(item);
  }

  #touch(device: string, at: Micros): DeviceBaseline {
    return this.#devices.touch(device, () => newBaseline(at));
  }
}
