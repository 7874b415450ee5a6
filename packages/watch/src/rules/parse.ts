import { criticalities, type Severity, severities } from '@wardline/model';
import { RULE_CHARS, RULE_DIAGNOSTICS, RULE_TERMS, RULE_TEXT, RULE_WITHIN } from './limits.ts';
import { addressNumber } from './network.ts';
import type { Amount, Hours, OneOf, Rule, RuleDiagnostic, ServiceTerm, Term } from './rule.ts';
import { type RuleToken, ruleTokens } from './tokens.ts';

export type ParsedRule = { ok: true; rule: Rule } | { ok: false; faults: RuleDiagnostic[] };

/** What begins a line's meaning; a fault is told and reading goes on at the next of these. */
const clauses = ['alert', 'from', 'to', 'over', 'at', 'in', 'unanswered', 'more', 'advice'] as const;
type Clause = (typeof clauses)[number];
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const everyDay = [0, 1, 2, 3, 4, 5, 6];
const bytes: Readonly<Record<string, number>> = { kB: 1000, MB: 1_000_000, GB: 1_000_000_000 };
const spans: Readonly<Record<string, number>> = { min: 60_000_000, h: 3_600_000_000 };

/** Reads a rule. Every fault says where it stands; a rule with one is no rule. */
export function parseRule(text: string): ParsedRule {
  if (text.length > RULE_CHARS) {
    const message = `A rule has ${RULE_CHARS} characters at the most`;
    return { ok: false, faults: [{ message, place: { line: 1, column: 1, length: 0 } }] };
  }
  return new RuleReader(text).read();
}

/** Thrown where a clause cannot be read on; never leaves this file. */
class Fault extends Error {}

class RuleReader {
  readonly #tokens: readonly RuleToken[];
  readonly #faults: RuleDiagnostic[];
  readonly #seen = new Set<Clause>();
  #at = 0;
  #rule: Rule = {
    severity: 'medium',
    title: '',
    from: null,
    to: null,
    over: null,
    at: null,
    clear: false,
    unanswered: false,
    amount: null,
    advice: null,
  };

  constructor(text: string) {
    const { tokens, faults } = ruleTokens(text);
    this.#tokens = tokens;
    this.#faults = faults;
  }

  read(): ParsedRule {
    while (this.#token.kind !== 'end') this.#clause();
    const { from, to, over } = this.#rule;
    if (this.#faults.length === 0 && !this.#seen.has('alert'))
      this.#report('A rule begins with: alert high "what it is called"');
    if (this.#faults.length === 0 && from === null && to === null && over === null)
      this.#report('A rule says from whom, to whom or over what: without that it means everything');
    if (this.#faults.length > 0) return { ok: false, faults: this.#faults.slice(0, RULE_DIAGNOSTICS) };
    return { ok: true, rule: this.#rule };
  }

  get #token(): RuleToken {
    return this.#tokens[this.#at]!;
  }

  #clause(): void {
    try {
      const name = this.#oneOf(clauses, 'a clause');
      if (this.#seen.has(name)) this.#fail(`“${name}” stands twice`, -1);
      this.#seen.add(name);
      this.#readClause[name]();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#skip();
    }
  }

  /** On to the next clause; at least one token is left behind. */
  #skip(): void {
    const isClause = ({ kind, text }: RuleToken) =>
      kind === 'end' || (kind === 'word' && clauses.some((one) => one === text));
    if (this.#token.kind !== 'end') this.#at += 1;
    while (!isClause(this.#token)) this.#at += 1;
  }

  readonly #readClause: Readonly<Record<Clause, () => void>> = {
    alert: () => {
      const severity: Severity = this.#oneOf(severities, 'a severity');
      this.#rule = { ...this.#rule, severity, title: this.#text('its title') };
    },
    from: () => this.#set({ from: this.#oneOrMore(() => this.#term()) }),
    to: () => this.#set({ to: this.#oneOrMore(() => this.#term()) }),
    over: () => this.#set({ over: this.#oneOrMore(() => this.#service()) }),
    at: () => this.#set({ at: this.#list(() => this.#hours()) }),
    in: () => {
      this.#oneOf(['clear'], 'what it is in');
      this.#set({ clear: true });
    },
    unanswered: () => this.#set({ unanswered: true }),
    more: () => this.#set({ amount: this.#amount() }),
    advice: () => this.#set({ advice: this.#text('what to do first') }),
  };

  #set(part: Partial<Rule>): void {
    this.#rule = { ...this.#rule, ...part };
  }

  #oneOrMore<T>(item: () => T): OneOf<T> {
    const any = this.#list(item);
    if (this.#token.kind !== 'word' || this.#token.text !== 'except') return { any, except: [] };
    this.#at += 1;
    return { any, except: this.#list(item) };
  }

  /** At least one, with commas between. */
  #list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.#token.kind === 'comma') {
      this.#at += 1;
      if (items.length === RULE_TERMS) this.#fail(`More than ${RULE_TERMS} stand in this list`);
      items.push(item());
    }
    return items;
  }

  #term(): Term {
    const kinds = [
      'outside',
      'inside',
      'unknown',
      'class',
      'zone',
      'criticality',
      'vlan',
      'address',
      'named',
    ] as const;
    const kind = this.#oneOf(kinds, 'who is meant');
    switch (kind) {
      case 'outside':
      case 'inside':
      case 'unknown':
        return { kind };
      case 'class':
      case 'zone':
        return { kind, name: this.#name(`the name of a ${kind}`) };
      case 'criticality':
        return { kind, name: this.#oneOf(criticalities, 'a criticality') };
      case 'vlan':
        return { kind, number: this.#number('the number of a VLAN', 0, 4094) };
      case 'address':
        return this.#address();
      default:
        return this.#named();
    }
  }

  #named(): Term {
    const text = this.#text('a name in quotation marks').toLowerCase();
    const isPrefix = text.endsWith('*');
    return { kind: 'named', text: isPrefix ? text.slice(0, -1) : text, prefix: isPrefix };
  }

  #address(): Term {
    const { text } = this.#word('an address or a network');
    const [address = '', bits] = text.toLowerCase().split('/');
    if (bits === undefined && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(address))
      return { kind: 'address', address, prefix: null };
    const most = addressNumber(address)?.bits ?? -1;
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
    if (most < 0 || !(prefix <= most)) this.#fail(`${text} is no address and no network as 10.1.0.0/16`, -1);
    return { kind: 'address', address, prefix };
  }

  #service(): ServiceTerm {
    const { text } = this.#word('a service as tcp/443 or hl7');
    const match = /^(tcp|udp|sctp)(?:\/(\d{1,5})(?:-(\d{1,5}))?)?$/.exec(text);
    if (match === null) {
      if (/^(icmp|icmpv6)$/.test(text)) return { kind: 'transport', transport: text };
      if (!/^[a-z][a-z0-9-]{0,31}$/.test(text))
        this.#fail(`${text} is no service as tcp/443, udp/1000-2000 or hl7`, -1);
      return { kind: 'application', name: text };
    }
    const [, transport = '', first, last] = match;
    if (first === undefined) return { kind: 'transport', transport };
    const [from, upTo] = [Number(first), Number(last ?? first)];
    if (upTo > 65_535 || from > upTo) this.#fail(`${text}: ports go from 0 to 65535, the lower first`, -1);
    return { kind: 'ports', transport, from, upTo };
  }

  /** `Mon-Fri 22:00-06:00`, `Sat`, `08:00-12:00`. */
  #hours(): Hours {
    const isDays = /^[A-Z]/.test(this.#token.text);
    const on = isDays ? this.#days() : everyDay;
    if (isDays && !/^\d/.test(this.#token.text)) return { days: on, from: 0, upTo: 1440 };
    const { text } = this.#word('hours as 22:00-06:00');
    const [from, upTo, ...more] = text.split('-').map(minuteOf);
    if (
      from === null ||
      upTo === null ||
      from === undefined ||
      upTo === undefined ||
      more.length > 0 ||
      from === upTo ||
      from === 1440
    )
      this.#fail(`${text}: expected hours as 22:00-06:00`, -1);
    return { days: on, from, upTo };
  }

  #days(): number[] {
    const { text } = this.#word('days as Mon-Fri');
    const [first = -1, last = first, ...more] = text.split('-').map((name) => days.indexOf(name));
    if (first < 0 || last < 0 || more.length > 0) this.#fail(`${text}: expected days as Mon or Mon-Fri`, -1);
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
  }

  /** Behind `more`: `than 10 MB sent in 1 h`, `than 20 peers in 5 min`. */
  #amount(): Amount {
    this.#oneOf(['than'], 'an amount');
    const count = this.#number('a number', 0, 1_000_000_000);
    const unit = this.#oneOf([...Object.keys(bytes), 'connections', 'peers'], 'what is counted');
    const factor = bytes[unit];
    const what =
      factor === undefined
        ? (unit as Amount['what'])
        : this.#oneOf(['sent', 'received', 'exchanged'] as const, 'a direction');
    this.#oneOf(['in'], 'within which time');
    const length = this.#number('a number', 1, 1440);
    const within = length * spans[this.#oneOf(Object.keys(spans), 'min or h')]!;
    if (within < RULE_WITHIN.least || within > RULE_WITHIN.most)
      this.#fail('Amounts are counted within a day at the most', -1);
    return { what, more: count * (factor ?? 1), within };
  }

  #number(expected: string, least: number, most: number): number {
    const { text } = this.#word(expected);
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most))
      this.#fail(`${text}: expected ${expected} from ${least} to ${most}`, -1);
    return number;
  }

  #oneOf<T extends string>(words: readonly T[], expected: string): T {
    const { kind, text } = this.#token;
    const found = kind === 'word' ? words.find((word) => word === text) : undefined;
    if (found === undefined) this.#fail(`Expected ${expected}: ${words.join(', ')}`);
    this.#at += 1;
    return found;
  }

  #word(expected: string): RuleToken {
    const token = this.#token;
    if (token.kind !== 'word') this.#fail(`Expected ${expected}`);
    this.#at += 1;
    return token;
  }

  /** A word, or a text where it has blanks. */
  #name(expected: string): string {
    return this.#token.kind === 'text' ? this.#text(expected) : this.#word(expected).text;
  }

  #text(expected: string): string {
    const { kind, text } = this.#token;
    if (kind !== 'text') this.#fail(`Expected ${expected} in quotation marks`);
    if (text.trim() === '' || text.length > RULE_TEXT) this.#fail(`Expected 1 to ${RULE_TEXT} characters`);
    this.#at += 1;
    return text;
  }

  /** Says what is wrong with this token, or with one before it, and leaves the clause. */
  #fail(message: string, before = 0): never {
    this.#at += before;
    this.#report(message);
    throw new Fault(message);
  }

  #report(message: string): void {
    if (this.#faults.length < RULE_DIAGNOSTICS) this.#faults.push({ message, place: this.#token.place });
  }
}

/** Minutes of the day; null where it is no time. 24:00 is the end of the day. */
function minuteOf(text: string): number | null {
  const [, hours = '', minutes = ''] = /^(\d{2}):(\d{2})$/.exec(text) ?? [];
  const at = hours === '' ? Number.NaN : Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && at <= 1440 ? at : null;
}
