import type { Conversation, Endpoint, Micros } from '@wardline/model';
import { isOutside } from '../engine/address.ts';
import type { Seen } from '../engine/scene.ts';
import { addressNumber, networkTest } from './network.ts';
import type { Hours, OneOf, Rule, ServiceTerm, Term } from './rule.ts';

/** What is known of a device beside its address, as far as rules ask. */
export interface RuleFacts {
  name: string;
  /** Null where nobody knows what it is. */
  class: string | null;
  criticality: string;
  zones: readonly string[];
}

/** By the name that the watch has for a device; null where it is no known asset. */
export type FactsOf = (device: string) => RuleFacts | null;
/** Minutes since Monday 0:00 in the site's own time. */
export type MinuteOfWeek = (at: Micros) => number;

export interface Known {
  factsOf: FactsOf;
  minuteOfWeek: MinuteOfWeek;
}

/** A rule that can be asked of conversations. */
export interface NamedRule {
  /** What alerts are told apart by. */
  name: string;
  rule: Rule;
  matches: (seen: Seen, known: Known) => boolean;
}

type Side = (endpoint: Endpoint, device: string, known: Known) => boolean;

/** True for each conversation that a rule means; amounts are counted elsewhere. */
export function judgeOf(name: string, rule: Rule): NamedRule {
  const from = sideOf(rule.from);
  const to = sideOf(rule.to);
  const over = rule.over === null ? null : oneOf(rule.over, serviceTest);
  const matches = (seen: Seen, known: Known): boolean => {
    const { conversation } = seen;
    return (
      (over === null || over(conversation)) &&
      (!rule.clear || conversation.protection === 'clear') &&
      (!rule.unanswered || conversation.packetsFromServer === 0) &&
      from(conversation.client, seen.client, known) &&
      to(conversation.server, seen.server, known) &&
      (rule.at === null || isWithin(rule.at, known.minuteOfWeek(seen.at)))
    );
  };
  return { name, rule, matches };
}

function sideOf(terms: OneOf<Term> | null): Side {
  if (terms === null) return () => true;
  const [any, except] = [terms.any.map(sideTest), terms.except.map(sideTest)];
  return (endpoint, device, known) =>
    any.some((test) => test(endpoint, device, known)) &&
    !except.some((test) => test(endpoint, device, known));
}

function sideTest(term: Term): Side {
  switch (term.kind) {
    case 'outside':
      return ({ ip }) => isOutside(ip);
    case 'inside':
      return ({ ip }) => !isOutside(ip);
    case 'unknown':
      return ({ ip }, device, { factsOf }) => !isOutside(ip) && (factsOf(device)?.class ?? null) === null;
    case 'class':
      return (_, device, { factsOf }) => factsOf(device)?.class === term.name;
    case 'criticality':
      return (_, device, { factsOf }) => factsOf(device)?.criticality === term.name;
    case 'zone':
      return (_, device, { factsOf }) => factsOf(device)?.zones.includes(term.name) === true;
    case 'vlan':
      return ({ vlan }) => vlan === term.number;
    case 'address':
      return addressTest(term.address, term.prefix);
    default:
      return (_, device, { factsOf }) => {
        const name = factsOf(device)?.name.toLowerCase();
        return name !== undefined && (term.prefix ? name.startsWith(term.text) : name === term.text);
      };
  }
}

function addressTest(address: string, prefix: number | null): Side {
  if (prefix === null) return ({ mac }) => mac === address;
  const number = addressNumber(address);
  if (number === null) return () => false;
  const holds = networkTest(number, prefix);
  return ({ ip }) => ip !== null && holds(ip);
}

const oneOf =
  <T>({ any, except }: OneOf<T>, test: (term: T, conversation: Conversation) => boolean) =>
  (conversation: Conversation): boolean =>
    any.some((term) => test(term, conversation)) && !except.some((term) => test(term, conversation));

function serviceTest(term: ServiceTerm, { transport, serverPort, application }: Conversation): boolean {
  if (term.kind === 'application') return application === term.name;
  if (term.transport !== transport) return false;
  if (term.kind === 'transport') return true;
  return serverPort !== null && serverPort >= term.from && serverPort <= term.upTo;
}

const WEEK = 10_080;
const DAY = 1440;

function isWithin(hours: readonly Hours[], minute: number): boolean {
  return hours.some(({ days, from, upTo }) => {
    const length = upTo > from ? upTo - from : upTo - from + DAY;
    return days.some((day) => (minute - (day * DAY + from) + WEEK) % WEEK < length);
  });
}

/** Zones keep to quarters of an hour, so that one look at the calendar does for each. */
const QUARTER: Micros = 900_000_000;
const MINUTE: Micros = 60_000_000;

/** The minute of the week in a time zone (IANA name), summer time included. @throws RangeError where there is no such zone */
export function minuteOfWeekIn(timeZone: string): MinuteOfWeek {
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const parts = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, ...parts });
  const known = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / QUARTER);
    let start = known.get(quarter);
    if (start === undefined) {
      const found = Object.fromEntries(
        format.formatToParts((quarter * QUARTER) / 1000).map(({ type, value }) => [type, value]),
      );
      start = names.indexOf(found.weekday ?? 'Mon') * DAY + Number(found.hour) * 60 + Number(found.minute);
      if (known.size > 10_000) known.clear();
      known.set(quarter, start);
    }
    return start + Math.floor((at - quarter * QUARTER) / MINUTE);
  };
}
