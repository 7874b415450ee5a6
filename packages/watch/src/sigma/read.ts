import type { Severity } from '@wardline/model';
import { RULE_TEXT } from '../rules/limits.ts';
import type { RuleDiagnostic, RulePlace } from '../rules/rule.ts';
import { holdsCondition, readCondition } from './condition.ts';
import { isOfSource, type LogEvent } from './event.ts';
import { SIGMA_CHARS, SIGMA_DIAGNOSTICS, SIGMA_TIMESPAN } from './limits.ts';
import { anywhere, fits, patternOf } from './pattern.ts';
import {
  type Correlation,
  correlationTypes,
  type LogSource,
  type SigmaRule,
  type SigmaSearch,
} from './rule.ts';
import { readTrees, type Scalar, type Tree } from './tree.ts';
import { modifiers, readTest, type Test } from './values.ts';

export type ParsedSigma = { ok: true; rule: SigmaRule } | { ok: false; faults: RuleDiagnostic[] };

/** True for a text that is a rule of Sigma, and none for conversations. */
export const isSigma = (text: string): boolean =>
  /^\s*(title|id|name|logsource|detection|correlation)\s*:/m.test(text);

/** Reads a rule of Sigma (specification 2.1), with the documents that a correlation counts. Every fault says where it stands. */
export function parseSigma(text: string): ParsedSigma {
  if (text.length > SIGMA_CHARS) {
    const message = `A rule has ${SIGMA_CHARS} characters at the most`;
    return { ok: false, faults: [{ message, place: { line: 1, column: 1, length: 0 } }] };
  }
  return new SigmaReader().read(text);
}

type MapTree = Extract<Tree, { kind: 'map' }>;
const levels: Readonly<Record<string, Severity>> = {
  informational: 'info',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};
const nowhere: RulePlace = { line: 1, column: 1, length: 0 };
const never: Test = () => false;

class SigmaReader {
  readonly #faults: RuleDiagnostic[] = [];

  read(text: string): ParsedSigma {
    const { trees, faults } = readTrees(text);
    this.#faults.push(...faults);
    const maps = trees.flatMap(
      (tree) => this.#map(tree, 'A rule is a map: title, logsource, detection') ?? [],
    );
    const isCorrelation = (map: MapTree) => map.entries.some(({ key }) => key === 'correlation');
    const searches = maps.filter((map) => !isCorrelation(map)).map((map) => this.#search(map));
    const correlations = maps.filter(isCorrelation);
    if (correlations.length > 1)
      this.#report(correlations[1]!.place, 'One text holds one correlation at the most');
    const main = correlations[0] ?? maps[0];
    if (main === undefined) this.#report(nowhere, 'There is no rule in it');
    if (maps.length > 1 && correlations.length === 0)
      this.#report(maps[1]!.place, 'Several rules are several texts, unless a correlation counts them');
    const correlation = correlations[0] === undefined ? null : this.#correlation(correlations[0], searches);
    if (this.#faults.length > 0 || main === undefined)
      return { ok: false, faults: this.#faults.slice(0, SIGMA_DIAGNOSTICS) };
    const { title, severity } = this.#head(main);
    const description = this.#text(main, 'description', false)?.trim().replaceAll(/\s+/g, ' ') ?? '';
    const advice = description === '' ? null : description.slice(0, RULE_TEXT);
    return { ok: true, rule: { title, severity, advice, searches, correlation } };
  }

  #report(place: RulePlace, message: string): void {
    this.#faults.push({ message, place });
  }

  #map(tree: Tree, message: string): MapTree | null {
    if (tree.kind === 'map') return tree;
    this.#report(tree.place, message);
    return null;
  }

  #text(map: MapTree, key: string, isNeeded: boolean): string | null {
    const found = map.entries.find((entry) => entry.key === key);
    if (found === undefined) {
      if (isNeeded) this.#report(map.place, `“${key}” is missing`);
      return null;
    }
    if (found.value.kind === 'scalar' && found.value.value !== null) return String(found.value.value);
    this.#report(found.value.place, `“${key}” is a text`);
    return null;
  }

  #head(map: MapTree): { title: string; severity: Severity } {
    const title = this.#text(map, 'title', true) ?? '';
    if (title.length > 256) this.#report(map.place, 'A title has 256 characters at the most');
    const level = map.entries.find(({ key }) => key === 'level');
    const word = level === undefined ? 'medium' : (this.#text(map, 'level', false) ?? 'medium');
    if (levels[word] === undefined)
      this.#report(level!.value.place, `Expected a level: ${Object.keys(levels).join(', ')}`);
    const taxonomy = map.entries.find(({ key }) => key === 'taxonomy');
    if (taxonomy !== undefined && this.#text(map, 'taxonomy', false) !== 'sigma')
      this.#report(taxonomy.value.place, 'Only the taxonomy “sigma” is known');
    return { title: title.slice(0, RULE_TEXT), severity: levels[word] ?? 'medium' };
  }

  #search(map: MapTree): SigmaSearch {
    const { title, severity } = this.#head(map);
    const names = ['name', 'id'].flatMap((key) => this.#text(map, key, false) ?? []);
    const source = this.#source(map);
    const matches = this.#detection(map);
    return {
      names,
      title,
      severity,
      source,
      matches: (event) => isOfSource(source, event) && matches(event),
    };
  }

  #source(map: MapTree): LogSource {
    const none = { product: null, service: null };
    const found = map.entries.find(({ key }) => key === 'logsource');
    if (found === undefined) {
      this.#report(map.place, '“logsource” is missing');
      return none;
    }
    const source = this.#map(found.value, 'A logsource is a map: product, service');
    if (source === null) return none;
    const category = source.entries.find(({ key }) => key === 'category');
    if (category !== undefined)
      this.#report(
        category.place,
        'No category is known here: name the program as “service”, or “product: wardline” with the kind of a fact',
      );
    const product = this.#text(source, 'product', false)?.toLowerCase() ?? null;
    const service = this.#text(source, 'service', false)?.toLowerCase() ?? null;
    if (product === 'wardline' && service === null)
      this.#report(source.place, 'Of “product: wardline” the service is the kind of a fact, as http.client');
    if (product === 'windows')
      this.#report(source.place, 'Events of Windows come by no syslog in their own form: they are not read');
    return { product, service };
  }

  #detection(map: MapTree): Test {
    const found = map.entries.find(({ key }) => key === 'detection');
    const detection =
      found === undefined
        ? null
        : this.#map(found.value, 'A detection is a map of searches with a condition');
    if (found === undefined) this.#report(map.place, '“detection” is missing');
    if (detection === null) return never;
    const searches = new Map<string, Test>();
    for (const { key, place, value } of detection.entries) {
      if (key === 'timeframe') this.#report(place, '“timeframe” is no longer Sigma: write a correlation');
      else if (key !== 'condition') searches.set(key, this.#searchOf(value));
    }
    const condition = detection.entries.find(({ key }) => key === 'condition');
    if (condition === undefined) {
      this.#report(detection.place, '“condition” is missing');
      return never;
    }
    return this.#condition(condition.value, searches);
  }

  /** Several conditions are told where one holds. */
  #condition(tree: Tree, searches: ReadonlyMap<string, Test>): Test {
    const several = tree.kind === 'list' ? tree.items : [tree];
    const tests = several.map((one): Test => {
      if (one.kind !== 'scalar' || typeof one.value !== 'string') {
        this.#report(one.place, 'A condition is a text');
        return never;
      }
      const read = readCondition(one.value, [...searches.keys()]);
      if (!read.ok) {
        const { line, column } = one.inside;
        this.#report({ line, column: column + read.at, length: read.length }, read.message);
        return never;
      }
      return (event) => holdsCondition(read.condition, (name) => searches.get(name)!(event));
    });
    return (event) => tests.some((test) => test(event));
  }

  /** A map is fulfilled by all its fields, a list by one of what it holds; texts alone are sought anywhere. */
  #searchOf(tree: Tree): Test {
    if (tree.kind === 'scalar') return this.#keyword(tree.value, tree.place);
    if (tree.kind === 'map') {
      const tests = tree.entries.map(({ key, place, value }) => this.#field(key, place, value));
      if (tests.length === 0) this.#report(tree.place, 'This search asks nothing');
      return (event) => tests.every((test) => test(event));
    }
    const tests = tree.items.map((one) => this.#searchOf(one));
    if (tests.length === 0) this.#report(tree.place, 'This search asks nothing');
    return (event) => tests.some((test) => test(event));
  }

  #keyword(value: Scalar, place: RulePlace): Test {
    if (value === null || value === '') {
      this.#report(place, 'A keyword is a text');
      return never;
    }
    const pattern = anywhere(patternOf(String(value)));
    return ({ text }) => fits(pattern, text, false);
  }

  #field(key: string, place: RulePlace, tree: Tree): Test {
    const [field = '', ...given] = key.split('|');
    for (const one of given)
      if (!modifiers.includes(one))
        this.#report(place, `The modifier “${one}” is not known: ${modifiers.join(', ')}`);
    const values = tree.kind === 'list' ? tree.items : [tree];
    if (values.length === 0) this.#report(tree.place, 'This list is empty');
    const tests = values.map((one) => this.#value(field, given, one));
    const all = given.includes('all');
    const holds: Test = all
      ? (event) => tests.every((test) => test(event))
      : (event) => tests.some((test) => test(event));
    return given.includes('neq') ? (event) => !holds(event) : holds;
  }

  #value(field: string, given: readonly string[], tree: Tree): Test {
    if (tree.kind !== 'scalar') {
      this.#report(tree.place, 'Expected a value');
      return never;
    }
    if (field === '') return this.#keyword(tree.value, tree.place);
    const read = readTest(field, given, tree.value);
    if (read.ok) return read.test;
    const { line, column, length } = tree.inside;
    const place =
      read.at === undefined
        ? tree.place
        : { line, column: column + read.at, length: Math.max(1, length - read.at) };
    this.#report(place, read.message);
    return never;
  }

  #correlation(map: MapTree, searches: readonly SigmaSearch[]): Correlation | null {
    this.#head(map);
    const entry = map.entries.find(({ key }) => key === 'correlation')!;
    const tree = this.#map(entry.value, 'A correlation is a map: type, rules, group-by, timespan, condition');
    if (tree === null) return null;
    const type = correlationTypes.find((one) => one === this.#text(tree, 'type', true));
    if (type === undefined) this.#report(tree.place, `Expected a type: ${correlationTypes.join(', ')}`);
    const aliases = tree.entries.find(({ key }) => key === 'aliases');
    if (aliases !== undefined) this.#report(aliases.place, 'Aliases of fields are not read');
    const of = this.#texts(tree, 'rules').flatMap(({ text, place }) => {
      const at = searches.findIndex(({ names }) => names.includes(text));
      if (at < 0) this.#report(place, `No rule in this text has the name “${text}”`);
      return at < 0 ? [] : [at];
    });
    const within = this.#timespan(tree);
    const { reached, field } = this.#count(tree, type ?? 'event_count', of.length);
    const groupBy = this.#texts(tree, 'group-by').map(({ text }) => text);
    return { type: type ?? 'event_count', of, groupBy, within, field, reached };
  }

  #texts(map: MapTree, key: string): { text: string; place: RulePlace }[] {
    const found = map.entries.find((entry) => entry.key === key)?.value;
    if (found === undefined) {
      if (key === 'rules') this.#report(map.place, `“${key}” is missing`);
      return [];
    }
    const items = found.kind === 'list' ? found.items : [found];
    return items.flatMap((one) => {
      if (one.kind === 'scalar' && typeof one.value === 'string')
        return [{ text: one.value, place: one.place }];
      this.#report(one.place, 'Expected a text');
      return [];
    });
  }

  #timespan(map: MapTree): number {
    const found = map.entries.find(({ key }) => key === 'timespan');
    const text = this.#text(map, 'timespan', true);
    if (found === undefined || text === null) return SIGMA_TIMESPAN.most;
    const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
    const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
    const span = Number(amount) * (seconds[unit] ?? Number.NaN) * 1_000_000;
    if (!(span >= SIGMA_TIMESPAN.least && span <= SIGMA_TIMESPAN.most))
      this.#report(found.value.place, 'Expected a span from 1s to 1d, as 5m');
    return span;
  }

  #count(map: MapTree, type: Correlation['type'], rules: number): Pick<Correlation, 'reached' | 'field'> {
    const isTemporal = type.startsWith('temporal');
    const found = map.entries.find(({ key }) => key === 'condition');
    if (found === undefined && isTemporal) return { reached: (count) => count >= rules, field: null };
    const condition =
      found === undefined
        ? null
        : this.#map(found.value, 'A condition of a correlation is a map, as gte: 10');
    if (found === undefined) this.#report(map.place, '“condition” is missing');
    if (condition === null) return { reached: () => false, field: null };
    const tests = condition.entries.flatMap(({ key, place, value }) =>
      key === 'field' ? [] : [this.#bound(key, place, value)],
    );
    if (tests.length === 0)
      this.#report(condition.place, 'A condition says how many: gt, gte, lt, lte or eq');
    const field = this.#text(condition, 'field', type === 'value_count');
    return { reached: (count) => tests.every((test) => test(count)), field };
  }

  #bound(key: string, place: RulePlace, value: Tree): (count: number) => boolean {
    const bound = value.kind === 'scalar' && typeof value.value === 'number' ? value.value : null;
    if (bound === null) this.#report(value.place, 'Expected a number');
    const wanted = bound ?? 0;
    // What is too few is only known when a window ends, and then of every group that there might be.
    if (key === 'gt') return (count) => count > wanted;
    if (key === 'gte') return (count) => count >= wanted;
    if (key === 'eq') return (count) => count === wanted;
    this.#report(place, 'Expected gt, gte or eq: that something was missing is not told here');
    return () => false;
  }
}

/** Values of an event's group; null where it has none, so that it belongs to none. */
export function groupOf(groupBy: readonly string[], event: LogEvent, device: string): string {
  return groupBy.length === 0 ? device : groupBy.map((field) => event.valuesOf(field).join(',')).join('|');
}
