import type { NftCursor } from './cursor.ts';
import { type Chain, familiesOf, type Table } from './model.ts';
import { readWrittenRules } from './rules.ts';
import { insideBraces, readMap, readSet } from './sets.ts';
import type { NftToken } from './tokens.ts';
import { readElements } from './values.ts';

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
  // Sets may be filled after the rules that ask them, and declared below them.
  for (const table of tables.values()) readWrittenRules(cursor, table);
  return [...tables.values()];
}

/** `flush ruleset`, `flush table inet filter`, `flush chain inet filter forward`, `flush set inet filter admins` */
function readFlush(cursor: NftCursor, tables: Map<string, Table>): void {
  const what = cursor.word('ruleset, table, chain or set');
  if (what === 'ruleset') flushRuleset(cursor, tables);
  else if (what === 'table')
    for (const chain of tableNamed(cursor, tables).chains.values()) chain.written = [];
  else if (what === 'chain') chainNamed(cursor, tableNamed(cursor, tables)).written = [];
  else if (what === 'set' || what === 'map') flushElements(cursor, tableNamed(cursor, tables));
  else cursor.failBefore(`to flush a ${what} is not known here`);
  endCommand(cursor);
}

/** Of every family, or of one. */
function flushRuleset(cursor: NftCursor, tables: Map<string, Table>): void {
  const family = cursor.takeWord(...familyWords);
  for (const [key, table] of tables) if (family === null || table.family === family) tables.delete(key);
}

function flushElements(cursor: NftCursor, { sets, maps }: Table): void {
  const name = cursor.word('the name of a set');
  const values = sets.get(name);
  if (values !== undefined) values.rows = [];
  else if (maps.has(name)) maps.set(name, []);
  else cursor.failBefore(`there is no set ${name}`);
}

function endCommand(cursor: NftCursor): void {
  if (cursor.token.kind !== 'newline' && cursor.token.kind !== 'end' && !cursor.isMark(';'))
    cursor.fail('the end of the command');
}

function readDeletion(cursor: NftCursor, tables: Map<string, Table>): void {
  const what = cursor.word('table, chain or rule');
  if (what !== 'table') cursor.failBefore(`deleting a ${what} is not read: only a whole ruleset is`);
  const family = readFamily(cursor);
  if (cursor.takeWord('handle')) cursor.failBefore('a table by its handle is not read');
  tables.delete(`${family} ${cursor.word('the name of a table')}`);
  endCommand(cursor);
}

/** Objects that rules name and that hold no packet themselves. */
const objects = ['counter', 'quota', 'limit', 'flowtable', 'secmark', 'synproxy', 'ct'];

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
  else if (objects.includes(what)) cursor.restOfRule();
  else cursor.failBefore(`to ${how} a ${what} is not known here`);
}

function readAddedRule(cursor: NftCursor, table: Table, how: string): void {
  const chain = chainNamed(cursor, table);
  if (cursor.takeWord('position', 'index', 'handle')) cursor.failBefore('a rule by its place is not read');
  if (how === 'insert') chain.written.unshift(cursor.at);
  else chain.written.push(cursor.at);
  cursor.restOfRule();
}

function readAddedElements(cursor: NftCursor, { sets, maps }: Table): void {
  const name = cursor.word('the name of a set');
  const values = sets.get(name);
  const before = maps.get(name);
  if (values !== undefined) readElements(cursor, values);
  else if (before !== undefined) {
    const start = cursor.at;
    cursor.skipBlock();
    maps.set(name, [
      ...before,
      { kind: 'mark', text: ',', line: cursor.token.line },
      ...insideBraces(cursor.tokens.slice(start, cursor.at)),
    ]);
  } else cursor.failBefore(`the set ${name} is not declared before its use`);
}

const familyWords = ['inet', 'ip', 'ip6', 'arp', 'bridge', 'netdev'];

function readFamily(cursor: NftCursor): string {
  return cursor.takeWord(...familyWords) ?? 'ip';
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
  const { line } = cursor.token;
  const family = readFamily(cursor);
  const name = cursor.word('the name of a table');
  const key = `${family} ${name}`;
  const table = tables.get(key) ?? newTable(family, name, line);
  tables.set(key, table);
  if (!cursor.isMark('{')) return;
  if (familiesOf[family] === undefined) {
    const start = cursor.at;
    cursor.skipBlock();
    if (family !== 'arp') table.filtersFrames ||= holdsHook(cursor.tokens.slice(start, cursor.at));
    return;
  }
  cursor.mark('{');
  for (cursor.skipSeparators(); !cursor.isMark('}'); cursor.skipSeparators()) readMember(cursor, table);
  cursor.mark('}');
}

const holdsHook = (tokens: readonly NftToken[]): boolean =>
  tokens.some(({ kind, text }) => kind === 'word' && text === 'hook');

const newTable = (family: string, name: string, line: number): Table => ({
  family,
  name,
  line,
  isDormant: false,
  filtersFrames: false,
  chains: new Map(),
  sets: new Map(),
  maps: new Map(),
});

function readMember(cursor: NftCursor, table: Table): void {
  if (cursor.takeWord('set')) readSet(cursor, table.sets);
  else if (cursor.takeWord('map')) readMap(cursor, table);
  else if (cursor.takeWord('chain')) readChain(cursor, table);
  else if (cursor.takeWord('comment')) cursor.next();
  else if (cursor.takeWord('flags')) {
    const start = cursor.at;
    cursor.restOfLine();
    table.isDormant = cursor.tokens.slice(start, cursor.at).some(({ text }) => text === 'dormant');
  } else if (cursor.takeWord('counter', 'ct', 'limit', 'quota', 'flowtable', 'secmark', 'synproxy')) {
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
    written: [],
    rules: [],
  };
  table.chains.set(name, chain);
  if (!cursor.isMark('{')) return;
  cursor.mark('{');
  for (cursor.skipSeparators(); !cursor.isMark('}'); cursor.skipSeparators()) {
    if (cursor.takeWord('type')) readHook(cursor, chain);
    else if (cursor.takeWord('policy')) chain.policy = readPolicy(cursor);
    else if (cursor.takeWord('comment')) cursor.next();
    else if (cursor.takeWord('devices', 'device')) cursor.restOfRule();
    else if (cursor.token.kind === 'end') cursor.fail('"}"');
    else {
      chain.written.push(cursor.at);
      cursor.restOfRule();
    }
  }
  cursor.mark('}');
}

function readPolicy(cursor: NftCursor): Chain['policy'] {
  const policy = cursor.takeWord('accept', 'drop');
  return policy === null ? cursor.fail('accept or drop') : (policy as Chain['policy']);
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
