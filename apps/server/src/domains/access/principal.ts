import type { grantSchema, Role, signInMethods } from '@wardline/model';
import type { z } from 'zod';

/** One role within its scope, as it holds at this moment. `null` is everywhere, or without an end. */
export interface Grant {
  role: Role;
  sites: readonly number[] | null;
  zones: readonly string[] | null;
  /** Microseconds since the epoch. */
  until: number | null;
  origin: z.infer<typeof grantSchema>['origin'];
}

/** A person's open session. Times are microseconds since the epoch. */
export interface Session {
  id: string;
  person: string;
  method: (typeof signInMethods)[number];
  since: number;
  seen: number;
  expires: number;
  steppedUp: number | null;
}

/** Who asks, and what they hold at this moment. */
export interface Principal {
  /** As the ledger names them: `person:<uuid>`, `token:<uuid>`, `sensor:<name>`, `command line`, `nobody`. */
  id: string;
  /** As people know them. */
  name: string;
  grants: readonly Grant[];
  /** Null for programs. */
  session: Session | null;
}

export const nobody: Principal = { id: 'nobody', name: 'nobody', grants: [], session: null };

const everywhere = { sites: null, zones: null, until: null, origin: 'assigned' } as const;

/** Whoever can read the data directory can do everything: it holds the database and its keys. */
export const commandLine: Principal = {
  id: 'command line',
  name: 'command line of this machine',
  grants: [{ role: 'administrator', ...everywhere }],
  session: null,
};

export const actorOf = (person: string) => `person:${person}`;
