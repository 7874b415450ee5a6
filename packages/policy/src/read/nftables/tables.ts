import type { NftCursor } from './cursor.ts';
import { type Chain, familiesOf, type Table } from './model.ts';
import { readRules } from './rules.ts';
import { readElements, readMap, readSet } from './sets.ts';

const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

export function readTables(cursor: NftCursor): Table[] {
  const tables = new Map<string, Table>();
  for (cursor.skipSeparators(); cursor.token.kind !== 'end'; cursor.skipSeparators()) {
    if (cursor.takeWord('flush')) readFlush(cursor, tables);
    else if (cursor.takeWord('delete', 'destroy')) readDeletion(cursor, tables);
    else if (cursor.takeWord('add', 'create', 'insert'))
      readAddition(cursor, tables, cursor.tokens[cursor.at - 1]!.text);
    else readTable(cursor, tables);
  }
  return [...tables.values()];
}

/** `flush ruleset`, `flush table inet filter`, `flush chain inet filter forward` */
function readFlush(cursor: NftCursor, tables: Map<string, Table>): void {
  const what = cursor.word('ruleset, table or chain');
  if (what === 'ruleset') tables.clear();
  else if (what === 'table')
    for (const chain of tableNamed(cursor, tables).chains.values()) chain.rules.length = 0;
  else if (what === 'chain') chainNamed(cursor, tableNamed(cursor, tables)).rules.length = 0;
  cursor.restOfLine();
}

function readDeletion(cursor: NftCursor, tables: Map<string, Table>): void {
  const what = cursor.word('table, chain or rule');
  if (what !== 'table') cursor.failBefore(`deleting a ${what} is not read: only a whole ruleset is`);
  const family = readFamily(cursor);
  if (cursor.takeWord('handle')) cursor.failBefore('a table by its handle is not read');
  tables.delete(`${family} ${cursor.word('the name of a table')}`);
}

/** `add rule inet filter forward …` and the like, as scripts give them. */
function readAddition(cursor: NftCursor, tables: Map<string, Table>, how: string): void {
  if (cursor.token.text === 'table') {
    readTable(cursor, tables);
    return;
  }
  const what = cursor.word('table, chain, rule, set, map or element');
  const table = tableNamed(cursor, tables);
  if (familiesOf[table.family] === undefined) cursor.restOfRule();
  else if (what === 'chain') readChain(cursor, table);
  else if (what === 'rule') readAddedRule(cursor, table, how);
  else if (what === 'set') readSet(cursor, table.sets);
  else if (what === 'map') readMap(cursor, table);
  else if (what === 'element') readAddedElements(cursor, table);
  else cursor.failBefore(`to ${how} a ${what} is not known here`);
}

function readAddedRule(cursor: NftCursor, table: Table, how: string): void {
  const chain = chainNamed(cursor, table);
  if (cursor.takeWord('position', 'index', 'handle')) cursor.failBefore('a rule by its place is not read');
  const rules = readRules(cursor, table, chain);
  if (how === 'insert') chain.rules.unshift(...rules);
  else chain.rules.push(...rules);
}

function readAddedElements(cursor: NftCursor, { sets }: Table): void {
  const name = cursor.word('the name of a set');
  const values = sets.get(name);
  if (values === undefined) cursor.failBefore(`the set ${name} is not declared before its use`);
  readElements(cursor, values!, values!.kind);
}

function readFamily(cursor: NftCursor): string {
  return cursor.takeWord('inet', 'ip', 'ip6', 'arp', 'bridge', 'netdev') ?? 'ip';
}

/** A table that is there already, by its family and name. */
function tableNamed(cursor: NftCursor, tables: ReadonlyMap<string, Table>): Table {
  const family = readFamily(cursor);
  const name = cursor.word('the name of a table');
  const table = tables.get(`${family} ${name}`);
  if (table === undefined) cursor.failBefore(`there is no table ${name}`);
  return table!;
}

function chainNamed(cursor: NftCursor, { chains }: Table): Chain {
  const name = cursor.word('the name of a chain');
  const chain = chains.get(name);
  if (chain === undefined) cursor.failBefore(`there is no chain ${name}`);
  return chain!;
}

function readTable(cursor: NftCursor, tables: Map<string, Table>): void {
  if (cursor.takeWord('table') === null) cursor.fail('"table"');
  const family = readFamily(cursor);
  const name = cursor.word('the name of a table');
  const key = `${family} ${name}`;
  const table = tables.get(key) ?? { family, name, chains: new Map(), sets: new Map(), maps: new Map() };
  tables.set(key, table);
  if (!cursor.isMark('{')) return;
  if (familiesOf[family] === undefined) {
    cursor.skipBlock();
    return;
  }
  cursor.mark('{');
  for (cursor.skipSeparators(); !cursor.isMark('}'); cursor.skipSeparators()) readMember(cursor, table);
  cursor.mark('}');
}

function readMember(cursor: NftCursor, table: Table): void {
  if (cursor.takeWord('set')) readSet(cursor, table.sets);
  else if (cursor.takeWord('map')) readMap(cursor, table);
  else if (cursor.takeWord('chain')) readChain(cursor, table);
  else if (cursor.takeWord('comment')) cursor.next();
  else if (cursor.takeWord('flags')) cursor.restOfLine();
  else if (cursor.takeWord('counter', 'ct', 'limit', 'quota', 'flowtable', 'secmark', 'synproxy')) {
    while (!cursor.isMark('{')) {
      if (cursor.token.kind === 'end' || cursor.token.kind === 'newline') cursor.fail('"{"');
      cursor.next();
    }
    cursor.skipBlock();
  } else cursor.fail('set, map, chain or "}"');
}

function readChain(cursor: NftCursor, table: Table): void {
  const { line } = cursor.token;
  const name = cursor.word('the name of a chain');
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
  if (!cursor.isMark('{')) return;
  cursor.mark('{');
  for (cursor.skipSeparators(); !cursor.isMark('}'); cursor.skipSeparators()) {
    if (cursor.takeWord('type')) readHook(cursor, chain);
    else if (cursor.takeWord('policy')) chain.policy = cursor.word('accept or drop') as Chain['policy'];
    else if (cursor.takeWord('comment')) cursor.next();
    else chain.rules.push(...readRules(cursor, table, chain));
  }
  cursor.mark('}');
}

/** `filter hook forward priority 0` or `priority filter + 10` */
function readHook(cursor: NftCursor, chain: Chain): void {
  chain.isFilter = cursor.word('the type of the chain') === 'filter';
  if (cursor.takeWord('hook') === null) cursor.fail('"hook"');
  chain.hook = cursor.word('a hook');
  if (cursor.takeWord('device')) cursor.next();
  if (cursor.takeWord('priority') === null) cursor.fail('"priority"');
  const text = cursor.word('a priority');
  chain.priority = priorities[text] ?? (Number(text) || 0);
  const sign = cursor.isMark('+') ? 1 : cursor.token.text === '-' ? -1 : 0;
  if (sign !== 0) {
    cursor.next();
    chain.priority += sign * (Number(cursor.word('a number')) || 0);
  }
  if (!cursor.isMark(';') && cursor.token.kind !== 'newline') cursor.restOfLine();
}
