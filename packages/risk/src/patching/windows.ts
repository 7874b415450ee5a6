import type { Micros, WeeklyWindow } from '@wardline/model';

const QUARTER: Micros = 15 * 60 * 1_000_000;
const HOUR: Micros = 4 * QUARTER;
const DAY: Micros = 24 * HOUR;
/** Two weeks: one occurrence at least, also where the hour is skipped when clocks change. */
const DAYS_AHEAD = 15;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export interface Slot {
  from: Micros;
  until: Micros;
}

/** When weekly windows are open, around one moment. Every zone has full hours at some quarter of an hour of UTC. */
export class WindowTimes {
  readonly #at: Micros;
  readonly #zones = new Map<string, ReadonlyMap<string, Micros[]>>();

  constructor(at: Micros) {
    this.#at = at;
  }

  /** The one that is open at the moment, else the earliest that begins after it; null without a window. */
  next(windows: readonly WeeklyWindow[]): Slot | null {
    return this.open(windows) ?? this.#slots(windows).find(({ from }) => from > this.#at) ?? null;
  }

  /** From when until when windows are open without a break around the moment; null where none of them is open at it. */
  open(windows: readonly WeeklyWindow[]): Slot | null {
    const slots = this.#slots(windows);
    let open = slots.find(({ from, until }) => from <= this.#at && this.#at < until) ?? null;
    // In order of their beginning: what begins before the end so far goes on with it.
    for (const { from, until } of slots)
      if (open !== null && from <= open.until && until >= open.from)
        open = { from: Math.min(open.from, from), until: Math.max(open.until, until) };
    return open;
  }

  /** In order of their beginning. A window is as long as it is said to be, also where clocks change within it. */
  #slots(windows: readonly WeeklyWindow[]): Slot[] {
    return windows
      .flatMap(({ day, fromHour, hours, timeZone }) =>
        (this.#openings(timeZone).get(`${day} ${fromHour}`) ?? []).map((from) => ({
          from,
          until: from + hours * HOUR,
        })),
      )
      .toSorted((a, b) => a.from - b.from);
  }

  /** Per day and full hour of a zone, when it comes from a day before the moment on; where clocks go back, the first of two. */
  #openings(timeZone: string): ReadonlyMap<string, Micros[]> {
    const known = this.#zones.get(timeZone);
    if (known !== undefined) return known;
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const openings = new Map<string, Micros[]>();
    // Two hours more than the longest window, so that the first of two equal hours is seen.
    const first = Math.floor(this.#at / QUARTER) * QUARTER - DAY - 2 * HOUR;
    for (let at = first; at <= this.#at + DAYS_AHEAD * DAY; at += QUARTER) {
      const [weekday = '', time = ''] = clock.format(at / 1000).split(/,? /);
      if (!time.endsWith(':00')) continue;
      const key = `${DAYS.indexOf(weekday)} ${Number(time.slice(0, 2))}`;
      const before = openings.get(key);
      if (before === undefined) openings.set(key, [at]);
      else if (at - before.at(-1)! > DAY) before.push(at);
    }
    this.#zones.set(timeZone, openings);
    return openings;
  }
}
