import type { grantOrigins, Role, signInMethods } from '@wardline/model';
import type { Generated } from 'kysely';

/** The tables that are written row by row; the bulk statements of intake and the lists are plain SQL beside their use. */
export interface Tables {
  setting: { key: string; value: unknown };
  person: {
    id: string;
    name: string;
    login: Generated<string | null>;
    email: string | null;
    active: Generated<boolean>;
    created: number;
  };
  role_grant: {
    id: string;
    /** The actor's name, as `person:…`. */
    holder: string;
    role: Role;
    sites: number[] | null;
    zones: string[] | null;
    since: number;
    until: number | null;
    origin: (typeof grantOrigins)[number];
    given_by: string;
    reason: string | null;
    ended: number | null;
    ended_by: string | null;
  };
  session: {
    id: string;
    digest: string;
    person: string;
    method: (typeof signInMethods)[number];
    since: number;
    seen: number;
    expires: number;
    stepped_up: number | null;
    agent: string;
    address: string;
  };
  ledger: {
    sequence: number;
    at: number;
    actor: string;
    action: string;
    subject: string;
    changes: string;
    reason: string | null;
  };
  endpoint: { id: Generated<number>; site: number; key: string; asset_id: string | null };
}
