import type { Endpoint, FactKind, FactValue, Protection } from '@wardline/model';
import { protections } from '@wardline/model';
import { MAX_FACT_ITEM, MAX_FACT_ITEMS, MAX_FACT_TEXT } from '../limits.ts';

/** The service a fact was seen on: the server's port. */
export interface Service {
  transport: 'tcp' | 'udp';
  port: number;
}

/** A sighting before it is counted: what makes it equal to another, and its marks. */
export interface Observation {
  kind: FactKind;
  subject: Endpoint;
  service: Service | null;
  peer: Endpoint | null;
  facts: Record<string, FactValue>;
  marks: string[];
}

export type ObservationSink = (observation: Observation) => void;

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

/** Facts as they may cross a machine boundary: what is absent is left out, texts and lists are cut to the schema's bounds. */
export function boundedFacts(facts: object): Record<string, FactValue> {
  const bounded: Record<string, FactValue> = {};
  for (const [name, value] of Object.entries(facts) as [string, FactValue | undefined][]) {
    if (value !== undefined) bounded[name] = boundedFact(value);
  }
  return bounded;
}

function boundedFact(value: FactValue): FactValue {
  if (typeof value === 'string') return value.slice(0, MAX_FACT_TEXT);
  if (Array.isArray(value)) return value.slice(0, MAX_FACT_ITEMS).map((item) => item.slice(0, MAX_FACT_ITEM));
  return value;
}
