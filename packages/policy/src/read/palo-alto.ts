import { CONFIGURATION_CHARACTERS, PAN_ZONE_PAIRS } from '../limits.ts';
import { families } from '../resolve.ts';
import type { Line, ReadFault, ReadResult, Ruleset, Unmodelled } from '../ruleset.ts';
import type { Family, Range } from '../space/addresses.ts';
import { intersectAll } from '../space/boxes.ts';
import type { Box } from '../space/packet.ts';
import { type PanEntry, type PanText, panEntries } from './pan-entries.ts';
import { Objects, PanFault } from './pan-objects.ts';
import { type Place, placesOf } from './pan-places.ts';

/**
 * Reads the security rules of a firewall of Palo Alto Networks with their objects, from `set` lines or from XML. Where rules
 * name zones there is one list for each pair of zones that the rules tell apart; within one zone what no rule holds
 * passes, as the maker has it. Conditions beyond the packet (App-ID, users, names that are looked up) are told; a rule
 * with one counts as holding where it allows and never where it denies.
 */
export function readPaloAlto(text: string): ReadResult {
  if (text.length > CONFIGURATION_CHARACTERS)
    return { fault: { line: 1, message: `the text has more than ${CONFIGURATION_CHARACTERS} characters` } };
  const read = panEntries(text);
  if ('fault' in read) return read;
  try {
    return { rulesets: rulesetsOf(read) };
  } catch (error) {
    if (error instanceof PanFault) return { fault: faultOf(error) };
    throw error;
  }
}

const faultOf = ({ line, message }: PanFault): ReadFault => ({ line, message });

/** What a rule holds, and what stands beside the model. */
interface Rule {
  line: number;
  text: string;
  from: readonly string[];
  to: readonly string[];
  kind: 'universal' | 'intrazone' | 'interzone';
  action: 'permit' | 'deny';
  boxes: Record<Family, Box[]>;
  conditions: readonly string[];
}

/** One list of rules after the other, as a firewall goes through them. */
function rulesetsOf({ entries, parents }: PanText): Ruleset[] {
  const places = placesOf(entries, parents);
  return places.flatMap((place) => {
    const objects = new Objects(entries, place.scopes);
    const rules = place.rules.filter(isOn).map((entry) => ruleOf(entry, objects));
    const prefix = places.length > 1 ? `${place.scopes[0]}: ` : '';
    return rules.length === 0 ? [] : rulesetsOfPlace(rules, defaultsOf(entries, place.scopes), prefix, place);
  });
}

const isOn = ({ values }: PanEntry): boolean => values.get('disabled')?.[0] !== 'yes';

function rulesetsOfPlace(
  rules: readonly Rule[],
  defaults: Record<'within' | 'between', Line['action']>,
  prefix: string,
  { unknownParent }: Place,
): Ruleset[] {
  const above = { line: rules[0]!.line, what: 'rules of a group above, which the text does not name' };
  return pairsOf(rules).map(({ name, own, isOneZone, unknown }) => ({
    name: `${prefix}${name}`,
    lines: own.flatMap(linesOf),
    // Where no zone is named, the pair may be one zone with itself.
    otherwise: isOneZone || unknown ? defaults.within : defaults.between,
    stateful: true,
    unmodelled: [
      ...(unknownParent ? [above] : []),
      ...own.flatMap(({ line, conditions }): Unmodelled[] =>
        conditions.length === 0 ? [] : [{ line, what: conditions.join(', ') }],
      ),
    ],
    beside: [],
  }));
}

/** What becomes of what no rule holds; an administrator may turn both round. */
function defaultsOf(
  entries: readonly PanEntry[],
  scopes: readonly (string | null)[],
): Record<'within' | 'between', Line['action']> {
  const defaultOf = (name: string, usual: Line['action']) => {
    const entry = scopes
      .map((scope) =>
        entries.find((one) => one.kind === 'default-rules' && one.name === name && one.scope === scope),
      )
      .find((one) => one !== undefined);
    const action = entry?.values.get('action')?.[0];
    return action === undefined ? usual : action === 'allow' ? 'permit' : 'deny';
  };
  return {
    within: defaultOf('intrazone-default', 'permit'),
    between: defaultOf('interzone-default', 'deny'),
  };
}

function linesOf({ line, text, action, boxes, conditions }: Rule): Line[] {
  if (conditions.length > 0 && action === 'deny') return [];
  return families
    .filter((family) => boxes[family].length > 0)
    .map((family) => ({ family, action, boxes: boxes[family], line, text }));
}

/** Pairs of zones, those with the same rules together. */
function pairsOf(
  rules: readonly Rule[],
): { name: string; own: Rule[]; isOneZone: boolean; unknown: boolean }[] {
  const zones = [...new Set(rules.flatMap(({ from, to }) => [...from, ...to]))].filter(
    (zone) => zone !== 'any',
  );
  if (zones.length === 0)
    return [{ name: 'any zone → any zone', own: [...rules], isOneZone: false, unknown: true }];
  if (zones.length ** 2 > PAN_ZONE_PAIRS)
    throw new PanFault(rules[0]!.line, `there are more than ${PAN_ZONE_PAIRS} pairs of zones`);
  const hasOthers = rules.some(({ from, to }) => from.includes('any') || to.includes('any'));
  const ends = hasOthers ? [...zones, ANOTHER] : zones;
  const pairs = ends.flatMap((from) => ends.map((to): [string, string] => [from, to]));
  if (hasOthers) pairs.push([ANOTHER, THIRD]);
  const groups = new Map<string, { pairs: string[]; own: Rule[]; isOneZone: boolean; unknown: boolean }>();
  for (const [from, to] of pairs) {
    const own = rules.filter((rule) => speaksOf(rule, from, to));
    const key = `${from === to} ${own.map(({ line }) => line).join(' ')}`;
    const group = groups.get(key) ?? { pairs: [], own, isOneZone: from === to, unknown: false };
    group.pairs.push(`${from} → ${to}`);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ ...group, name: group.pairs.join(', ') }));
}

/** Zones that no rule names, and that `any` means too. */
const ANOTHER = 'another zone';
const THIRD = 'a third zone';

function speaksOf({ from, to, kind }: Rule, source: string, destination: string): boolean {
  const names = (zones: readonly string[], zone: string) => zones.includes('any') || zones.includes(zone);
  if (kind === 'intrazone') return source === destination && names(from, source);
  return names(from, source) && names(to, destination) && (kind === 'universal' || source !== destination);
}

function ruleOf(entry: PanEntry, objects: Objects): Rule {
  const { line, text, values } = entry;
  const listed = (key: string) => {
    const given = values.get(key) ?? ['any'];
    if (given.length === 0) throw new PanFault(line, `the rule ${entry.name} names nothing under ${key}`);
    return given;
  };
  const conditions = conditionsOf(values);
  const kind = kindOfRule(entry);
  const side = (key: 'source' | 'destination') => {
    const negated = values.get(`negate-${key}`)?.[0] === 'yes';
    return objects.addresses(listed(key), line, negated, conditions);
  };
  const [source, destination] = [side('source'), side('destination')];
  const services = objects.services(listed('application'), listed('service'), line, conditions);
  const boxes = (family: Family) =>
    intersectAll(
      intersectAll(within('source', source, family), within('destination', destination, family)),
      services[family],
    );
  return {
    line,
    text,
    kind,
    from: listed('from'),
    to: kind === 'intrazone' ? ['any'] : listed('to'),
    action: actionOf(entry),
    boxes: { 4: boxes(4), 6: boxes(6) },
    conditions,
  };
}

function kindOfRule({ line, values }: PanEntry): Rule['kind'] {
  const kind = values.get('rule-type')?.[0] ?? 'universal';
  if (kind === 'universal' || kind === 'intrazone' || kind === 'interzone') return kind;
  throw new PanFault(line, `the type of rule ${kind} is not known here`);
}

function within(field: 'source' | 'destination', set: Record<Family, Range[]> | null, family: Family): Box[] {
  if (set === null) return [{}];
  return set[family].length === 0 ? [] : [{ [field]: set[family] }];
}

function actionOf({ line, name, values }: PanEntry): Line['action'] {
  const action = values.get('action')?.[0];
  if (action === 'allow') return 'permit';
  if (action !== undefined && ['deny', 'drop', 'reset-client', 'reset-server', 'reset-both'].includes(action))
    return 'deny';
  throw new PanFault(
    line,
    `the rule ${name} has ${action === undefined ? 'no action' : `the action ${action}, which is not known here`}`,
  );
}

/** What a rule asks beyond packets. */
function conditionsOf(values: ReadonlyMap<string, readonly string[]>): string[] {
  return [...values].flatMap(([key, given]) => {
    if (neutral.has(key.split('/')[0]!) || key === 'target/negate') return [];
    const asked = given.filter((value) => value !== 'any' && value !== 'no');
    return asked.length === 0 ? [] : [`${key.replace('/', ' ')} ${asked.join(' ')}`];
  });
}

/** What is read, and what says nothing of which packets a rule holds. */
const neutral = new Set([
  'action',
  'from',
  'to',
  'source',
  'destination',
  'service',
  'application',
  'negate-source',
  'negate-destination',
  'disabled',
  'rule-type',
  'description',
  'tag',
  'group-tag',
  'log-setting',
  'log-start',
  'log-end',
  'profile-setting',
  'option',
  'qos',
  'uuid',
  'icmp-unreachable',
  '',
]);
