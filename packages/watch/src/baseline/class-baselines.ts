import type { Micros } from '@wardline/model';
import { isOutside } from '../engine/address.ts';
import type { DeviceBaseline } from './device-baseline.ts';

/** What a person said of a habit of a class. */
export type HabitVerdict = 'normal' | 'not-normal';

/** What is known of devices beside their traffic: their classes, and what people said of the habits of each. */
export interface Kinds {
  /** Null where nobody knows what it is. */
  classOf: (device: string) => string | null;
  /** By {@link habitKey}. */
  reviews: ReadonlyMap<string, HabitVerdict>;
}

export const habitKey = (name: string, habit: string): string => `${name} ${habit}`;

/** What devices of one class have in common. */
export interface ClassBaseline {
  name: string;
  /** Devices from which it was learnt: trusted, and heard long enough. */
  members: string[];
  /** Of its devices those held back, and those heard too little: neither teaches the others. */
  heldBack: number;
  young: number;
  /** Practices and commands, with how many members have them. */
  practices: Map<string, number>;
  commands: Map<string, number>;
  /** Members that spoke in each hour of the week (UTC, from Monday 0:00). */
  week: number[];
  /** What at least two members reached: bytes sent within an hour, and the longest pause. */
  mostSent: number;
  longestPause: Micros;
}

/** Devices of which something can be said of a class: what one or two do is theirs alone. */
export const LEAST_MEMBERS = 3;
/** One device alone teaches its class nothing, and neither does a handful of many: somebody may have made them do it. */
const LEAST_SHARERS = 2;
const LEAST_SHARE = 0.1;
/** Signs of life, and a day, from which on a device has habits of its own. */
const LEAST_TIMES = 20;
const LEAST_SPAN: Micros = 24 * 3_600_000_000;
/** Peers outside on one port from which on a class is known to go anywhere there. */
const ANYWHERE = 12;
/** By these a computer is steered: whom somebody steers is asked for by address, never by class. */
const steered = /\|tcp\/(22|23|135|139|445|3389|5900|5985|5986)$/;

/** True where the device was heard too little to be judged by itself. */
export function isYoung({ first, last, spoke }: DeviceBaseline): boolean {
  return spoke < LEAST_TIMES || last - first < LEAST_SPAN;
}

/** What is normal class by class, worked out from what its devices were learnt to do. */
export class ClassBaselines {
  readonly #kinds: Kinds;
  readonly #classes = new Map<string, ClassBaseline>();
  readonly #peersOutside = new Map<string, Set<string>>();
  /** The highest of each class so far: what one alone reached is no measure. */
  readonly #tops = new Map<string, { sent: number; pause: Micros }>();

  constructor(kinds: Kinds, devices: Iterable<[string, DeviceBaseline]>) {
    this.#kinds = kinds;
    for (const [device, baseline] of devices) {
      const name = kinds.classOf(device);
      if (name !== null) this.#add(this.#touch(name), device, baseline);
    }
    for (const [service, peers] of this.#peersOutside) if (peers.size < ANYWHERE) this.#peersOutside.delete(service);
  }

  all(): ClassBaseline[] {
    return [...this.#classes.values()];
  }

  /** What was learnt of a device's class; null where nobody knows its class, or none of it was heard. */
  whose(device: string): ClassBaseline | null {
    const name = this.#kinds.classOf(device);
    return name === null ? null : (this.#classes.get(name) ?? null);
  }

  /** The class by which a device can be judged; null where too few of it were learnt. */
  of(device: string): ClassBaseline | null {
    const found = this.whose(device);
    return found === null || found.members.length < LEAST_MEMBERS ? null : found;
  }

  /** Members beside the device itself that have the habit. */
  share({ members, practices, commands }: ClassBaseline, device: string, habit: string): { have: number; of: number } {
    const isMember = members.includes(device);
    const have = practices.get(this.practiceOf(habit)) ?? commands.get(habit) ?? 0;
    return { have, of: members.length - (isMember ? 1 : 0) };
  }

  /** True where a relation, or a command, is the class's: by a person's word, else where enough of it share it. */
  isHabit(of: ClassBaseline, habit: string): boolean {
    const practice = this.practiceOf(habit);
    const verdict = this.verdictOn(of.name, practice);
    if (verdict !== null) return verdict === 'normal';
    if (this.#goesAnywhere(of.name, practice)) return true;
    const have = of.practices.get(practice) ?? of.commands.get(practice) ?? 0;
    return have >= LEAST_SHARERS && have >= LEAST_SHARE * of.members.length;
  }

  /** True where devices of the class use the peer, or one of its class, by whatever service. */
  usesPeer(of: ClassBaseline, peer: string): boolean {
    const name = isOutside(peer) ? null : this.#kinds.classOf(peer);
    const starts = [`c|${peer}|`, ...(name === null ? [] : [`c|class:${name}|`])];
    for (const practice of of.practices.keys())
      if (starts.some((start) => practice.startsWith(start)) && this.isHabit(of, practice)) return true;
    return false;
  }

  refuses(device: string, habit: string): boolean {
    const name = this.#kinds.classOf(device);
    return name !== null && this.verdictOn(name, this.practiceOf(habit)) === 'not-normal';
  }

  verdictOn(name: string, practice: string): HabitVerdict | null {
    return this.#kinds.reviews.get(habitKey(name, practice)) ?? null;
  }

  /** A relation with its peer's class in the place of its address, where it has one: `c|class:pacs|tcp/104`. */
  practiceOf(relation: string): string {
    const [side, peer, service] = relation.split('|');
    if (side !== 'c' || peer === undefined || peer.startsWith('class:') || steered.test(relation)) return relation;
    const name = isOutside(peer) ? null : this.#kinds.classOf(peer);
    return name === null ? relation : `c|class:${name}|${service}`;
  }

  #goesAnywhere(name: string, practice: string): boolean {
    const [side, peer, service] = practice.split('|');
    return side === 'c' && isOutside(peer!) && this.#peersOutside.has(`${name}|${service}`);
  }

  #touch(name: string): ClassBaseline {
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const made: ClassBaseline = {
      name,
      members: [],
      heldBack: 0,
      young: 0,
      practices: new Map(),
      commands: new Map(),
      week: Array(168).fill(0) as number[],
      mostSent: 0,
      longestPause: 0,
    };
    this.#classes.set(name, made);
    return made;
  }

  #add(of: ClassBaseline, device: string, baseline: DeviceBaseline): void {
    if (baseline.suspicious) of.heldBack += 1;
    else if (isYoung(baseline)) of.young += 1;
    else this.#learn(of, device, baseline);
  }

  #learn(of: ClassBaseline, device: string, baseline: DeviceBaseline): void {
    of.members.push(device);
    const practices = new Set(Object.keys(baseline.relations).map((key) => this.practiceOf(key)));
    for (const practice of practices) {
      count(of.practices, practice);
      this.#noteOutside(of.name, practice);
    }
    for (const word of Object.keys(baseline.commands)) count(of.commands, word);
    for (const [hour, times] of baseline.week.entries()) if (times > 0) of.week[hour]! += 1;
    const tops = this.#tops.get(of.name) ?? { sent: 0, pause: 0 };
    this.#tops.set(of.name, tops);
    of.mostSent = Math.max(of.mostSent, Math.min(tops.sent, baseline.mostSent));
    of.longestPause = Math.max(of.longestPause, Math.min(tops.pause, baseline.longestPause));
    tops.sent = Math.max(tops.sent, baseline.mostSent);
    tops.pause = Math.max(tops.pause, baseline.longestPause);
  }

  #noteOutside(name: string, practice: string): void {
    const [side, peer, service] = practice.split('|');
    if (side !== 'c' || !isOutside(peer!)) return;
    const peers = this.#peersOutside.get(`${name}|${service}`) ?? new Set();
    this.#peersOutside.set(`${name}|${service}`, peers.add(peer!));
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
