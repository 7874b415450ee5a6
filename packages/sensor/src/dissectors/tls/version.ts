import type { Protection } from '@wardline/model';
import { isGrease } from './grease.ts';

const names: Readonly<Record<number, Protection>> = {
  2: 'ssl2',
  768: 'ssl3',
  769: 'tls1.0',
  770: 'tls1.1',
  771: 'tls1.2',
  772: 'tls1.3',
};

/** RFC 8446 drafts 1 to 28 say 0x7f and their number. */
const DRAFT = 0x7f00;

/** `tls1.2` and the like, for the number on the wire; null for one that no version has. DTLS is `dtls`. */
export function versionName(version: number): Protection | null {
  if ((version & 0xff00) === DRAFT) return 'tls1.3';
  if (version >= 0xfefc && version <= 0xfeff) return 'dtls';
  return names[version] ?? null;
}

/** The highest of the versions offered in the extension (RFC 8446 §4.2.1), else the hello's own. DTLS counts down. */
export function highestVersion(offered: readonly number[], legacy: number): number {
  const known = offered.filter((version) => !isGrease(version) && versionName(version) !== null);
  if (known.length === 0) return legacy;
  return known.reduce((best, version) => (rank(version) > rank(best) ? version : best));
}

function rank(version: number): number {
  if ((version & 0xff00) === DRAFT) return 0x0303 + (version & 0xff) / 256;
  return version >= 0xfe00 ? 0x10000 - version : version;
}
