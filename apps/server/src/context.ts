import type { Knowledge } from '@wardline/knowledge';
import type { Logger } from 'pino';
import type { BackupRounds } from './backup/index.ts';
import type { Config } from './config/config.ts';
import type { Attempts, Authorisation, OpenId } from './domains/access/index.ts';
import type { Authorities, Lookup, Standing, TrustRounds } from './domains/identity/index.ts';
import type { PolicyDesk, ZonesInForce } from './domains/segmentation/index.ts';
import type { LearntDesk } from './domains/watch/index.ts';
import type { Events } from './http/events.ts';
import type { Metrics } from './http/metrics.ts';
import type { Keyring, ResealRounds } from './keys/index.ts';
import type { Delivery, Heads, WitnessRounds } from './ledger/index.ts';
import type { Outgoing } from './outgoing/index.ts';
import type { Turns } from './servers/index.ts';
import type { Connection } from './store/cluster/cluster.ts';
import type { Database } from './store/database.ts';

/** What routes and jobs work with. */
export interface Context {
  config: Config;
  database: Database;
  /** For what needs a connection of its own. */
  connection: Connection;
  knowledge: Knowledge;
  log: Logger;
  events: Events;
  metrics: Metrics;
  /** The token of the one-time link of this start; null where an administrator can sign in without it. */
  link: string | null;
  /** This server's own name among those on one database. */
  server: string;
  /** How servers on one database keep out of each other's way. */
  turns: Turns;
  /** Seals secrets of the database, each by the key of its zone. */
  keys: Keyring;
  /** Seals anew what was sealed by keys that are retired. */
  resealing: ResealRounds;
  /** Makes backups by the plan and when asked. */
  backups: BackupRounds;
  /** The hospital's identity provider; null where there is none. */
  openId: OpenId | null;
  /** The one way out over HTTP. */
  outgoing: Outgoing;
  /** Who guessed wrongly, and has to wait. */
  attempts: Attempts;
  /** The command line's bearer token. */
  token: string;
  /** Keys the hashes in place of patients' data: equal values can be told equal, and nobody without it can test a guess. */
  redactionKey: Uint8Array;
  /** Who may do what. */
  authorisation: Authorisation;
  /** Signs the heads of the ledger. */
  heads: Heads;
  /** Sends acts to a collector; null where none is set. */
  delivery: Delivery | null;
  /** Signs heads in time and shows them to witnesses. */
  witnessing: WitnessRounds;
  /** Microseconds since the epoch. */
  now: () => number;
  /** Zones of the policy in force, within which roles may hold. */
  zonesInForce: ZonesInForce;
  /** Asks for a run of identification soon. */
  identifySoon: () => void;
  /** Shows what watches have learnt. */
  learntDesk: LearntDesk;
  /** Asks for a run of the watch soon. */
  watchSoon: () => void;
  /** Receivers of alerts were changed. */
  receiversSoon: () => void;
  /** Asks for matching of advisories and assets soon. */
  matchSoon: () => void;
  /** Answers questions about policies, in a thread of its own. */
  policyDesk: PolicyDesk;
  /** Asks for devices to be authorised again soon. */
  authoriseSoon: () => void;
  /** Asks for scoring of what has changed soon. */
  rescoreSoon: () => void;
  /** Asks for the use of devices to be brought in step soon. */
  usageSoon: () => void;
  /** Asks for a look at secrets of devices soon. */
  secretsSoon: () => void;
  /** Zones' authorities, with the keys by which they sign. */
  authorities: Authorities;
  /** Certificates that others ask about. */
  lookup: Lookup;
  /** What certificates that were shown are here. */
  standingOf: (shown: readonly Buffer[]) => Promise<Standing>;
  /** Signs lists and answers of revocation ahead. */
  trust: TrustRounds;
  /** Runs feeds of advisories that are in line. */
  feeds: { wake: () => void };
  imports: {
    wake: () => void;
    cancel: (id: string) => void;
    progress: (id: string) => LiveProgress | undefined;
  };
}

/** How far a running import has read; not worth a write of its own each time. */
export interface LiveProgress {
  bytesRead: number;
  packets: number;
  step: string;
}
