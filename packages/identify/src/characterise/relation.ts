import type { Knowledge } from '@wardline/knowledge';
import type { Attribute } from '@wardline/model';
import { plainSerial } from '../serials.ts';

/** How two values of one attribute stand to each other. `implies`: the first is the second, more closely told. */
export type Relation = 'equal' | 'implies' | 'implied' | 'compatible' | 'contrary';

export function relate(attribute: Attribute, a: string, b: string, knowledge: Knowledge): Relation {
  if (attribute === 'class') return relateClasses(a, b, knowledge);
  if (attribute === 'vendor') return relateVendors(a, b, knowledge);
  if (attribute === 'serial') return plainSerial(a) === plainSerial(b) ? 'equal' : 'contrary';
  if (attribute === 'hostname' || attribute === 'location') return a === b ? 'equal' : 'compatible';
  return attribute === 'os' ? relateTexts(withFamily(a), withFamily(b)) : relateTexts(a, b);
}

const LINUX =
  /\b(debian|ubuntu|raspbian|centos|red hat|rhel|fedora|suse|android|alpine|openwrt|photon|linux)\b/i;

/** A distribution is Linux too, and Linux is a Unix: `Debian 12` does not contradict `Linux`. */
function withFamily(os: string): string {
  if (LINUX.test(os)) return `${os} Linux Unix`;
  return /bsd|mac ?os|solaris|aix/i.test(os) ? `${os} Unix` : os;
}

function relateClasses(a: string, b: string, { taxonomy }: Knowledge): Relation {
  if (a === b) return 'equal';
  if (taxonomy.isKindOf(a, b)) return 'implies';
  if (taxonomy.isKindOf(b, a)) return 'implied';
  return taxonomy.compatible(a, b) ? 'compatible' : 'contrary';
}

function relateVendors(a: string, b: string, { vendors }: Knowledge): Relation {
  if (a === b) return 'equal';
  if (vendors.byName(a)?.family === b) return 'implies';
  if (vendors.byName(b)?.family === a) return 'implied';
  return vendors.agree(a, b) ? 'compatible' : 'contrary';
}

/** `Windows 10` implies `Windows`, `IntelliVue MX800` implies `MX800`: all words of one occur in the other. */
function relateTexts(a: string, b: string): Relation {
  const [x, y] = [wordsOf(a), wordsOf(b)];
  // `VVX 400` and `VVX400` are one model.
  if (x.join('') === y.join('')) return 'equal';
  if (y.every((word) => x.includes(word))) return 'implies';
  if (x.every((word) => y.includes(word))) return 'implied';
  return 'contrary';
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}.]+/u)
    .filter((word) => word !== '');
}
