import { parseCpe, printPurl, readPurl } from '@wardline/formats';

/** Ecosystems of OSV by the type that their packages have in package URLs; a namespace where the ecosystem is a distribution. */
const ecosystems: Readonly<Record<string, readonly [type: string, namespace?: string]>> = {
  alpine: ['apk', 'alpine'],
  'crates.io': ['cargo'],
  debian: ['deb', 'debian'],
  go: ['golang'],
  packagist: ['composer'],
  rubygems: ['gem'],
  ubuntu: ['deb', 'ubuntu'],
  'rocky linux': ['rpm', 'rocky-linux'],
  almalinux: ['rpm', 'almalinux'],
  'red hat': ['rpm', 'redhat'],
  suse: ['rpm', 'suse'],
  opensuse: ['rpm', 'opensuse'],
};

/** A package as it is looked up: its name, the scheme of its versions, and what narrows what is said of it. */
export interface PackageName {
  key: string;
  scheme: string;
  /** The release of the distribution that it belongs to (`debian-12`); null where none is named. */
  release: string | null;
  version: string | null;
  /** Built by a distribution, which mends weaknesses without changing the version of the original. */
  distributed: boolean;
}

const distributions = new Set(['deb', 'rpm', 'apk', 'alpm']);

/** Reads a package URL, also in the form that a record of an ecosystem without one gives. Null where it names no package. */
export function packageNameOf(text: string): PackageName | null {
  const reading = readPurl(respelled(text));
  if (!reading.ok) return null;
  const { type, qualifiers, version } = reading.purl;
  const bare = { ...reading.purl, version: null, qualifiers: {}, subpath: null };
  return {
    key: printPurl(bare).toLowerCase(),
    scheme: type,
    release: releaseOf(qualifiers.distro),
    version,
    distributed: distributions.has(type),
  };
}

/** `pkg:maven/group%3Aartifact`, `pkg:debian/openssl`, `pkg:go/…` are not as package URLs are spelled. */
function respelled(text: string): string {
  const found = /^pkg:([^/]+)\/([^?@#]+)(.*)$/s.exec(text);
  if (found === null) return text;
  const [, type, encoded, rest] = found as unknown as [string, string, string, string];
  let kind = type.toLowerCase();
  let name = encoded;
  try {
    kind = decodeURIComponent(type).toLowerCase();
    name = encoded.includes('/') ? encoded : decodeURIComponent(encoded).replaceAll('@', '%40');
  } catch {
    return text;
  }
  const [as, namespace] = ecosystems[kind] ?? [kind];
  const path = as === 'maven' ? name.replace(':', '/') : name;
  return `pkg:${as}/${namespace === undefined ? '' : `${namespace}/`}${path}${rest}`;
}

const codenames: Readonly<Record<string, string>> = {
  buster: 'debian-10',
  bullseye: 'debian-11',
  bookworm: 'debian-12',
  trixie: 'debian-13',
  focal: 'ubuntu-20.04',
  jammy: 'ubuntu-22.04',
  noble: 'ubuntu-24.04',
};

/** `debian-12.5`, `bookworm` and `Debian:12` are one release; Ubuntu and Alpine count in two numbers. */
export function releaseOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const plain = text.toLowerCase().trim();
  const known = codenames[plain];
  if (known !== undefined) return known;
  const found = /^([a-z][a-z ]*?)[-: ]v?(\d+)(?:\.(\d+))?/.exec(plain);
  if (found === null) return null;
  const [, name, major, minor] = found;
  const two = name === 'ubuntu' || name === 'alpine';
  return `${name}-${major}${two && minor !== undefined ? `.${minor}` : ''}`;
}

/** All packages that a package URL stands for: a binary package is also its source (`upstream`). */
export function packageNamesOf(purl: string): PackageName[] {
  const own = packageNameOf(purl);
  const reading = readPurl(purl);
  const upstream = reading.ok ? reading.purl.qualifiers.upstream : undefined;
  if (own === null || upstream === undefined || !reading.ok) return own === null ? [] : [own];
  const [name, version] = upstream.split('@');
  const source = printPurl({ ...reading.purl, name: name!, version: version ?? own.version });
  const named = packageNameOf(source);
  return named === null || named.key === own.key ? [own] : [own, named];
}

/** What a CPE is looked up by. */
export function cpeKey(text: string): string | null {
  const cpe = parseCpe(text);
  if (cpe === null || cpe.vendor.kind !== 'text' || cpe.product.kind !== 'text') return null;
  return `cpe:${cpe.vendor.text}:${cpe.product.text}`;
}

/** Names are compared by their letters and digits. */
export const nameKey = (name: string): string | null => {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain.length >= 4 ? `name:${plain}` : null;
};
