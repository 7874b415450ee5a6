import type { Endpoint, FactValue, Sighting } from '@wardline/model';
import type { Observation, Service } from './sink.ts';

/** Most protocols say a dozen things over and over: more would cost more to search than they save. */
const MOST = 16;

/** The objects by which the conversation named the sighting's parties, which may be other ones than the sighting's. */
interface Said {
  subject: Endpoint;
  service: Service | null;
  peer: Endpoint | null;
  /** As they were given, which a session may give again. */
  facts: Record<string, FactValue>;
  sighting: Sighting;
}

/**
 * What one conversation said last, so that what it says again is counted without a key being made of it. It only
 * answers with what the table holds: a drain clears it.
 */
export class Recent {
  readonly #said: Said[] = [];
  #oldest = 0;

  get isEmpty(): boolean {
    return this.#said.length === 0;
  }

  find({ kind, subject, service, peer, facts }: Observation): Sighting | null {
    for (const said of this.#said) {
      const again = said.facts === facts && said.subject === subject && said.peer === peer;
      if (again && said.service === service && said.sighting.kind === kind) return said.sighting;
    }
    for (const said of this.#said) {
      if (said.sighting.kind !== kind || said.subject !== subject) continue;
      if (said.service !== service || said.peer !== peer) continue;
      if (isEqual(facts, said.sighting.facts as Record<string, FactValue>)) return said.sighting;
    }
    return null;
  }

  keep({ subject, service, peer, facts }: Observation, sighting: Sighting): void {
    this.#said[this.#oldest] = { subject, service, peer, facts, sighting };
    this.#oldest = (this.#oldest + 1) % MOST;
  }

  clear(): void {
    this.#said.length = 0;
    this.#oldest = 0;
  }
}

/** True for the same facts; an absent one that is named is not looked through, so that the answer may be a false no. */
export function isEqual(facts: Record<string, FactValue>, others: Record<string, FactValue>): boolean {
  let count = 0;
  for (const name in facts) {
    const value = facts[name];
    if (value === undefined || !isSame(value, others[name])) return false;
    count += 1;
  }
  for (const _ in others) count -= 1;
  return count === 0;
}

function isSame(value: FactValue, other: FactValue | undefined): boolean {
  if (value === other) return true;
  if (!Array.isArray(value) || !Array.isArray(other) || value.length !== other.length) return false;
  return value.every((item, at) => item === other[at]);
}
