/**
 * What attack paths are looked for in: who stands where, what passes between the places, and what gives way. Every item
 * carries the words that it is told with, so that a path can be read to its ground.
 */

/**
 * How hard a step is, as an ordinal grade; a path is as hard as its hardest step.
 * `open`: nothing to overcome, it answers without sign-in or to a password from the manual.
 * `exploited`: a weakness that is known to be exploited, or a password that crosses the network in clear.
 * `published`: a weakness that is published and usable over the network without an account.
 * `demanding`: a published weakness that takes an account, a person's help or luck; or it is unknown whether it is there.
 * `undisclosed`: no weakness is known; it takes one that nobody has published.
 */
export const difficulties = ['open', 'exploited', 'published', 'demanding', 'undisclosed'] as const;
export type Difficulty = (typeof difficulties)[number];

/**
 * How firmly it is known that packets pass. `same-segment`: nothing stands between. `observed`: a conversation did so.
 * `not-excluded`: the places talk to each other, and nothing shows that this service is filtered.
 */
export const reachGrounds = ['same-segment', 'observed', 'not-excluded'] as const;
export type ReachGround = (typeof reachGrounds)[number];

export const footholdKinds = ['internet', 'guest', 'workstation', 'supplier'] as const;
export type FootholdKind = (typeof footholdKinds)[number];

/** A part of the network in which nothing is known to filter: a VLAN, a zone. */
export interface Place {
  id: string;
  name: string;
}

export interface PathAsset {
  id: string;
  name: string;
  places: readonly string[];
  /** Services that it was seen to offer, as `tcp/104`. */
  services: readonly string[];
  /** True where its misuse is what the paths are looked for. */
  target: boolean;
}

/** Something of an asset that gives way to who can send it packets. */
export interface Opening {
  asset: string;
  /** `tcp/104`; null: at whatever service it offers. */
  service: string | null;
  difficulty: Difficulty;
  /** `control`: what runs there can be made to act against others. `harm`: only the asset itself is misused. */
  effect: 'control' | 'harm';
  /** A clause that goes on from the asset's name: “answers Telnet without a password”. */
  because: string;
  /** The finding or weakness that it rests on. */
  evidence: string;
  /** Any one of these takes it away. */
  remedies: readonly string[];
}

/** Packets pass from one place to another. */
export interface Conduit {
  from: string;
  to: string;
  /** Null: every service. */
  service: string | null;
  ground: ReachGround;
  /** A sentence. */
  because: string;
  /** Narrowing it to the conversations that were seen. Null: nothing on the network can do that. */
  remedy: string | null;
}

/** An asset was seen to use a service of another; this passes even where the conduit is narrowed. */
export interface Contact {
  from: string;
  to: string;
  service: string;
  because: string;
}

/** Where an attacker is assumed to stand at first. Exactly one of `asset` and `place` is given. */
export interface Foothold {
  kind: FootholdKind;
  asset?: string;
  place?: string;
  /** A sentence. */
  because: string;
  remedies: readonly string[];
}

/** One change that a person can make. */
export interface Remedy {
  id: string;
  kind: 'patch' | 'setting' | 'conduit' | 'access';
  /** An instruction in a sentence. */
  text: string;
  /** How many assets are touched. */
  assets: number;
  /** Relative effort, 1 or more; the plan with the least sum is sought. */
  effort: number;
}

export interface Landscape {
  places: readonly Place[];
  assets: readonly PathAsset[];
  openings: Iterable<Opening>;
  conduits: readonly Conduit[];
  contacts: readonly Contact[];
  footholds: readonly Foothold[];
  remedies: readonly Remedy[];
}
