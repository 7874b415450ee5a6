import { assessBreach, type BreachFacts, discoveredOn, type LawEnforcementDelay } from './breach.ts';

/** Whom a notice goes to, or what has to be kept. */
export const breachNotices = ['individuals', 'media', 'secretary', 'covered-entity', 'records'] as const;
export type BreachNotice = (typeof breachNotices)[number];

/** One clock: the last day, with the rule and how it was reckoned. */
export interface BreachClock {
  notice: BreachNotice;
  clause: string;
  /** The last day, `YYYY-MM-DD`. The rule asks for no unreasonable delay before it. */
  due: string;
  because: string;
}

/** 45 CFR 164.404(b), 164.406(b), 164.410(b): calendar days after discovery. */
const NOTICE_DAYS = 60;
/** 45 CFR 164.408(b): from here on the Secretary is told when the individuals are. */
const MANY = 500;
/** 45 CFR 164.408(c): days after the end of the calendar year of discovery. */
const YEARLY_DAYS = 60;
/** 45 CFR 164.412(b): what was only said holds no longer. */
const ORAL_DAYS = 30;
/** 45 CFR 164.530(j)(2), 164.414(b). */
const RECORD_YEARS = 6;

/**
 * The clocks of an event, the earliest first. A number that nobody has counted yet counts as a large one, so that no clock is
 * missed; an event that need not be notified leaves the records alone.
 */
export function breachClocks(facts: BreachFacts): BreachClock[] {
  const discovered = discoveredOn(facts);
  const records: BreachClock = {
    notice: 'records',
    clause: '164.414(b), 164.530(j)',
    due: yearsAfter(discovered, RECORD_YEARS),
    because: 'Assessment and notices are kept for six years: the burden of proof is yours.',
  };
  if (!assessBreach(facts).notifiable) return [records];
  const notices =
    facts.role === 'business-associate' ? [toCoveredEntity(discovered)] : ofCoveredEntity(facts, discovered);
  const delayed = notices.map((clock) => later(clock, facts.delay));
  return [...delayed, records].toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
}

// 45 CFR 164.410(b)
function toCoveredEntity(discovered: string): BreachClock {
  const because = `The covered entity is told within ${NOTICE_DAYS} days of discovery on ${discovered}.`;
  return { notice: 'covered-entity', clause: '164.410', due: daysAfter(discovered, NOTICE_DAYS), because };
}

function ofCoveredEntity({ individuals, mostInOneState }: BreachFacts, discovered: string): BreachClock[] {
  const due = daysAfter(discovered, NOTICE_DAYS);
  const within = `within ${NOTICE_DAYS} days of discovery on ${discovered}`;
  return [
    { notice: 'individuals', clause: '164.404', due, because: `Each person is told ${within}.` },
    ...toMedia(mostInOneState ?? individuals, due, within),
    toSecretary(individuals, discovered, due),
  ];
}

/** 45 CFR 164.406(a): more than 500 residents of one state or jurisdiction. */
function toMedia(inOneState: number | null, due: string, within: string): BreachClock[] {
  if (inOneState !== null && inOneState <= MANY) return [];
  const counted =
    inOneState === null ? 'while nobody has counted them' : `of whom ${inOneState} live in one state`;
  return [
    { notice: 'media', clause: '164.406', due, because: `Prominent media are told ${within}, ${counted}.` },
  ];
}

/** 45 CFR 164.408: at once with the individuals from 500 on, else once a year. */
function toSecretary(individuals: number | null, discovered: string, due: string): BreachClock {
  if (individuals === null || individuals >= MANY) {
    const counted =
      individuals === null ? 'nobody has counted the people yet' : `it concerns ${individuals} people`;
    return {
      notice: 'secretary',
      clause: '164.408(b)',
      due,
      because: `HHS is told when the individuals are, since ${counted}.`,
    };
  }
  const year = discovered.slice(0, 4);
  return {
    notice: 'secretary',
    clause: '164.408(c)',
    due: daysAfter(`${year}-12-31`, YEARLY_DAYS),
    because: `HHS is told within ${YEARLY_DAYS} days of the end of ${year}, since it concerns ${individuals} people, fewer than ${MANY}.`,
  };
}

/** 45 CFR 164.412: a notice waits as long as the statement says, and the usual day stands where it is later. */
function later(clock: BreachClock, delay: LawEnforcementDelay | null): BreachClock {
  const until = delay === null ? null : delayedUntil(delay);
  if (until === null || until <= clock.due) return clock;
  return {
    ...clock,
    due: until,
    because: `${clock.because} Law enforcement asked to wait until ${until} (164.412).`,
  };
}

function delayedUntil({ form, stated, until }: LawEnforcementDelay): string | null {
  return form === 'oral' ? daysAfter(stated, ORAL_DAYS) : until;
}

function daysAfter(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The 29th of February becomes the 1st of March where the year has none: later, never earlier. */
function yearsAfter(day: string, years: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCFullYear(at.getUTCFullYear() + years);
  return at.toISOString().slice(0, 10);
}
