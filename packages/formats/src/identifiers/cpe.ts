import { IDENTIFIER_CHARS } from '../limits.ts';

/** A value of a CPE name: any, none (`-`), or text without its quoting; `?` and `*` within a text stand for characters. */
export type CpeValue = { kind: 'any' } | { kind: 'none' } | { kind: 'text'; text: string; wild: boolean };

export const cpeAttributes = [
  'part',
  'vendor',
  'product',
  'version',
  'update',
  'edition',
  'language',
  'swEdition',
  'targetSw',
  'targetHw',
  'other',
] as const;
export type CpeAttribute = (typeof cpeAttributes)[number];

/** A well-formed name (NISTIR 7695 §5). */
export type Cpe = Readonly<Record<CpeAttribute, CpeValue>>;

const any: CpeValue = { kind: 'any' };

/** Reads a formatted string (`cpe:2.3:…`, §6.2) or a URI of CPE 2.2 (`cpe:/…`, §6.1); null where it is neither. */
export function parseCpe(text: string): Cpe | null {
  if (text.length > IDENTIFIER_CHARS) return null;
  const plain = text.trim();
  if (/^cpe:2\.3:/i.test(plain)) return fromFormatted(plain);
  return /^cpe:\//i.test(plain) ? fromUri(plain) : null;
}

function fromFormatted(text: string): Cpe | null {
  const parts = text.split(/(?<!(?<!\\)(?:\\\\)*\\):/).slice(2);
  if (parts.length !== cpeAttributes.length) return null;
  return named(parts.map(formattedValue));
}

function named(values: readonly (CpeValue | null)[]): Cpe | null {
  if (values.includes(null)) return null;
  const cpe = Object.fromEntries(
    cpeAttributes.map((name, index) => [name, values[index] ?? any]),
  ) as unknown as Cpe;
  const { part } = cpe;
  return part.kind === 'text' && !/^[aoh]$/.test(part.text) ? null : cpe;
}

/** §5.3.2: what is not a letter, a digit or `_` is quoted; `.` and `-` may stand plain in a formatted string. */
function formattedValue(text: string): CpeValue | null {
  if (text === '*') return any;
  if (text === '-') return { kind: 'none' };
  if (!/^(\*|\?+)?(\\[^A-Za-z0-9_]|[A-Za-z0-9_.-]|[^\u0020-\u007e])+(\*|\?+)?$/.test(text)) return null;
  const wild = /(^|[^\\])[*?]/.test(text);
  return { kind: 'text', text: (wild ? text : text.replace(/\\(.)/g, '$1')).toLowerCase(), wild };
}

/** §6.1.3.2: the sixth part packs what CPE 2.3 added after `~`. */
function fromUri(text: string): Cpe | null {
  const parts = text.slice(5).split(':');
  if (parts.length > 7) return null;
  const [part, vendor, product, version, update, edition, language] = parts;
  const packed = edition?.startsWith('~') === true ? edition.split('~') : ['', edition ?? ''];
  if (packed.length > 6 || (edition?.startsWith('~') === true && packed.length !== 6)) return null;
  const more = packed.slice(2);
  return named([part, vendor, product, version, update, packed[1], language, ...more].map(uriValue));
}

function uriValue(text: string | undefined): CpeValue | null {
  if (text === undefined || text === '') return any;
  if (text === '-') return { kind: 'none' };
  const wild = /%0[12]/.test(text);
  const quoted = text.replace(/%([0-9a-f]{2})/gi, (_all, code: string) =>
    code === '01'
      ? '?'
      : code === '02'
        ? '*'
        : `${wild ? '\\' : ''}${String.fromCharCode(Number.parseInt(code, 16))}`,
  );
  return /%/.test(text.replace(/%[0-9a-f]{2}/gi, ''))
    ? null
    : { kind: 'text', text: quoted.toLowerCase(), wild };
}

/** Writes the formatted string of a name. */
export const printCpe = (cpe: Cpe): string =>
  `cpe:2.3:${cpeAttributes.map((name) => printed(cpe[name])).join(':')}`;

function printed(value: CpeValue): string {
  if (value.kind !== 'text') return value.kind === 'any' ? '*' : '-';
  return value.wild ? value.text : value.text.replace(/[^A-Za-z0-9_.\-\u0080-\uffff]/g, '\\$&');
}

/** How the values that a source names relate to those of a target (NISTIR 7696 §6.2). */
export type CpeRelation = 'superset' | 'subset' | 'equal' | 'disjoint' | 'undefined';

/** NISTIR 7696 table 6-2. Any holds all; none is a value of its own; a pattern in the target answers nothing. */
export function relate(source: CpeValue, target: CpeValue): CpeRelation {
  if (target.kind === 'text' && target.wild) return source.kind === 'any' ? 'superset' : 'undefined';
  if (source.kind === 'any') return target.kind === 'any' ? 'equal' : 'superset';
  if (target.kind === 'any') return source.kind === 'text' && source.wild ? 'undefined' : 'subset';
  if (source.kind === 'none' || target.kind === 'none')
    return source.kind === target.kind ? 'equal' : 'disjoint';
  if (source.wild) return patternOf(source.text).test(target.text) ? 'superset' : 'disjoint';
  return source.text === target.text ? 'equal' : 'disjoint';
}

/** A star stands for any characters, each question mark for at most one (§6.3.4); both stand at the ends only. */
function patternOf(text: string): RegExp {
  const inner = text.replace(/^(\*|\?+)|(?<!\\)(\*|\?+)$/g, '').replace(/\\(.)/g, '$1');
  const ends = (marks: string | undefined): string =>
    marks === undefined ? '' : marks === '*' ? '.*' : `.{0,${marks.length}}`;
  const first = /^(\*|\?+)/.exec(text)?.[0];
  const last = /(?<!\\)(\*|\?+)$/.exec(text.slice(first?.length ?? 0))?.[0];
  return new RegExp(`^${ends(first)}${inner.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}${ends(last)}$`, 's');
}

/** Does the source name cover the target: no attribute disjoint, and each at least as wide? `unknown` where the target says less. */
export function covers(source: Cpe, target: Cpe, ...ignored: CpeAttribute[]): 'yes' | 'no' | 'unknown' {
  const relations = cpeAttributes
    .filter((name) => !ignored.includes(name))
    .map((name) => relate(source[name], target[name]));
  if (relations.includes('disjoint')) return 'no';
  return relations.every((relation) => relation === 'equal' || relation === 'superset') ? 'yes' : 'unknown';
}
