import type { Reminder, Supplier } from '@wardline/model';

type Known = Pick<Supplier, 'id' | 'details' | 'disclosure'>;

/** Days before the end of an agreement or of support in which somebody has to act: a contract takes a quarter of a year. */
export const SOON_DAYS = 90;

/**
 * What runs out, has run out or is missing at a supplier. A business associate without an agreement in force is a gap by itself
 * (45 CFR 164.308(b)(1), 164.502(e)). `today` as YYYY-MM-DD.
 */
export function remindersOf(supplier: Known, today: string): Reminder[] {
  return [
    ...agreements(supplier, today),
    ...support(supplier, today),
    ...channels(supplier),
    ...disclosure(supplier, today),
  ];
}

const reminder = ({ id, details }: Known, rest: Omit<Reminder, 'supplier' | 'supplierName'>): Reminder => ({
  supplier: id,
  supplierName: details.name,
  ...rest,
});

function dueIn(day: string, today: string): Reminder['state'] | null {
  if (day < today) return 'overdue';
  const days = (Date.parse(day) - Date.parse(today)) / 86_400_000;
  return days <= SOON_DAYS ? 'soon' : null;
}

function agreements(supplier: Known, today: string): Reminder[] {
  const { agreements: all, handlesPatientData } = supplier.details;
  // An agreement that another of its kind outlives is history.
  const lasting = (kind: string) =>
    all.filter((one) => one.kind === kind && (one.expires === null || one.expires >= today));
  const due = all.flatMap(({ kind, title, expires }) => {
    const state = expires === null ? null : dueIn(expires, today);
    if (state === null || (state === 'overdue' && lasting(kind).length > 0)) return [];
    const what = kind === 'baa' ? 'Business Associate Agreement' : 'Agreement';
    const text = `${what} "${title}" ${state === 'overdue' ? 'ran out' : 'runs out'} on ${expires}.`;
    return [reminder(supplier, { kind: 'agreement', state, day: expires, text })];
  });
  const has = all.some(({ kind }) => kind === 'baa');
  if (handlesPatientData !== 'yes' || has) return due;
  const text = 'It handles data of patients, and there is no Business Associate Agreement.';
  return [...due, reminder(supplier, { kind: 'no-agreement', state: 'missing', day: null, text })];
}

function support(supplier: Known, today: string): Reminder[] {
  return supplier.details.products.flatMap(({ model, endOfSupport: day }) => {
    const state = day === null ? null : dueIn(day, today);
    if (state === null) return [];
    const text = `Support of ${model} ${state === 'overdue' ? 'ended' : 'ends'} on ${day}.`;
    return [reminder(supplier, { kind: 'support', state, day, text })];
  });
}

function channels(supplier: Known): Reminder[] {
  return supplier.details.channels
    .filter(({ kind, containedBy }) => kind !== 'on-site' && containedBy === '')
    .map(({ name }) =>
      reminder(supplier, {
        kind: 'channel',
        state: 'missing',
        day: null,
        text: `Its way in "${name}" is contained by no policy that is known.`,
      }),
    );
}

/** RFC 9116 §2.5.5: what has expired is not to be trusted. */
function disclosure(supplier: Known, today: string): Reminder[] {
  const day = supplier.disclosure?.expires?.slice(0, 10) ?? null;
  if (day === null || day >= today) return [];
  const text = `Its security.txt ran out on ${day}: the addresses in it may no longer hold.`;
  return [reminder(supplier, { kind: 'disclosure', state: 'overdue', day, text })];
}

const urgency = { overdue: 0, missing: 1, soon: 2 } as const;

/** Most urgent first, then by day. */
export const mostUrgentFirst = (a: Reminder, b: Reminder): number =>
  urgency[a.state] - urgency[b.state] ||
  (a.day ?? '').localeCompare(b.day ?? '') ||
  a.supplierName.localeCompare(b.supplierName);
