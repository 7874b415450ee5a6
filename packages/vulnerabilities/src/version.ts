/** `-1`, `0`, `1`; `unspecific` where one is the beginning of the other; null where their schemes differ. */
export type Order = -1 | 0 | 1 | 'a-shorter' | 'b-shorter' | null;

type Part = number | string;

/** Words that say that a version comes before the plain one. */
const BEFORE = new Set(['rc', 'alpha', 'beta', 'pre', 'dev', 'snapshot']);
/** Words that say that it comes after it. */
const AFTER = new Set(['patch', 'sp', 'hotfix', 'hf', 'update', 'upd', 'p', 'u', 'sr', 'mr']);

/**
 * `V2.3 SP1` is `[2, 3, 'sp', 1]`: numbers by value, letters in lower case, everything else parts them. A letter glued to the first
 * number (`U61`, `L81`) names a line of releases, which has no order with another line.
 */
export function versionParts(text: string): Part[] {
  const runs = text.toLowerCase().match(/\d+|[a-z]+|\*/g) ?? [];
  const parts = runs.map((run) => (/^\d/.test(run) ? Number(run.slice(0, 15)) : run === '*' ? 'x' : run));
  if (['v', 'ver', 'rev', 'version'].includes(String(parts[0])) && parts.length > 1) return parts.slice(1);
  return /^\s*[a-z]\d/i.test(text) ? [`line ${parts[0]}`, ...parts.slice(1)] : parts;
}

/** Orders two versions part by part. Versions are never compared as text: 2.10 comes after 2.9. */
export function compareVersions(a: readonly Part[], b: readonly Part[]): Order {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const [one, other] = [a[index]!, b[index]!];
    if (one === 'x') return 'a-shorter';
    if (other === 'x') return 'b-shorter';
    if (one === other) continue;
    if (typeof one !== typeof other) return mixed(a, b, index);
    return one < other ? orderOfWords(one, other, -1) : orderOfWords(one, other, 1);
  }
  if (a.length === b.length) return 0;
  return a.length < b.length ? invert(restOf(b.slice(shared))) : restOf(a.slice(shared));
}

/** Single letters have an order (`A.01`, `B.01`); words have none. */
function orderOfWords(one: Part, other: Part, order: -1 | 1): Order {
  if (typeof one === 'number' || typeof other === 'number') return order;
  return one.length === 1 && other.length === 1 ? order : null;
}

/** `2.0rc1` against `2.0.1`: the word tells on which side of the plain version it lies. */
function mixed(a: readonly Part[], b: readonly Part[], index: number): Order {
  if (index === 0) return null;
  const [one, other] = [a[index]!, b[index]!];
  const word = typeof one === 'string' ? one : (other as string);
  const number = typeof one === 'number' ? one : (other as number);
  const sign = typeof one === 'string' ? 1 : -1;
  if (BEFORE.has(word)) return -sign as Order;
  return number > 0 && AFTER.has(word) ? (-sign as Order) : null;
}

/** What more the longer one says, seen from the longer: nothing (zeros), before, after, or a narrower version. */
function restOf(rest: readonly Part[]): Order {
  if (rest.every((part) => part === 0)) return 0;
  const first = rest.find((part) => part !== 0);
  if (first === 'x') return 'a-shorter';
  if (typeof first === 'string' && BEFORE.has(first)) return -1;
  if (typeof first === 'string' && AFTER.has(first)) return 1;
  return 'b-shorter';
}

function invert(order: Order): Order {
  if (order === 'b-shorter') return 'a-shorter';
  if (order === 'a-shorter') return 'b-shorter';
  return order === null ? null : (-order as Order);
}

/** The version within what a device reports: `PIC iX C.03.12` is `C.03.12`. */
export function reportedVersion(text: string): string {
  const words = text
    .trim()
    .split(/[\s/,;]+/)
    .filter(Boolean);
  const last = words.findLastIndex((word) => /\d/.test(word));
  if (last <= 0) return text.trim();
  const marker = words[last - 1]!.toLowerCase().replace(/[^a-z]/g, '');
  return AFTER.has(marker) && last >= 2 ? words.slice(last - 2, last + 1).join(' ') : words[last]!;
}
