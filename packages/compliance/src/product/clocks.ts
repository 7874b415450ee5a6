import { formatMicros, type Micros, type ProductWeakness, type Timeliness } from '@wardline/model';

const DAY_MICROS = 86_400_000_000;

/** A weakness of a product as it is known, before its clock is read. */
export interface KnownWeakness {
  id: string;
  title: string;
  component: string;
  critical: boolean;
  learnt: Micros;
  fix: { version: string; at: Micros; by: 'advisory' | 'bill of materials' | 'report' } | null;
  plan: ProductWeakness['plan'];
}

/** Days that the manufacturer gives itself; null: it has not said. */
export interface PatchCycle {
  cycleDays: number | null;
  criticalDays: number | null;
}

/** How a weakness stands at a moment: 524B(b)(2)(A) for the regular cycle, (B) for what is critical. */
export function clockedWeakness(
  weakness: KnownWeakness,
  { cycleDays, criticalDays }: PatchCycle,
  at: Micros,
): ProductWeakness {
  const { learnt, fix, ...rest } = weakness;
  const days = weakness.critical ? criticalDays : cycleDays;
  const due = days === null ? null : learnt + days * DAY_MICROS;
  return {
    ...rest,
    learnt: formatMicros(learnt),
    due: due === null ? null : formatMicros(due),
    state: stateOf(fix?.at ?? null, due, at),
    fix: fix === null ? null : { ...fix, at: formatMicros(fix.at) },
  };
}

function stateOf(fixed: Micros | null, due: Micros | null, at: Micros): ProductWeakness['state'] {
  if (fixed !== null) return due === null || fixed <= due ? 'fixed' : 'fixed-late';
  if (due === null) return 'no-clock';
  return at > due ? 'overdue' : 'running';
}

/** The measures that FDA's premarket guidance asks for (section VI.A): share and time of what was fixed, from records alone. */
export function timelinessOf(
  weaknesses: readonly ProductWeakness[],
  { devices, onNewest }: Pick<Timeliness, 'devices' | 'onNewest'>,
): Timeliness {
  const of = (state: ProductWeakness['state']) => weaknesses.filter((one) => one.state === state).length;
  return {
    known: weaknesses.length,
    inTime: of('fixed'),
    late: of('fixed-late'),
    running: of('running'),
    overdue: of('overdue'),
    withoutClock: of('no-clock'),
    planned: weaknesses.filter(({ fix, plan }) => fix === null && plan !== null).length,
    medianDays: medianOf(weaknesses),
    medianCriticalDays: medianOf(weaknesses.filter(({ critical }) => critical)),
    devices,
    onNewest,
  };
}

/** Days from when it was known to its fix; a fix that was there before counts as none. Null where nothing is fixed. */
function medianOf(weaknesses: readonly ProductWeakness[]): number | null {
  const days = weaknesses
    .flatMap(({ learnt, fix }) =>
      fix === null ? [] : [(Date.parse(fix.at) - Date.parse(learnt)) / 86_400_000],
    )
    .map((span) => Math.max(0, span))
    .toSorted((a, b) => a - b);
  if (days.length === 0) return null;
  const middle = (days[(days.length - 1) >> 1]! + days[days.length >> 1]!) / 2;
  return Math.round(middle * 10) / 10;
}
