import { CHAIN_DEPTH, CONFIGURATION_CHARACTERS } from '../limits.ts';
import { families } from '../resolve.ts';
import type { Line, ReadResult, Ruleset, Unmodelled } from '../ruleset.ts';
import { type Family, mergeRanges, parseAddressRange, type Range, wholeRange } from '../space/addresses.ts';
import { intersectAll, subtractAll, subtractRanges } from '../space/boxes.ts';
import { type Box, bitsOf, type Field, protocols } from '../space/packet.ts';
import { type NftToken, tokeniseNft } from './nftables-tokens.ts';
import { withoutVariables } from './nftables-variables.ts';
import { icmpTypeNames, portNames } from './port-names.ts';

/** Thrown within this reader and caught at its door. */
class NftFault extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

interface Chain {
  name: string;
  line: number;
  /** Chains of other types (nat, route) decide on no packet. */
  isFilter: boolean;
  hook: string | null;
  policy: 'accept' | 'drop';
  priority: number;
  rules: Rule[];
}

type Verdict = { kind: 'accept' } | { kind: 'drop' } | { kind: 'return' } | Jump;
interface Jump {
  kind: 'jump' | 'goto';
  chain: string;
}

/** What a rule asks of a packet, by family; both empty where it holds none. */
type Boxes = Record<Family, Box[]>;

interface Rule {
  line: number;
  text: string;
  boxes: Boxes;
  /** Null where the rule only counts or logs. */
  verdict: Verdict | null;
  unmodelled: string | null;
}

/**
 * Reads the chains of a ruleset that stand in the forward hook (or, with `hook`, in another). What it does not model
 * (interfaces, marks, rates) is told; a rule with such a condition counts as if it always held where it accepts and never
 * where it drops, so that what is said to pass is never too little.
 */
export function readNftables(text: string, hook = 'forward'): ReadResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const written = tokeniseNft(text);
  if (!Array.isArray(written)) return { fault: written };
  const tokens = withoutVariables(written);
  if (!Array.isArray(tokens)) return { fault: tokens };
  try {
    return {
      rulesets: new Reader(tokens, text.split('\n')).tables().flatMap((table) => rulesetsOf(table, hook)),
    };
  } catch (error) {
    if (error instanceof NftFault) return { fault: { line: error.line, message: error.message } };
    throw error;
  }
}

interface Table {
  family: string;
  name: string;
  chains: Map<string, Chain>;
  sets: Map<string, Values>;
  /** The elements of verdict maps, as tokens. */
  maps: Map<string, readonly NftToken[]>;
}

const familiesOf: Readonly<Record<string, readonly Family[]>> = { inet: [4, 6], ip: [4], ip6: [6] };

class Reader {
  readonly #tokens: readonly NftToken[];
  readonly #lines: readonly string[];
  #at = 0;

  constructor(tokens: readonly NftToken[], lines: readonly string[]) {
    this.#tokens = tokens;
    this.#lines = lines;
  }

  get #token(): NftToken {
    return this.#tokens[this.#at]!;
  }

  #next(): NftToken {
    const token = this.#token;
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  #fail(expected: string): never {
    const { kind, text, line } = this.#token;
    throw new NftFault(
      line,
      `expected ${expected}, found ${kind === 'end' ? 'the end' : JSON.stringify(text)}`,
    );
  }

  #skipSeparators(): void {
    while (this.#token.kind === 'newline' || this.#isMark(';')) this.#next();
  }

  #skipNewlines(): void {
    while (this.#token.kind === 'newline') this.#next();
  }

  #isMark(text: string): boolean {
    return this.#token.kind === 'mark' && this.#token.text === text;
  }

  #mark(text: string): void {
    if (!this.#isMark(text)) this.#fail(JSON.stringify(text));
    this.#next();
  }

  #takeWord(...words: readonly string[]): string | null {
    if (this.#token.kind !== 'word' || !words.includes(this.#token.text)) return null;
    return this.#next().text;
  }

  #word(expected: string): string {
    if (this.#token.kind !== 'word' && this.#token.kind !== 'string') this.#fail(expected);
    return this.#next().text;
  }

  tables(): Table[] {
    const tables = new Map<string, Table>();
    for (this.#skipSeparators(); this.#token.kind !== 'end'; this.#skipSeparators()) {
      if (this.#takeWord('flush')) this.#flush(tables);
      else if (this.#takeWord('delete', 'destroy')) this.#deletes(tables);
      else if (this.#takeWord('add', 'create', 'insert'))
        this.#adds(tables, this.#tokens[this.#at - 1]!.text);
      else this.#table(tables);
    }
    return [...tables.values()];
  }

  #restOfLine(): void {
    while (this.#token.kind !== 'newline' && this.#token.kind !== 'end' && !this.#isMark(';')) this.#next();
  }

  /** `flush ruleset`, `flush table inet filter`, `flush chain inet filter forward` */
  #flush(tables: Map<string, Table>): void {
    const what = this.#word('ruleset, table or chain');
    if (what === 'ruleset') tables.clear();
    else if (what === 'table')
      for (const chain of this.#named(tables).chains.values()) chain.rules.length = 0;
    else if (what === 'chain') this.#chainOf(this.#named(tables)).rules.length = 0;
    this.#restOfLine();
  }

  #deletes(tables: Map<string, Table>): void {
    const what = this.#word('table, chain or rule');
    if (what !== 'table') this.#failBefore(`deleting a ${what} is not read: only a whole ruleset is`);
    const family = this.#family();
    if (this.#takeWord('handle')) this.#failBefore('a table by its handle is not read');
    tables.delete(`${family} ${this.#word('the name of a table')}`);
  }

  /** `add rule inet filter forward …` and the like, as scripts give them. */
  #adds(tables: Map<string, Table>, how: string): void {
    if (this.#token.text === 'table') {
      this.#table(tables);
      return;
    }
    const what = this.#word('table, chain, rule, set, map or element');
    const table = this.#named(tables);
    if (familiesOf[table.family] === undefined) this.#restOfRule();
    else if (what === 'chain') this.#chain(table);
    else if (what === 'rule') this.#addRule(table, how);
    else if (what === 'set') this.#set(table.sets);
    else if (what === 'map') this.#map(table);
    else if (what === 'element') this.#addElements(table);
    else this.#failBefore(`to ${how} a ${what} is not known here`);
  }

  #addRule(table: Table, how: string): void {
    const chain = this.#chainOf(table);
    if (this.#takeWord('position', 'index', 'handle')) this.#failBefore('a rule by its place is not read');
    const rules = this.#rules(table, chain);
    if (how === 'insert') chain.rules.unshift(...rules);
    else chain.rules.push(...rules);
  }

  #addElements({ sets }: Table): void {
    const name = this.#word('the name of a set');
    const values = sets.get(name);
    if (values === undefined) this.#failBefore(`the set ${name} is not declared before its use`);
    this.#elements(values!, values!.kind);
  }

  #failBefore(message: string): never {
    throw new NftFault(this.#tokens[Math.max(0, this.#at - 1)]!.line, message);
  }

  #family(): string {
    return this.#takeWord('inet', 'ip', 'ip6', 'arp', 'bridge', 'netdev') ?? 'ip';
  }

  /** A table that is there already, by its family and name. */
  #named(tables: ReadonlyMap<string, Table>): Table {
    const family = this.#family();
    const name = this.#word('the name of a table');
    const table = tables.get(`${family} ${name}`);
    if (table === undefined) this.#failBefore(`there is no table ${name}`);
    return table!;
  }

  #chainOf({ chains }: Table): Chain {
    const name = this.#word('the name of a chain');
    const chain = chains.get(name);
    if (chain === undefined) this.#failBefore(`there is no chain ${name}`);
    return chain!;
  }

  #table(tables: Map<string, Table>): void {
    if (this.#takeWord('table') === null) this.#fail('"table"');
    const family = this.#family();
    const name = this.#word('the name of a table');
    const key = `${family} ${name}`;
    const table = tables.get(key) ?? { family, name, chains: new Map(), sets: new Map(), maps: new Map() };
    tables.set(key, table);
    if (!this.#isMark('{')) return;
    if (familiesOf[family] === undefined) {
      this.#skipBlock();
      return;
    }
    this.#mark('{');
    for (this.#skipSeparators(); !this.#isMark('}'); this.#skipSeparators()) this.#member(table);
    this.#mark('}');
  }

  #skipBlock(): void {
    let depth = 0;
    do {
      if (this.#isMark('{')) depth += 1;
      if (this.#isMark('}')) depth -= 1;
      if (this.#token.kind === 'end') this.#fail('"}"');
      this.#next();
    } while (depth > 0);
  }

  #member(table: Table): void {
    if (this.#takeWord('set')) this.#set(table.sets);
    else if (this.#takeWord('map')) this.#map(table);
    else if (this.#takeWord('chain')) this.#chain(table);
    else if (this.#takeWord('comment')) this.#next();
    else if (this.#takeWord('flags')) this.#restOfLine();
    else if (this.#takeWord('counter', 'ct', 'limit', 'quota', 'flowtable', 'secmark', 'synproxy')) {
      while (!this.#isMark('{')) {
        if (this.#token.kind === 'end' || this.#token.kind === 'newline') this.#fail('"{"');
        this.#next();
      }
      this.#skipBlock();
    } else this.#fail('set, map, chain or "}"');
  }

  /** The elements of a map are kept as they stand: only where a rule asks for verdicts by it do they mean something. */
  #map({ maps }: Table): void {
    const name = this.#word('the name of a map');
    const start = this.#at;
    this.#skipBlock();
    const block = this.#tokens.slice(start + 1, this.#at - 1);
    const at = block.findIndex(({ kind, text }) => kind === 'word' && text === 'elements');
    maps.set(name, at < 0 ? [] : insideBraces(block.slice(at)));
  }

  #set(sets: Map<string, Values>): void {
    const name = this.#word('the name of a set');
    const before = sets.get(name);
    const values: Values = before ?? { kind: 'address', addresses: { 4: [], 6: [] }, numbers: [] };
    sets.set(name, values);
    this.#mark('{');
    for (this.#skipSeparators(); !this.#isMark('}'); this.#skipSeparators()) {
      if (this.#takeWord('type', 'typeof')) this.#setType(values);
      else if (this.#takeWord('elements')) {
        this.#mark('=');
        this.#skipNewlines();
        this.#elements(values, values.kind);
      } else if (
        this.#takeWord(
          'flags',
          'timeout',
          'gc-interval',
          'size',
          'policy',
          'auto-merge',
          'comment',
          'counter',
        )
      )
        this.#restOfLine();
      else this.#fail('type, flags or elements');
    }
    this.#mark('}');
  }

  /** `ipv4_addr`, or by an expression: `ip saddr`. Other sets may be declared; only in use they are refused. */
  #setType(values: Values): void {
    const start = this.#at;
    this.#restOfLine();
    const said = this.#tokens.slice(start, this.#at).map(({ text }) => text);
    values.kind = setKinds[said.join(' ')] ?? 'other';
  }

  /** `{ a, b-c, d/8 }` */
  #elements(values: Values, kind: ValueKind): void {
    this.#mark('{');
    this.#skipNewlines();
    while (!this.#isMark('}')) {
      this.#value(values, kind);
      this.#skipNewlines();
      if (this.#takeWord('timeout', 'expires', 'counter', 'comment')) this.#skipElementExtras();
      if (!this.#isMark('}')) this.#mark(',');
      this.#skipNewlines();
    }
    this.#mark('}');
  }

  #skipElementExtras(): void {
    while (!this.#isMark(',') && !this.#isMark('}')) {
      if (this.#token.kind === 'end') this.#fail('"}"');
      this.#next();
    }
  }

  #value(values: Values, kind: ValueKind): void {
    const { text, line } = this.#token;
    if (kind === 'other') {
      while (!this.#isMark(',') && !this.#isMark('}')) {
        if (this.#token.kind === 'end') this.#fail('"}"');
        this.#next();
      }
      return;
    }
    if (this.#token.kind !== 'word') this.#fail('a value');
    this.#next();
    if (kind === 'address') {
      const range = parseAddressRange(text);
      if (range === null) throw new NftFault(line, `${text} is no address, prefix or range`);
      const { family, first, last } = range;
      values.addresses[family].push({ first, last });
      return;
    }
    const range = numberRange(text, kind);
    if (range === null) throw new NftFault(line, `${text} is no ${kind} that is known here`);
    values.numbers.push(range);
  }

  /** What stands behind a field: one value, `{ … }` or `@set`; with `!=` everything else. */
  #operand(
    kind: Exclude<ValueKind, 'other'>,
    sets: ReadonlyMap<string, Values>,
  ): { values: Values; negated: boolean } {
    const negated = this.#isMark('!=') || this.#isMark('!');
    if (negated || this.#isMark('=')) this.#next();
    while (this.#isMark('=')) this.#next();
    const { text, line } = this.#token;
    if (this.#token.kind === 'word' && text.startsWith('@')) {
      this.#next();
      const values = sets.get(text.slice(1));
      if (values === undefined)
        throw new NftFault(line, `the set ${text.slice(1)} is not declared before its use`);
      if (values.kind === 'other')
        throw new NftFault(line, `the set ${text.slice(1)} is of a type that is not read`);
      return { values, negated };
    }
    const values: Values = { kind, addresses: { 4: [], 6: [] }, numbers: [] };
    if (this.#isMark('{')) this.#elements(values, kind);
    else this.#value(values, kind);
    while (this.#isMark(',')) {
      this.#next();
      this.#value(values, kind);
    }
    return { values, negated };
  }

  #chain(table: Table): void {
    const { line } = this.#token;
    const name = this.#word('the name of a chain');
    const before = table.chains.get(name);
    const chain: Chain = before ?? {
      name,
      line,
      isFilter: true,
      hook: null,
      policy: 'accept',
      priority: 0,
      rules: [],
    };
    table.chains.set(name, chain);
    if (!this.#isMark('{')) return;
    this.#mark('{');
    for (this.#skipSeparators(); !this.#isMark('}'); this.#skipSeparators()) {
      if (this.#takeWord('type')) this.#hook(chain);
      else if (this.#takeWord('policy')) chain.policy = this.#word('accept or drop') as Chain['policy'];
      else if (this.#takeWord('comment')) this.#next();
      else chain.rules.push(...this.#rules(table, chain));
    }
    this.#mark('}');
  }

  /** One rule as it is written; several where it asks for verdicts by a map. Rules of chains that decide nothing are passed over. */
  #rules(table: Table, { isFilter }: Chain): Rule[] {
    const start = this.#at;
    if (!isFilter) {
      if (this.#token.kind === 'end') this.#fail('"}"');
      this.#restOfRule();
      return [];
    }
    const end = this.#endOfRule();
    const map = this.#tokens
      .slice(start, end)
      .findIndex(({ kind, text }) => kind === 'word' && text === 'vmap');
    if (map < 0) return [this.#rule(table, table.sets)];
    const rules = this.#byMap(table, start, start + map, end);
    this.#at = end;
    return rules;
  }

  #endOfRule(): number {
    const start = this.#at;
    this.#restOfRule();
    const end = this.#at;
    this.#at = start;
    return end;
  }

  /** `tcp dport vmap { 22 : jump ssh, 80 : accept }`: a rule for each element, with what stands before and behind. */
  #byMap(table: Table, start: number, map: number, end: number): Rule[] {
    const next = this.#tokens[map + 1]!;
    const named =
      next.kind === 'word' && next.text.startsWith('@') ? table.maps.get(next.text.slice(1)) : undefined;
    if (next.text.startsWith('@') && named === undefined)
      throw new NftFault(next.line, `the map ${next.text.slice(1)} is not declared before its use`);
    const elements = named ?? insideBraces(this.#tokens.slice(map + 1, end));
    const before = this.#tokens.slice(start, map);
    const { line } = this.#tokens[start]!;
    return parted(elements).map((element) => {
      const rule = [...before, ...element].map((token) => ({ ...token, line }));
      const reader = new Reader(
        [...rule, { kind: 'newline', text: '\n', line }, { kind: 'end', text: '', line }],
        this.#lines,
      );
      return reader.#rule(table, table.sets);
    });
  }

  /** `filter hook forward priority 0` or `priority filter + 10` */
  #hook(chain: Chain): void {
    chain.isFilter = this.#word('the type of the chain') === 'filter';
    if (this.#takeWord('hook') === null) this.#fail('"hook"');
    chain.hook = this.#word('a hook');
    if (this.#takeWord('device')) this.#next();
    if (this.#takeWord('priority') === null) this.#fail('"priority"');
    const text = this.#word('a priority');
    chain.priority = priorities[text] ?? (Number(text) || 0);
    const sign = this.#isMark('+') ? 1 : this.#token.text === '-' ? -1 : 0;
    if (sign !== 0) {
      this.#next();
      chain.priority += sign * (Number(this.#word('a number')) || 0);
    }
    if (!this.#isMark(';') && this.#token.kind !== 'newline') this.#restOfLine();
  }

  #rule(table: Table, sets: ReadonlyMap<string, Values>): Rule {
    const { line } = this.#token;
    const rule: Rule = {
      line,
      text: this.#lines[line - 1]?.trim() ?? '',
      boxes: {
        4: familiesOf[table.family]!.includes(4) ? [{}] : [],
        6: familiesOf[table.family]!.includes(6) ? [{}] : [],
      },
      verdict: null,
      unmodelled: null,
    };
    while (this.#token.kind !== 'newline' && !this.#isMark(';') && !this.#isMark('}')) {
      if (this.#token.kind === 'end') this.#fail('"}"');
      if (rule.verdict !== null && this.#takeWord('comment') === null) this.#afterVerdict(rule);
      else this.#statement(rule, sets);
    }
    return rule;
  }

  /** `reject with icmp type port-unreachable` */
  #afterVerdict(rule: Rule): void {
    if (rule.verdict?.kind !== 'drop') this.#fail('the end of the rule');
    this.#next();
  }

  #statement(rule: Rule, sets: ReadonlyMap<string, Values>): void {
    if (this.#token.kind === 'string') {
      this.#next();
      return;
    }
    const { text } = this.#token;
    if (this.#token.kind !== 'word') this.#fail('a condition or a verdict');
    if (this.#takeWord('accept', 'drop', 'return', 'reject')) {
      rule.verdict = { kind: text === 'reject' ? 'drop' : (text as 'accept' | 'drop' | 'return') };
      if (text === 'reject') this.#restOfRule();
    } else if (this.#takeWord('jump', 'goto'))
      rule.verdict = { kind: text as 'jump' | 'goto', chain: this.#word('the name of a chain') };
    else if (this.#takeWord('counter')) this.#counter();
    else if (this.#takeWord('comment')) this.#next();
    else if (this.#takeWord('log')) this.#log();
    else if (this.#takeWord('ip', 'ip6')) this.#internet(rule, text === 'ip' ? 4 : 6, sets);
    else if (this.#takeWord('tcp', 'udp', 'sctp', 'th', 'dccp', 'udplite')) this.#transport(rule, text, sets);
    else if (this.#takeWord('icmp', 'icmpv6')) this.#icmp(rule, text as 'icmp' | 'icmpv6', sets);
    else if (this.#takeWord('meta')) this.#meta(rule, sets);
    else if (this.#takeWord('ct')) this.#conntrack(rule);
    else this.#unknown(rule);
  }

  #restOfRule(): void {
    while (this.#token.kind !== 'newline' && !this.#isMark(';') && !this.#isMark('}')) {
      if (this.#token.kind === 'end') return;
      if (this.#isMark('{')) this.#skipBlock();
      else this.#next();
    }
  }

  #counter(): void {
    if (this.#takeWord('packets') === null) return;
    this.#word('a number');
    if (this.#takeWord('bytes') !== null) this.#word('a number');
  }

  #log(): void {
    while (this.#takeWord('prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags')) this.#next();
  }

  #internet(rule: Rule, family: Family, sets: ReadonlyMap<string, Values>): void {
    const field = this.#word('saddr, daddr or protocol');
    narrow(rule, family, [{}], [family === 4 ? 6 : 4]);
    if (field === 'saddr' || field === 'daddr') {
      const { values, negated } = this.#operand('address', sets);
      const side = field === 'saddr' ? 'source' : 'destination';
      narrow(rule, family, rangesToBoxes(side, values.addresses[family], negated, family), []);
      return;
    }
    if (field === 'protocol' || field === 'nexthdr') {
      this.#protocol(rule, sets);
      return;
    }
    if (field === 'version') {
      this.#next();
      return;
    }
    this.#note(rule, `${family === 4 ? 'ip' : 'ip6'} ${field}`);
  }

  #protocol(rule: Rule, sets: ReadonlyMap<string, Values>): void {
    const { values, negated } = this.#operand('protocol', sets);
    for (const family of families)
      narrow(rule, family, rangesToBoxes('protocol', values.numbers, negated, family), []);
  }

  #transport(rule: Rule, name: string, sets: ReadonlyMap<string, Values>): void {
    const field = this.#word('dport or sport');
    const number = { ...protocols, dccp: 33n, udplite: 136n }[name];
    const protocol = number === undefined ? withPorts : [{ first: number, last: number }];
    for (const family of families) narrow(rule, family, [{ protocol }], []);
    if (field === 'option') {
      this.#tell(rule, `${name} ${field}`);
      this.#skipCondition();
      return;
    }
    if (field !== 'dport' && field !== 'sport') {
      this.#note(rule, `${name} ${field}`);
      return;
    }
    const { values, negated } = this.#operand('port', sets);
    const side = field === 'dport' ? 'destinationPort' : 'sourcePort';
    for (const family of families)
      narrow(rule, family, rangesToBoxes(side, values.numbers, negated, family), []);
  }

  #icmp(rule: Rule, name: 'icmp' | 'icmpv6', sets: ReadonlyMap<string, Values>): void {
    const family: Family = name === 'icmp' ? 4 : 6;
    const number = protocols[name]!;
    narrow(rule, family, [{ protocol: [{ first: number, last: number }] }], [family === 4 ? 6 : 4]);
    const field = this.#word('type or code');
    if (field !== 'type' && field !== 'code') {
      this.#note(rule, `${name} ${field}`);
      return;
    }
    const { values, negated } = this.#operand(name, sets);
    const side = field === 'type' ? 'sourcePort' : 'destinationPort';
    narrow(rule, family, rangesToBoxes(side, values.numbers, negated, family), []);
  }

  #meta(rule: Rule, sets: ReadonlyMap<string, Values>): void {
    const field = this.#word('a field of meta');
    if (field === 'l4proto') {
      this.#protocol(rule, sets);
      return;
    }
    if (field === 'nfproto') {
      const family = this.#word('ipv4 or ipv6') === 'ipv4' ? 4 : 6;
      narrow(rule, family, [{}], [family === 4 ? 6 : 4]);
      return;
    }
    this.#note(rule, `meta ${field}`);
  }

  /** Lines speak of opening packets: a state that is not `new` holds none of them. */
  #conntrack(rule: Rule): void {
    const field = this.#word('a field of ct');
    if (field !== 'state') {
      this.#note(rule, `ct ${field}`);
      return;
    }
    const negated = this.#isMark('!=');
    if (negated) this.#next();
    const isBraced = this.#isMark('{');
    if (isBraced) this.#next();
    const states = [this.#word('a state')];
    while (this.#isMark(',') || this.#isMark('|')) {
      this.#next();
      states.push(this.#word('a state'));
    }
    if (isBraced) this.#mark('}');
    if (states.some(isOpening) === negated) narrow(rule, 4, [], [6]);
  }

  /** A condition that the model leaves out: told, and its value passed over. */
  #note(rule: Rule, what: string): void {
    this.#tell(rule, what);
    if (
      this.#takeWord('set', 'and', 'or', 'xor') ||
      this.#isMark('&') ||
      this.#isMark('|') ||
      this.#isMark('(')
    ) {
      this.#skipCondition();
      return;
    }
    if (
      this.#isMark('!=') ||
      this.#isMark('<') ||
      this.#isMark('>') ||
      this.#isMark('<=') ||
      this.#isMark('>=')
    )
      this.#next();
    while (this.#isMark('=')) this.#next();
    if (this.#isMark('{')) {
      this.#skipBlock();
      return;
    }
    this.#next();
    // `syn,ack`, and `syn / syn,ack`
    while (this.#isMark(',') || this.#token.text === '/') {
      this.#next();
      this.#next();
    }
    if (this.#isMark('&') || this.#isMark('|')) this.#skipCondition();
  }

  #tell(rule: Rule, what: string): void {
    rule.unmodelled = rule.unmodelled === null ? what : `${rule.unmodelled}, ${what}`;
  }

  /** Everything up to the verdict. */
  #skipCondition(): void {
    while (!this.#isEndOfCondition()) {
      if (this.#isMark('{')) this.#skipBlock();
      else this.#next();
    }
  }

  #unknown(rule: Rule): void {
    const name = this.#next().text;
    if (plainConditions.has(name)) this.#note(rule, name);
    else if (longConditions.has(name)) {
      this.#tell(rule, name);
      this.#skipCondition();
    } else {
      this.#at -= 1;
      this.#fail('a condition or a verdict that is known here');
    }
  }

  #isEndOfCondition(): boolean {
    const { kind, text } = this.#token;
    if (kind === 'newline' || kind === 'end' || (kind === 'mark' && (text === ';' || text === '}')))
      return true;
    return (
      kind === 'word' &&
      ['accept', 'drop', 'return', 'reject', 'jump', 'goto', 'counter', 'log', 'comment'].includes(text)
    );
  }
}

/** `new` and `untracked`, by name or as the bits that `nft -n` shows (linux/netfilter/nf_conntrack_common.h). */
function isOpening(state: string): boolean {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(state)) return state === 'new' || state === 'untracked';
  return (Number(state) & (0x8 | 0x40)) !== 0;
}

/** Conditions beyond the model with one value behind them. */
const plainConditions: ReadonlySet<string> = new Set([
  'iifname',
  'oifname',
  'iif',
  'oif',
  'iifgroup',
  'oifgroup',
  'iiftype',
  'oiftype',
  'mark',
  'pkttype',
  'skuid',
  'skgid',
  'cgroup',
  'priority',
]);
/** Conditions and statements beyond the model that go on to the verdict or the end. */
const longConditions: ReadonlySet<string> = new Set([
  'limit',
  'quota',
  'ether',
  'vlan',
  'fib',
  'rt',
  'socket',
  'osf',
  'ipsec',
  'exthdr',
  'frag',
  'hbh',
  'dst',
  'mh',
  'arp',
  'time',
  'hour',
  'day',
  'meter',
  'add',
  'update',
  'set',
  'flow',
  'masquerade',
  'snat',
  'dnat',
  'redirect',
  'tproxy',
  'queue',
  'notrack',
  'dup',
  'fwd',
  'synproxy',
  'numgen',
  'last',
]);

/** What stands between the first brackets. */
function insideBraces(tokens: readonly NftToken[]): NftToken[] {
  const from = tokens.findIndex(({ kind, text }) => kind === 'mark' && text === '{');
  const to = tokens.findLastIndex(({ kind, text }) => kind === 'mark' && text === '}');
  return from < 0 || to < from ? [] : tokens.slice(from + 1, to);
}

/** Elements `key : verdict`, the colon left out; tokens of a key that ends in one lose it. */
function parted(tokens: readonly NftToken[]): NftToken[][] {
  const elements: NftToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'newline' || (token.kind === 'word' && token.text === ':')) continue;
    if (token.kind === 'mark' && token.text === ',') elements.push([]);
    else
      elements
        .at(-1)!
        .push(
          token.kind === 'word' && token.text.endsWith(':') && !token.text.endsWith('::')
            ? { ...token, text: token.text.slice(0, -1) }
            : token,
        );
  }
  return elements.filter(({ length }) => length > 0);
}

interface Values {
  kind: ValueKind;
  addresses: Record<Family, Range[]>;
  numbers: Range[];
}
type ValueKind = 'address' | 'port' | 'protocol' | 'icmp' | 'icmpv6' | 'other';

type NumberKind = Exclude<ValueKind, 'address' | 'other'>;

const setKinds: Readonly<Record<string, ValueKind>> = {
  ipv4_addr: 'address',
  ipv6_addr: 'address',
  inet_service: 'port',
  inet_proto: 'protocol',
  icmp_type: 'icmp',
  icmpv6_type: 'icmpv6',
  'ip saddr': 'address',
  'ip daddr': 'address',
  'ip6 saddr': 'address',
  'ip6 daddr': 'address',
  'tcp dport': 'port',
  'udp dport': 'port',
  'tcp sport': 'port',
  'udp sport': 'port',
  'th dport': 'port',
  'meta l4proto': 'protocol',
};

const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

/** Transports that have ports where nft says `th`. */
const withPorts: readonly Range[] = [6n, 17n, 33n, 132n, 136n].map((number) => ({
  first: number,
  last: number,
}));

function numberRange(text: string, kind: NumberKind): Range | null {
  const names = namesOf(kind);
  const single = names[text] ?? (/^\d{1,5}$/.test(text) ? Number(text) : null);
  const most = kind === 'port' ? 65_535 : 255;
  if (single !== null) return single <= most ? { first: BigInt(single), last: BigInt(single) } : null;
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  if (match === null || Number(match[1]) > Number(match[2]) || Number(match[2]) > most) return null;
  return { first: BigInt(match[1]!), last: BigInt(match[2]!) };
}

function namesOf(kind: NumberKind): Readonly<Record<string, number>> {
  if (kind === 'port') return portNames;
  if (kind !== 'protocol') return icmpTypeNames[kind];
  return {
    ...Object.fromEntries(Object.entries(protocols).map(([name, n]) => [name, Number(n)])),
    'ipv6-icmp': 58,
    ip: 0,
  };
}

function rangesToBoxes(field: Field, ranges: readonly Range[], negated: boolean, family: Family): Box[] {
  const merged = mergeRanges(ranges);
  const held = negated ? subtractRanges([wholeRange(bitsOf(field, family))], merged) : merged;
  return held.length === 0 ? [] : [{ [field]: held }];
}

/** The rule holds what it held of a family and the boxes too, and nothing of the families that are ruled out. */
function narrow(rule: Rule, family: Family, boxes: readonly Box[], ruledOut: readonly Family[]): void {
  rule.boxes[family] = intersectAll(rule.boxes[family], boxes);
  for (const other of ruledOut) rule.boxes[other] = [];
}

function rulesetsOf(table: Table, hook: string): Ruleset[] {
  return [...table.chains.values()]
    .filter((chain) => chain.hook === hook)
    .toSorted((a, b) => a.priority - b.priority)
    .map((chain) => {
      const unmodelled: Unmodelled[] = [];
      const lines = families.flatMap(
        (family) => flatten(table, chain, family, [{}], { depth: 0, under: null }, unmodelled).lines,
      );
      const seen = new Map(unmodelled.map((entry) => [`${entry.line} ${entry.what}`, entry]));
      const name = `${table.family} ${table.name} ${chain.name}`;
      return {
        name,
        lines,
        otherwise: chain.policy === 'accept' ? 'permit' : 'deny',
        stateful: true,
        unmodelled: [...seen.values()],
        beside: [],
      };
    });
}

/**
 * The lines of a chain and of those it jumps to, within what reaches it; and what is left when it ends. Where it is not
 * certain that a chain is reached, what it drops and what it returns count for nothing, so that what passes is never too little.
 */
function flatten(
  table: Table,
  chain: Chain,
  family: Family,
  reaching: readonly Box[],
  place: { depth: number; under: string | null },
  unmodelled: Unmodelled[],
): { lines: Line[]; left: Box[] } {
  const { depth, under } = place;
  if (depth > CHAIN_DEPTH) throw new NftFault(chain.line, `chains jump more than ${CHAIN_DEPTH} deep`);
  const lines: Line[] = [];
  let inside = [...reaching];
  const returned: Box[] = [];
  for (const rule of chain.rules) {
    const { verdict, line, text } = rule;
    const boxes = intersectAll(inside, rule.boxes[family]);
    const condition = [under, rule.unmodelled].filter((part) => part !== null).join(', ');
    const isCertain = condition === '';
    // A rule that only counts or logs decides nothing, whatever it asks.
    if (!isCertain && verdict !== null) unmodelled.push({ line, what: condition });
    if (verdict === null || boxes.length === 0) continue;
    if (verdict.kind === 'accept') lines.push({ family, action: 'permit', boxes, line, text });
    else if (verdict.kind === 'drop') {
      if (isCertain) lines.push({ family, action: 'deny', boxes, line, text });
    } else if (verdict.kind === 'return') {
      if (!isCertain) continue;
      returned.push(...boxes);
      inside = subtractAll(family, inside, boxes);
    } else {
      const next = table.chains.get(verdict.chain);
      if (next === undefined) throw new NftFault(line, `there is no chain ${verdict.chain}`);
      const below = flatten(
        table,
        next,
        family,
        boxes,
        { depth: depth + 1, under: isCertain ? null : condition },
        unmodelled,
      );
      lines.push(...below.lines);
      if (verdict.kind === 'goto' && isCertain) {
        inside = subtractAll(family, inside, boxes);
        returned.push(...below.left);
      }
    }
  }
  return { lines, left: [...inside, ...returned] };
}
