import type { Attribute, FactKind, FactValue, Strength } from '@wardline/model';
import type { Condition, FingerprintFile, FingerprintRule } from './fingerprint-schema.ts';
import { TEXT_LENGTH } from './regex-safety.ts';

/** How many different texts' answers are remembered; hospitals have few kinds of devices and many of each. */
const MEMORY = 20_000;

/** What a fingerprint says of an attribute of the sighting's subject. */
export interface FingerprintMatch {
  attribute: Attribute;
  value: string;
  strength: Strength;
  group: string;
  rule: string;
  fact: string;
  /** The text that it matched: the fact, or the one of its list. */
  text: string;
}

type Facts = Readonly<Record<string, FactValue | undefined>>;

/** The rules as given by their files, looked up by the kind of sighting. */
export class FingerprintTable {
  readonly files: readonly (FingerprintFile & { file: string })[];
  readonly #byKind = new Map<string, CompiledFile[]>();
  readonly #memory = new Map<string, readonly FingerprintMatch[]>();
  readonly #facts = new Map<string, readonly string[]>();

  constructor(files: readonly (FingerprintFile & { file: string })[]) {
    this.files = files;
    for (const file of files) {
      const list = this.#byKind.get(file.kind) ?? [];
      list.push(new CompiledFile(file));
      this.#byKind.set(file.kind, list);
    }
    for (const [kind, list] of this.#byKind) {
      this.#facts.set(kind, [...new Set(list.flatMap((file) => file.facts))].sort());
    }
  }

  /** What the rules say of a sighting; equal facts give an equal answer. */
  match(kind: FactKind, facts: object): readonly FingerprintMatch[] {
    const names = this.#facts.get(kind);
    if (names === undefined) return [];
    const given = facts as Facts;
    const key = `${kind}\u0000${names.map((name) => String(given[name] ?? '')).join('\u0000')}`;
    const known = this.#memory.get(key);
    if (known !== undefined) return known;
    const found = (this.#byKind.get(kind) ?? []).flatMap((file) => file.match(given));
    if (this.#memory.size >= MEMORY) this.#memory.clear();
    this.#memory.set(key, found);
    return found;
  }
}

class CompiledFile {
  readonly facts: readonly string[];
  readonly #file: FingerprintFile;
  readonly #rules: readonly CompiledRule[];

  constructor(file: FingerprintFile) {
    this.#file = file;
    this.#rules = file.rules.map(compileRule);
    const named = file.rules.flatMap((rule) => [rule.when.fact, ...(rule.also ?? []).map((c) => c.fact)]);
    this.facts = [...new Set([...named, 'role'])];
  }

  match(facts: Facts): FingerprintMatch[] {
    if (this.#file.serverOnly && facts.role !== undefined && facts.role !== 'server') return [];
    const found: FingerprintMatch[] = [];
    for (const rule of this.#rules) {
      const caught = rule.test(facts);
      if (caught === null) continue;
      found.push(...claimsOf(rule.rule, caught, this.#file.group));
      if (this.#file.firstMatch) break;
    }
    return found;
  }
}

interface CompiledRule {
  rule: FingerprintRule;
  /** The whole fact and what the pattern's groups caught, or null. */
  test(facts: Facts): readonly (string | undefined)[] | null;
}

function compileRule(rule: FingerprintRule): CompiledRule {
  const when = compileCondition(rule.when);
  const also = (rule.also ?? []).map(compileCondition);
  return {
    rule,
    test: (facts) => (also.every((condition) => condition(facts) !== null) ? when(facts) : null),
  };
}

type Test = (facts: Facts) => readonly (string | undefined)[] | null;

function compileCondition(condition: Condition): Test {
  const test = textTest(condition);
  return (facts) => {
    const value = facts[condition.fact];
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === undefined) continue;
      const caught = test(String(item).slice(0, TEXT_LENGTH));
      if (caught !== null) return caught;
    }
    return null;
  };
}

function textTest(condition: Condition): (text: string) => readonly (string | undefined)[] | null {
  const { equals, contains, matches, oid } = condition;
  if (equals !== undefined) {
    const texts = new Set((Array.isArray(equals) ? equals : [equals]).map((text) => text.toLowerCase()));
    return (text) => (texts.has(text.trim().toLowerCase()) ? [text] : null);
  }
  if (contains !== undefined) {
    const part = contains.toLowerCase();
    return (text) => (text.toLowerCase().includes(part) ? [text] : null);
  }
  if (oid !== undefined) return (text) => (text === oid || text.startsWith(`${oid}.`) ? [text] : null);
  const pattern = new RegExp(matches ?? '(?!)', 'i');
  return (text) => {
    const caught = pattern.exec(text);
    return caught === null ? null : [text, ...caught.slice(1)];
  };
}

function claimsOf(
  rule: FingerprintRule,
  caught: readonly (string | undefined)[],
  group: string,
): FingerprintMatch[] {
  return rule.claims.flatMap((clause) => {
    const value = fill(clause.value, caught);
    if (value === '') return [];
    const strength = clause.strength ?? rule.strength;
    return [
      {
        attribute: clause.attribute,
        value,
        strength,
        group,
        rule: rule.id,
        fact: rule.when.fact,
        text: caught[0] ?? '',
      },
    ];
  });
}

/** Puts what was caught into a value; without anything caught for a `$n` there is no value. */
function fill(template: string, caught: readonly (string | undefined)[]): string {
  let empty = false;
  const text = template.replace(/\$(\d)/g, (_, digit: string) => {
    const part = (caught[Number(digit)] ?? '').trim();
    if (part === '') empty = true;
    return part;
  });
  return empty ? '' : text.trim().slice(0, 120);
}
