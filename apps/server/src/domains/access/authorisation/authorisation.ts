import { statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { type Role, roles } from '@wardline/model';
import type { RawBuilder } from 'kysely';
import type { Grant, Principal } from '../principal.ts';
import { loadPolicies, type Parsed, shippedPolicies } from './policy-files.ts';

/** Where something may be done; null is everywhere. */
export interface Scope {
  sites: readonly number[] | null;
  zones: readonly string[] | null;
  /** What the policy in force says of its zones among these, by name; a zone without a rule holds nothing. */
  rules?: ZoneRules;
}

/** True for a zone's assets, by the alias of their table. */
export type ZoneRules = ReadonlyMap<string, (alias: string) => RawBuilder<unknown>>;

export type Decision =
  /** Where; null is everywhere. */
  | { kind: 'allowed'; scope: readonly Scope[] | null }
  /** It would be, with a fresh proof of who asks. */
  | { kind: 'step-up' }
  /** Roles that may, for whoever wants to ask for one. */
  | { kind: 'denied'; roles: readonly Role[] };

/** Decisions that are kept; a hospital of 10,000 people with 10 roles each at 200 actions has fewer distinct ones. */
const KEPT = 100_000;
/** How long a fresh proof counts, in microseconds. */
export const STEP_UP_MICROS = 5 * 60 * 1_000_000;

/**
 * Decides by Cedar, and remembers: a decision follows from the holder, one role, the action, the site and the circumstances and
 * from nothing else, so that the same question has the same answer until the policies are loaded anew.
 */
export class Authorisation {
  readonly #parsed: Parsed;
  readonly #kept = new Map<string, boolean>();
  /** Questions that were put to Cedar itself. */
  asked = 0;

  /** `folders`: of the hospital's own policies, beside what ships. @throws PolicyFault */
  constructor(folders: readonly string[] = []) {
    this.#parsed = loadPolicies([shippedPolicies, ...folders]);
  }

  /**
   * `rows`: the answer is cut to a scope row by row; else only a grant that holds everywhere counts.
   * `now` is in microseconds.
   */
  decide(principal: Principal, action: string, now: number, rows: boolean): Decision {
    const grants = rows
      ? principal.grants
      : principal.grants.filter(({ sites, zones }) => sites === null && zones === null);
    const steppedUp = isSteppedUp(principal, now);
    const allowed = grants.filter((grant) => this.#permits(principal, grant, action, steppedUp));
    if (allowed.length > 0) return { kind: 'allowed', scope: scopeOf(allowed) };
    if (this.#permits(principal, null, action, steppedUp)) return { kind: 'allowed', scope: null };
    if (!steppedUp && [null, ...grants].some((grant) => this.#permits(principal, grant, action, true)))
      return { kind: 'step-up' };
    return { kind: 'denied', roles: this.rolesFor(action) };
  }

  /** Roles that may do it everywhere. */
  rolesFor(action: string): Role[] {
    const anybody: Principal = { id: 'person:anybody', name: '', grants: [], session: null };
    return roles.filter((role) =>
      this.#permits(
        anybody,
        { role, sites: null, zones: null, until: null, origin: 'assigned' },
        action,
        true,
      ),
    );
  }

  #permits(principal: Principal, grant: Grant | null, action: string, steppedUp: boolean): boolean {
    const emergency = grant?.origin === 'break-glass' || principal.session?.method === 'emergency';
    const sites = grant?.sites ?? [null];
    return sites.some((site) =>
      this.#kept1({ holder: principal.id, role: grant?.role ?? null, action, site, steppedUp, emergency }),
    );
  }

  #kept1(question: Question): boolean {
    const { holder, role, action, site, steppedUp, emergency } = question;
    const key = `${holder}\n${role}\n${action}\n${site}\n${steppedUp}\n${emergency}`;
    const before = this.#kept.get(key);
    if (before !== undefined) return before;
    const answer = this.ask(question);
    if (this.#kept.size >= KEPT) this.#kept.clear();
    this.#kept.set(key, answer);
    return answer;
  }

  /** Cedar's own answer, not remembered. A policy that fails on a question denies it. */
  ask({ holder, role, action, site, steppedUp, emergency }: Question): boolean {
    this.asked += 1;
    const principal = { type: 'Wardline::Holder', id: holder };
    const resource = { type: 'Wardline::Place', id: site === null ? 'anywhere' : `site:${site}` };
    const parents = role === null ? [] : [{ type: 'Wardline::Role', id: role }];
    const answer = statefulIsAuthorized({
      principal,
      action: { type: 'Wardline::Action', id: action },
      resource,
      context: { steppedUp, emergency },
      preparsedSchemaName: this.#parsed.schema,
      preparsedPolicySetId: this.#parsed.policies,
      validateRequest: true,
      entities: [
        { uid: principal, attrs: { kind: kindOf(holder) }, parents },
        { uid: resource, attrs: site === null ? {} : { site }, parents: [] },
      ],
    });
    return (
      answer.type === 'success' &&
      answer.response.decision === 'allow' &&
      answer.response.diagnostics.errors.length === 0
    );
  }
}

export interface Question {
  holder: string;
  /** One at a time: what several roles allow together is what each allows by itself. */
  role: Role | null;
  action: string;
  site: number | null;
  steppedUp: boolean;
  emergency: boolean;
}

const kindOf = (holder: string): string =>
  holder.includes(':') ? holder.slice(0, holder.indexOf(':')) : 'machine';

/** Whoever reads the data directory proves it by that. */
function isSteppedUp({ id, session }: Principal, now: number): boolean {
  if (id === 'command line') return true;
  return session !== null && session.steppedUp !== null && now - session.steppedUp < STEP_UP_MICROS;
}

/** Null where one of the grants holds everywhere. */
function scopeOf(grants: readonly Grant[]): readonly Scope[] | null {
  const isEverywhere = grants.some(({ sites, zones }) => sites === null && zones === null);
  return isEverywhere ? null : grants.map(({ sites, zones }) => ({ sites, zones }));
}
