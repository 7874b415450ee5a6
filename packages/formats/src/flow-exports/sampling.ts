import { FLOW_SAMPLERS, FLOW_SAMPLING } from '../limits.ts';
import type { Values } from './record.ts';

/** How the packets of one domain are sampled, as its options say: for each sampler, and for flows that name none. */
export class Sampling {
  readonly #samplers = new Map<number, number>();
  #others = 1;

  /** Takes what an options record says (RFC 3954 §6.1; RFC 5476 §6.5.2), where it says something of sampling. */
  learn(values: Values): void {
    const oneIn = oneInOf(values);
    const sampler = samplerOf(values);
    if (oneIn === null) return;
    if (sampler === null) this.#others = oneIn;
    else if (this.#samplers.has(sampler) || this.#samplers.size < FLOW_SAMPLERS)
      this.#samplers.set(sampler, oneIn);
  }

  /** One packet of how many was looked at, for a record of a flow. */
  of(values: Values): number {
    const own = oneInOf(values);
    if (own !== null) return own;
    const sampler = samplerOf(values);
    return (sampler === null ? undefined : this.#samplers.get(sampler)) ?? this.#others;
  }

  clear(): void {
    this.#samplers.clear();
    this.#others = 1;
  }
}

function samplerOf({ sampler, selector }: Values): number | null {
  const id = sampler ?? selector;
  return typeof id === 'number' && id !== 0 ? id : null;
}

function oneInOf(values: Values): number | null {
  const { packetInterval: taken, packetSpace: left } = values;
  if (typeof taken === 'number' && typeof left === 'number' && taken > 0)
    return bounded((taken + left) / taken);
  const interval = values.randomInterval ?? values.samplingInterval;
  return typeof interval === 'number' && interval > 0 ? bounded(interval) : null;
}

function bounded(oneIn: number): number | null {
  return oneIn <= FLOW_SAMPLING ? Math.max(1, Math.round(oneIn)) : null;
}
