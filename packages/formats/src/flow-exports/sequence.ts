import { FLOW_GAPS, FLOW_LATE, FLOW_OVERTAKEN, FLOW_STRAYS } from '../limits.ts';

interface Gap {
  from: number;
  size: number;
  missing: number;
  /** Messages that came since. */
  age: number;
}

/** What a number tells: whether the exporter began anew, and how many units are now known to be lost. */
export interface Taken {
  restarted: boolean;
  lost: number;
}

/**
 * The numbers of one exporter's messages, modulo 2³². A gap counts as lost only when enough messages came after it: what
 * was overtaken on its way fills it again.
 */
export class Sequence {
  #next: number | null = null;
  #gaps: Gap[] = [];
  #strays = 0;
  #slack = 0;
  #before: number | null = null;
  /** Some exporters count the records of a message in its own number, which RFC 7011 §3.1 means to be of those before it. */
  #countsOwn = false;
  readonly #mayCountOwn: boolean;

  constructor(mayCountOwn = false) {
    this.#mayCountOwn = mayCountOwn;
  }

  /**
   * Takes the number of a message that advances the sequence by `units` (messages, flows or records, as the version counts);
   * null where that cannot be told, after which the next number is taken as it comes. `slack` of them are options, which some
   * exporters count and others do not.
   */
  take(stated: number, units: number | null, slack = 0): Taken {
    if (units !== null && this.#isOwnCount(stated, units)) this.#countOwn(stated - units);
    this.#before = stated;
    const number = this.#countsOwn ? (stated - (units ?? 0)) >>> 0 : stated;
    const apart = this.#next === null ? 0 : (number - this.#next) | 0;
    const distance = Math.abs(apart) <= slack + this.#slack ? 0 : apart;
    this.#slack = slack;
    if (distance < -FLOW_LATE) return this.restart(number, units);
    if (distance < 0) return this.#late(number, units);
    this.#strays = 0;
    if (distance > 0) this.#gaps.push({ from: this.#next ?? 0, size: distance, missing: distance, age: 0 });
    this.#next = units === null ? null : (number + units) >>> 0;
    return { restarted: false, lost: this.#older() };
  }

  #isOwnCount(stated: number, units: number): boolean {
    return (
      this.#mayCountOwn &&
      !this.#countsOwn &&
      this.#before !== null &&
      stated !== this.#next &&
      (this.#before + units) >>> 0 === stated
    );
  }

  #countOwn(next: number): void {
    this.#countsOwn = true;
    this.#next = next >>> 0;
    this.#gaps = [];
  }

  /** Begins anew at this number: what was still missing never comes. */
  restart(number: number, units: number | null): Taken {
    const lost = this.end();
    this.#strays = 0;
    this.#next = units === null ? null : (number + units) >>> 0;
    return { restarted: true, lost };
  }

  /** What is still missing when nothing more will come. */
  end(): number {
    const lost = this.#gaps.reduce((sum, { missing }) => sum + missing, 0);
    this.#gaps = [];
    return lost;
  }

  /** A late message fills its gap. Several that fill none are no copies: the exporter counts from the beginning again. */
  #late(number: number, units: number | null): Taken {
    this.#before = null;
    const gap = this.#gaps.find(({ from, size }) => (number - from) >>> 0 < size);
    if (gap !== undefined) {
      gap.missing = Math.max(0, gap.missing - (units ?? 1));
      this.#strays = 0;
    } else this.#strays += 1;
    if (this.#strays >= FLOW_STRAYS) return this.restart(number, units);
    return { restarted: false, lost: this.#older() };
  }

  #older(): number {
    let lost = 0;
    for (const gap of this.#gaps) gap.age += 1;
    while (this.#gaps.length > FLOW_GAPS || (this.#gaps[0]?.age ?? 0) > FLOW_OVERTAKEN)
      lost += this.#gaps.shift()?.missing ?? 0;
    return lost;
  }
}
