import type {
  AlertConfidence,
  Conversation,
  Detection,
  Evidence,
  LogLine,
  Micros,
  Severity,
  Sighting,
} from '@wardline/model';
import type { Baselines } from '../baseline/baselines.ts';
import type { WatchLimits } from '../limits.ts';
import type { Known, NamedRule } from '../rules/judge.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import type { ApprovedAccessPoints } from './access-points.ts';
import type { Governing } from './governing.ts';

/** A conversation with both sides under their devices' names. */
export interface Seen {
  conversation: Conversation;
  client: string;
  server: string;
  clientOutside: boolean;
  serverOutside: boolean;
  /** To all of a network, or to those who listen. */
  toGroup: boolean;
  at: Micros;
}

/** A sighting under the names of its devices. */
export interface Told {
  sighting: Sighting;
  subject: string;
  peer: string | null;
  at: Micros;
}

/** A line of a log under the name of the device that sent it. */
export interface Logged {
  line: LogLine;
  device: string;
  at: Micros;
}

/** What a detection says: names of devices stand as `{actor}` and `{target}` in its sentence. */
export interface Draft {
  detection: Detection;
  /** Sets alerts of the same detection and actor apart (a target, a port). */
  about?: string;
  title: string;
  severity: Severity;
  confidence: AlertConfidence;
  basis: 'baseline' | 'wrong-in-itself' | 'policy';
  actor: string | null;
  targets: readonly string[];
  /** Where more were counted than are named. */
  targetCount?: number;
  service?: { transport: string; port: number | null; application: string | null } | null;
  summary: string;
  firstSeen: Micros;
  lastSeen: Micros;
  count?: number;
  evidence: readonly Evidence[];
  facts?: Record<string, string | number | boolean>;
}

/** Rules that are switched on, and what they ask of devices and of the clock. */
export interface OwnRules extends Known {
  rules: readonly NamedRule[];
  /** Those for lines of logs and facts of protocols. */
  logRules?: readonly NamedLogRule[];
}

/** A rule of Sigma. */
export interface NamedLogRule {
  name: string;
  rule: SigmaRule;
  /** It looks at facts of protocols. */
  facts: boolean;
}

/** What a detection works with. */
export interface Scene {
  readonly limits: WatchLimits;
  /** Latest time that was seen, µs. */
  now: Micros;
  /** Null until learning has ended. */
  readonly baselines: Baselines | null;
  /** The list that people keep; null where they gave none. */
  readonly accessPoints: ApprovedAccessPoints | null;
  /** The policy in force; null where there is none. */
  readonly governing: Governing | null;
  /** Rules that the hospital wrote itself; null where there are none. */
  readonly rules: OwnRules | null;
  raise(draft: Draft): void;
  /** The kind of device that it is, as far as is known. */
  classOf(device: string): string | null;
  /** True where the device was lately the target of something that may have given it into others' hands. */
  wasAttacked(device: string): boolean;
}

/** One way of finding what is wrong. State is kept between batches, and is plain enough to be stored as JSON. */
export interface Detector {
  readonly name: string;
  conversation?(seen: Seen, scene: Scene): void;
  sighting?(told: Told, scene: Scene): void;
  log?(logged: Logged, scene: Scene): void;
  /** Called when a batch has been taken: windows close, silence shows. */
  advance?(scene: Scene): void;
  save(): unknown;
  /** True where a stored state is one that `load` can take: whoever loads asks first. */
  accepts(state: unknown): boolean;
  load(state: unknown): void;
}
