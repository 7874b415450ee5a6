import type { Endpoint, FactKind, FactValue, Protection } from '@wardline/model';
import { protections } from '@wardline/model';
import { MAX_FACT_ITEM, MAX_FACT_ITEMS, MAX_FACT_TEXT } from '../limits.ts';
import type { Recent } from './recent.ts';

/** The service a fact was seen on: the server's port. */
export interface Service {
  transport: 'tcp' | 'udp';
  port: number;
}

/** A sighting before it is counted: what makes it equal to another. Its facts may still be beyond the bounds. */
export interface Observation {
  kind: FactKind;
  subject: Endpoint;
  service: Service | null;
  peer: Endpoint | null;
  facts: Record<string, FactValue>;
}

/**
 * Counts an observation; returns what keeps its marks, or null where it is not kept. `recent` is what the same
 * conversation said before.
 */
export type ObservationSink = (observation: Observation, recent: Recent | null) => { marks: string[] } | null;

/** What dissectors say of a conversation as a whole. */
export interface ConversationFacts {
  application: string | null;
  protection: Protection;
  notes: Map<string, string | number | boolean>;
}

/** The firmer of two words on protection: any encryption beats clear, clear beats unknown; else the later one holds. */
export function firmerProtection(before: Protection, now: Protection): Protection {
  return firmness(now) >= firmness(before) ? now : before;
}

function firmness(protection: Protection): number {
  return Math.min(protections.indexOf(protection), 2);
}

/**
 * Facts as they may cross a machine boundary: what is absent is left out, texts and lists are cut to the schema's
 * bounds. Facts that keep to all that are returned as they are, so whoever keeps them makes a copy.
 */
export function boundedFacts(facts: object): Record<string, FactValue> {
  const given = facts as Record<string, FactValue | undefined>;
  for (const name in given) {
    const value = given[name];
    if (
      value === undefined ||
      typeof value === 'object' ||
      (typeof value === 'string' && value.length > MAX_FACT_TEXT)
    ) {
      return cutFacts(given);
    }
  }
  return given as Record<string, FactValue>;
}

function cutFacts(facts: Record<string, FactValue | undefined>): Record<string, FactValue> {
  const bounded: Record<string, FactValue> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined) bounded[name] = boundedFact(value);
  }
  return bounded;
}

/** A text that two sets of facts share exactly when they are equal: each value with its type and length before it. */
export function factsKey(facts: Record<string, FactValue>): string {
  let key = '';
  for (const name in facts) {
    const value = facts[name]!;
    key += name;
    if (typeof value === 'string') key += `"${value.length}:${value}`;
    else if (typeof value === 'object') key += JSON.stringify(value);
    else key += `=${value};`;
  }
  return key;
}

function boundedFact(value: FactValue): FactValue {
  if (typeof value === 'string') return value.slice(0, MAX_FACT_TEXT);
  if (Array.isArray(value)) return value.slice(0, MAX_FACT_ITEMS).map((item) => item.slice(0, MAX_FACT_ITEM));
  return value;
}
