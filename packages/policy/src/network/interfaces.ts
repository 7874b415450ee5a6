import { type Family, formatAddress, parseAddress, type Range, widthOf } from '../space/addresses.ts';

/** An interface of a router or switch, as far as lists and segments go. */
export interface Interface {
  name: string;
  line: number;
  isDown: boolean;
  description: string | null;
  /** The networks of its addresses. */
  networks: { family: Family; range: Range; text: string }[];
  /** Lists that are bound to it. */
  bound: Binding[];
  /** By which an ASA binds lists to it. */
  nameif: string | null;
}

interface Binding {
  family: Family;
  direction: 'in' | 'out';
  list: string;
  line: number;
  /** The list that decides what no line of the first one holds: an ASA's global one. */
  next?: string;
}

/** The interfaces of an IOS configuration (also IOS XE, IOS XR, NX-OS, EOS) or of an ASA, in its order. */
export function interfacesOf(text: string): Interface[] {
  const found: Interface[] = [];
  let current: Interface | null = null;
  const groups: { words: string[]; line: number }[] = [];
  for (const [index, line] of text.split(/\r\n|[\r\n]/).entries()) {
    const words = line.trim().split(/\s+/);
    if (/^interface\s+\S/.test(line)) {
      current = newInterface(words.slice(1).join(' '), index + 1);
      found.push(current);
    } else if (/^\s+\S/.test(line)) {
      if (current !== null) take(current, words, index + 1);
    } else if (!line.startsWith('!') && line.trim() !== '') {
      current = null;
      if (words[0] === 'access-group') groups.push({ words, line: index + 1 });
    }
  }
  bindAsa(found, groups);
  return found;
}

/**
 * `access-group NAME in interface NAMEIF`, and `access-group NAME global`, which decides what the list of an interface leaves open. A list
 * of an ASA is of both families.
 */
function bindAsa(
  interfaces: readonly Interface[],
  groups: readonly { words: string[]; line: number }[],
): void {
  for (const { words, line } of groups) {
    const [, list = '', direction, what, nameif] = words;
    if (what !== 'interface' || (direction !== 'in' && direction !== 'out')) continue;
    for (const one of interfaces.filter((own) => own.nameif === nameif))
      for (const family of [4, 6] as const) one.bound.push({ family, list, direction, line });
  }
  const global = groups.find(({ words }) => words[2] === 'global');
  if (global === undefined) return;
  const [list, line] = [global.words[1] ?? '', global.line];
  for (const one of interfaces.filter(({ nameif }) => nameif !== null))
    for (const family of [4, 6] as const) {
      const own = one.bound.find((bound) => bound.family === family && bound.direction === 'in');
      if (own === undefined) one.bound.push({ family, list, direction: 'in', line });
      else own.next = list;
    }
}

const newInterface = (name: string, line: number): Interface => ({
  name,
  line,
  isDown: false,
  description: null,
  networks: [],
  bound: [],
  nameif: null,
});

function take(current: Interface, words: readonly string[], line: number): void {
  const [first, second, third, fourth] = words;
  if (first === 'shutdown') current.isDown = true;
  else if (first === 'nameif') current.nameif = second ?? null;
  else if (first === 'description') current.description = words.slice(1).join(' ');
  else if ((first === 'ip' || first === 'ipv4') && second === 'address')
    addNetwork(current, 4, third, fourth);
  else if (first === 'ipv6' && second === 'address') addNetwork(current, 6, third, undefined);
  else if (second === 'access-group' && third !== undefined) bindGroup(current, words, line);
  else if (first === 'ipv6' && second === 'traffic-filter' && third !== undefined)
    bindList(current, 6, third, fourth, line);
}

/** `ip access-group NAME in`; on IOS XR `ipv4 access-group NAME ingress`, with `common NAME` before it. */
function bindGroup(current: Interface, words: readonly string[], line: number): void {
  const family: Family = words[0] === 'ipv6' ? 6 : 4;
  const names = words.slice(2).filter((word) => word !== 'common');
  const direction = names.find((word) => ['in', 'out', 'ingress', 'egress'].includes(word));
  for (const name of names.slice(0, direction === undefined ? 1 : names.indexOf(direction)))
    bindList(current, family, name, direction, line);
}

function bindList(
  current: Interface,
  family: Family,
  list: string,
  direction: string | undefined,
  line: number,
): void {
  current.bound.push({
    family,
    list,
    direction: direction === 'out' || direction === 'egress' ? 'out' : 'in',
    line,
  });
}

function addNetwork(
  current: Interface,
  family: Family,
  address: string | undefined,
  mask: string | undefined,
): void {
  const [host, length] = (address ?? '').split('/');
  const value = parseAddress(host!);
  const bits = length === undefined ? maskLength(mask) : Number(length);
  if (value?.family !== family || bits === null || !(bits >= 0 && bits <= widthOf(family))) return;
  const rest = (1n << BigInt(widthOf(family) - bits)) - 1n;
  const range = { first: value.value & ~rest, last: value.value | rest };
  const text = `${formatAddress(family, range.first)}/${bits}`;
  current.networks.push({ family, range, text });
}

function maskLength(mask: string | undefined): number | null {
  const value = mask === undefined ? null : parseAddress(mask);
  if (value?.family !== 4) return null;
  const rest = ~value.value & 0xffffffffn;
  return (rest & (rest + 1n)) === 0n ? 32 - rest.toString(2).replace(/^0$/, '').length : null;
}
