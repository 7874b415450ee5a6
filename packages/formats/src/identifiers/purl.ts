import { IDENTIFIER_CHARS } from '../limits.ts';
import { normalised, typeFault } from './purl-types.ts';

/** A package URL (ECMA-427), its parts decoded and in the canonical case of its type. */
export interface Purl {
  type: string;
  namespace: string | null;
  name: string;
  version: string | null;
  qualifiers: Readonly<Record<string, string>>;
  subpath: string | null;
}

export type PurlPart = 'scheme' | 'type' | 'namespace' | 'name' | 'version' | 'qualifiers' | 'subpath';
export type PurlReading = { ok: true; purl: Purl } | { ok: false; part: PurlPart; message: string };

const refuse = (part: PurlPart, message: string) => ({ ok: false as const, part, message });

/** Reads a package URL (purl-spec, "How to parse"): from the right, one separator after the other. */
export function readPurl(text: string): PurlReading {
  if (text.length > IDENTIFIER_CHARS) return refuse('scheme', `longer than ${IDENTIFIER_CHARS} characters`);
  const [beforePath, path] = splitAtLast(text, '#');
  const [beforeQualifiers, query] = splitAtLast(beforePath, '?');
  const scheme = /^pkg:\/*/i.exec(beforeQualifiers);
  if (scheme === null) return refuse('scheme', 'expected pkg:');
  const rest = beforeQualifiers.slice(scheme[0].length);
  const slash = rest.indexOf('/');
  if (slash === -1) return refuse('type', 'expected a type, a slash and a name');
  const type = rest.slice(0, slash).toLowerCase();
  const [names, version] = splitVersion(rest.slice(slash + 1).replace(/^\/+|\/+$/g, ''));
  const segments = names.split('/').filter((segment) => segment !== '');
  const qualifiers = readQualifiers(query ?? '');
  if ('message' in qualifiers) return qualifiers;
  return decoded(type, segments, version, qualifiers.read, path);
}

function splitAtLast(text: string, separator: string): [string, string | null] {
  const at = text.lastIndexOf(separator);
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** An `@` that begins a segment is a scope of npm, written without its encoding. */
function splitVersion(text: string): [string, string | null] {
  const at = text.lastIndexOf('@');
  return at === -1 || (at > 0 ? text[at - 1] === '/' : text.includes('/'))
    ? [text, null]
    : [text.slice(0, at), text.slice(at + 1)];
}

type Qualifiers = { read: Record<string, string> } | { ok: false; part: PurlPart; message: string };

function readQualifiers(query: string): Qualifiers {
  const read: Record<string, string> = {};
  for (const pair of query.split('&').filter((one) => one !== '')) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(equals, 0)).toLowerCase();
    const value = decode(pair.slice(equals + 1));
    if (equals === -1 || !isKey(key)) return refuse('qualifiers', `${pair.slice(0, 60)} is no key and value`);
    if (value === null) return refuse('qualifiers', `the value of ${key} is not encoded soundly`);
    if (Object.hasOwn(read, key)) return refuse('qualifiers', `${key} stands twice`);
    if (value !== '') read[key] = value;
  }
  return { read };
}

const isKey = (key: string): boolean => /^[a-z][a-z0-9._-]*$/.test(key) && key !== '__proto__';

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function decoded(
  type: string,
  segments: readonly string[],
  version: string | null,
  qualifiers: Record<string, string>,
  path: string | null,
): PurlReading {
  const names = segments.map(decode);
  const steps = (path ?? '')
    .split('/')
    .map(decode)
    .filter((step) => step !== '' && step !== '.' && step !== '..');
  const release = version === null ? '' : decode(version);
  if (names.includes(null)) return refuse('name', 'is not encoded soundly');
  if (steps.includes(null)) return refuse('subpath', 'is not encoded soundly');
  if (release === null) return refuse('version', 'is not encoded soundly');
  return buildPurl({
    type,
    namespace: names.slice(0, -1).join('/') || null,
    name: names.at(-1) ?? '',
    version: release || null,
    qualifiers,
    subpath: steps.join('/') || null,
  });
}

/** Makes a package URL of its parts, in the canonical form of its type. */
export function buildPurl(parts: Purl): PurlReading {
  const type = parts.type.toLowerCase();
  if (!/^[a-z][a-z0-9.-]*$/.test(type))
    return refuse('type', 'expected letters, digits, `.` and `-`, a letter first');
  if (parts.name === '') return refuse('name', 'expected a name');
  const wrong = Object.keys(parts.qualifiers).find((key) => !isKey(key.toLowerCase()));
  if (wrong !== undefined) return refuse('qualifiers', `${wrong.slice(0, 60)} is no key`);
  const purl = normalised({ ...parts, type });
  const fault = typeFault(purl);
  return fault === null ? { ok: true, purl } : refuse(fault.part, fault.message);
}

/** Everything but unreserved characters and the colon is encoded (purl-spec, "Character encoding"). */
const encode = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%3A', ':')
    .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const encodePath = (path: string): string => path.split('/').map(encode).join('/');

/** The canonical text of a package URL. */
export function printPurl({ type, namespace, name, version, qualifiers, subpath }: Purl): string {
  const query = Object.keys(qualifiers)
    .sort()
    .map((key) => `${key}=${encode(qualifiers[key]!)}`)
    .join('&');
  return [
    `pkg:${type}/`,
    namespace === null ? '' : `${encodePath(namespace)}/`,
    encode(name),
    version === null ? '' : `@${encode(version)}`,
    query === '' ? '' : `?${query}`,
    subpath === null ? '' : `#${encodePath(subpath)}`,
  ].join('');
}

/** The package without version, qualifiers and path: what all its releases have in common. Null where it is no package URL. */
export function packageOf(text: string): string | null {
  const reading = readPurl(text);
  return reading.ok ? printPurl({ ...reading.purl, version: null, qualifiers: {}, subpath: null }) : null;
}
