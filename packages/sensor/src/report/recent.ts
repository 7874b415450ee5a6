import type { Endpoint, FactValue, Sighting } from '@wardline/model';
import type { Observation, Service } from './sink.ts';

/** Most protocols say a dozen things over and over: more would cost more to search than they save. */
const MOST = 16;

/** The objects by which the conversation named the sighting's parties, which may be other ones than the sighting's. */
interface Said {
  subject: Endpoint;
  service: Service | null;
  peer: Endpoint | null;
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
      if (said.sighting.kind !== kind || said.subject !== subject) continue;
      if (said.service !== service || said.peer !== peer) continue;
      if (isEqual(facts, said.sighting.facts as Record<string, FactValue>)) return said.sighting;
    }
    return null;
  }

  keep({ subject, service, peer }: Observation, sighting: Sighting): void {
    this.#said[this.#oldest] = { subject, service, peer, sighting };
    this.#oldest = (this.#oldest + 1) % MOST;
  }

  clear(): void {
    this.#said.length = 0;
    this.#oldest = 0;
  }
}

/** True for the same facts in the same order: exactly those share a key in the table. */
function isEqual(facts: Record<string, FactValue>, others: Record<string, FactValue>): boolean {
  const names = Object.keys(others);
  let at = 0;
  for (const name in facts) {
    if (name !== names[at] || !isSame(facts[name], others[name])) return false;
    at += 1;
  }
  return at === names.length;
}

function isSame(value: FactValue | undefined, other: FactValue | undefined): boolean {
  if (value === other) return true;
  if (!Array.isArray(value) || !Array.isArray(other) || value.length !== other.length) return false;
  return value.every((item, at) => item === other[at]);
}
