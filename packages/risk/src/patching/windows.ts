import type { Micros, WeeklyWindow } from '@wardline/model';

const QUARTER: Micros = 15 * 60 * 1_000_000;
const HOUR: Micros = 4 * QUARTER;
/** Two weeks: one occurrence at least, also where the hour is skipped when clocks change. */
const DAYS_AHEAD = 15;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

export interface Slot {
  from: Micros;
  until: Micros;
}

/** When weekly windows next open, from one moment on. Every zone has full hours at some quarter of an hour of UTC. */
export class NextWindows {
  readonly #after: Micros;
  readonly #zones = new Map<string, ReadonlyMap<string, Micros>>();

  constructor(after: Micros) {
    this.#after = after;
  }

  /** The earliest that begins after the moment; null without a window. */
  next(windows: readonly WeeklyWindow[]): Slot | null {
    const slots = windows.flatMap(({ day, fromHour, hours, timeZone }): Slot[] => {
      const from = this.#openings(timeZone).get(`${day} ${fromHour}`);
      return from === undefined ? [] : [{ from, until: from + hours * HOUR }];
    });
    return slots.reduce<Slot | null>(
      (best, slot) => (best === null || slot.from < best.from ? slot : best),
      null,
    );
  }

  /** Per day and full hour of a zone, when it next comes. */
  #openings(timeZone: string): ReadonlyMap<string, Micros> {
    const known = this.#zones.get(timeZone);
    if (known !== undefined) return known;
    const clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const openings = new Map<string, Micros>();
    const first = (Math.floor(this.#after / QUARTER) + 1) * QUARTER;
    for (let at = first; at < first + DAYS_AHEAD * 24 * HOUR; at += QUARTER) {
      const [weekday = '', time = ''] = clock.format(at / 1000).split(/,? /);
      if (!time.endsWith(':00')) continue;
      const key = `${DAYS.indexOf(weekday)} ${Number(time.slice(0, 2))}`;
      if (!openings.has(key)) openings.set(key, at);
    }
    this.#zones.set(timeZone, openings);
    return openings;
  }
}
