import type { Located } from '../located-json.ts';
import { JsonShapeFault, member, textOf, textsOf, wordOf } from './json-parts.ts';

/** A statement of a rule in nft's words; empty where it neither asks nor decides. */
export function statementText(statement: Located): string {
  if (statement.kind !== 'object')
    throw new JsonShapeFault('expected a statement, found one that nft does not put into JSON');
  const [entry, ...others] = statement.members;
  if (entry === undefined || others.length > 0) throw new JsonShapeFault('expected one statement');
  const [name, body] = entry;
  const known = Object.hasOwn(statements, name) ? statements[name]! : null;
  if (known === null) throw new JsonShapeFault(`the statement ${JSON.stringify(name)} is not known here`);
  return known(body);
}

const silent = (): string => '';

const statements: Readonly<Record<string, (body: Located) => string>> = {
  accept: () => 'accept',
  drop: () => 'drop',
  return: () => 'return',
  continue: silent,
  reject: () => 'reject',
  jump: (body) => `jump ${textOf(body, 'target')}`,
  goto: (body) => `goto ${textOf(body, 'target')}`,
  match: matchText,
  vmap: mapText,
  counter: silent,
  log: silent,
  notrack: silent,
  last: silent,
  mangle: silent,
  flow: silent,
  'ct helper': silent,
  'ct timeout': silent,
  secmark: silent,
  limit: (body) =>
    body.kind === 'value' ? `limit name ${wordOf(body, 'a name')}` : `limit rate ${rateText(body)}`,
  quota: () => 'quota over 1 bytes',
  'ct count': () => 'ct count over 1',
  queue: () => 'queue',
  synproxy: () => 'synproxy',
  tproxy: () => 'tproxy',
  set: (body) => `${textOf(body, 'op')} ${textOf(body, 'set')} { }`,
};

const rateText = (body: Located): string => {
  const rate = textOf(body, 'rate');
  const per = member(body, 'per') === null ? 'second' : textOf(body, 'per');
  return `${isTrue(member(body, 'inv')) ? 'over ' : ''}${rate}/${per}`;
};

const isTrue = (value: Located | null): boolean => value?.kind === 'value' && value.value === true;

const comparisons = ['==', '!=', '<', '>', '<=', '>=', 'in'];

function matchText(body: Located): string {
  const [left, right, op] = [member(body, 'left'), member(body, 'right'), member(body, 'op')];
  const operator = op?.kind === 'value' ? String(op.value) : '';
  if (left === null || right === null || !comparisons.includes(operator))
    throw new JsonShapeFault('expected left, right and an operator that is known here');
  return `${fieldText(left)} ${operator === 'in' ? '' : `${operator} `}${valueText(right)}`;
}

function mapText(body: Located): string {
  const [key, data] = [member(body, 'key'), member(body, 'data')];
  if (key === null || data === null) throw new JsonShapeFault('expected a key and data');
  if (data.kind === 'value') return `${fieldText(key)} vmap ${wordOf(data, 'the name of a map')}`;
  const elements = member(data, 'set');
  if (elements?.kind !== 'array') throw new JsonShapeFault('expected a list of keys and verdicts');
  const pairs = elements.items.map((pair) => {
    if (pair.kind !== 'array' || pair.items.length !== 2)
      throw new JsonShapeFault('expected a key and a verdict');
    return `${valueText(pair.items[0]!)} : ${statementText(pair.items[1]!)}`;
  });
  return `${fieldText(key)} vmap { ${pairs.join(', ')} }`;
}

/** What stands left of an operator. */
function fieldText(value: Located): string {
  if (value.kind !== 'object') throw new JsonShapeFault('expected a field of a packet');
  const [entry] = value.members;
  if (entry === undefined) throw new JsonShapeFault('expected a field of a packet');
  const [name, body] = entry;
  const known = Object.hasOwn(fields, name) ? fields[name]! : null;
  if (known === null) throw new JsonShapeFault(`the field ${JSON.stringify(name)} is not known here`);
  return known(body);
}

const fields: Readonly<Record<string, (body: Located) => string>> = {
  payload: payloadText,
  meta: (body) => `meta ${textOf(body, 'key')}`,
  ct: conntrackText,
  concat: (body) => itemsOf(body).map(fieldText).join(' . '),
  '&': (body) => bitsText('&', body),
  '|': (body) => bitsText('|', body),
  '^': (body) => bitsText('^', body),
  fib: (body) => `fib ${textsOf(member(body, 'flags')).join(' . ')} ${textOf(body, 'result')}`,
  'tcp option': (body) =>
    `tcp option ${textOf(body, 'name')}${member(body, 'field') === null ? '' : ` ${textOf(body, 'field')}`}`,
  'ip option': (body) => `ip option ${textOf(body, 'name')}`,
  exthdr: (body) => `exthdr ${textOf(body, 'name')}`,
  rt: (body) => `rt ${textOf(body, 'key')}`,
  socket: (body) => `socket ${textOf(body, 'key')}`,
  osf: (body) => `osf ${textOf(body, 'key')}`,
};

/** Bytes by their place are no field that has a name. */
function payloadText(body: Located): string {
  if (member(body, 'base') !== null) throw new JsonShapeFault('bytes by their place are not read');
  return `${textOf(body, 'protocol')} ${textOf(body, 'field')}`;
}

function conntrackText(body: Located): string {
  const key = member(body, 'key');
  const words = key?.kind === 'value' ? String(key.value) : '';
  if (!/^(ip6? )?[a-z-]+$/.test(words)) throw new JsonShapeFault('expected a field of ct');
  return `ct ${member(body, 'dir') === null ? '' : `${textOf(body, 'dir')} `}${words}`;
}

function bitsText(operator: string, body: Located): string {
  const [left, ...masks] = itemsOf(body);
  if (left === undefined || masks.length === 0) throw new JsonShapeFault('expected two sides');
  return `${fieldText(left)} ${operator} ${masks.map(bitValue).join(` ${operator} `)}`;
}

/** `["fin", "syn"]` are bits that stand together. */
const bitValue = (value: Located): string =>
  value.kind === 'array' ? `(${textsOf(value).join(' | ')})` : valueText(value);

const itemsOf = (value: Located): readonly Located[] => {
  if (value.kind !== 'array') throw new JsonShapeFault('expected a list');
  return value.items;
};

/** A value, a set of them, a prefix, a range or an element with what is kept beside it. */
export function valueText(value: Located): string {
  if (value.kind === 'value') return scalarText(value);
  if (value.kind === 'array') return value.items.map(valueText).join(',');
  const [entry] = value.members;
  const [name, body] = entry ?? ['', value];
  if (name === 'set') return `{ ${setItems(body).map(valueText).join(', ')} }`;
  if (name === 'prefix') return `${textOf(body, 'addr')}/${textOf(body, 'len')}`;
  if (name === 'range') return itemsOf(body).map(valueText).join('-');
  if (name === 'concat') return itemsOf(body).map(valueText).join(' . ');
  if (name === 'elem') {
    const inner = member(body, 'val');
    if (inner !== null) return valueText(inner);
  }
  if (name === '|') return itemsOf(body).map(valueText).join(' | ');
  throw new JsonShapeFault(`the value ${JSON.stringify(name)} is not known here`);
}

const setItems = (body: Located): readonly Located[] => (body.kind === 'array' ? body.items : [body]);

/** Names of interfaces and the like are texts; what would end one is refused. */
function scalarText(value: Located & { kind: 'value' }): string {
  if (typeof value.value === 'boolean') return value.value ? 'exists' : 'missing';
  const text = String(value.value);
  if (value.value === null || /["\n\\]/.test(text)) throw new JsonShapeFault('expected a value');
  return /^[A-Za-z0-9_.:/@*-]+$/.test(text) ? text : `"${text}"`;
}
