import type { Knowledge } from '@wardline/knowledge';
import type { Asset, Conclusion, Reconciliation, RegisterEntry } from '@wardline/model';
import { plainSerial } from '../serials.ts';
import { plainHost, sameModel } from './match.ts';

type Difference = Reconciliation['differences'][number];

/** Where the register and the network contradict each other. What is absent or unknown on one side is no difference. */
export function differences(entry: RegisterEntry, asset: Asset, knowledge: Knowledge): Difference[] {
  const { vendors, taxonomy } = knowledge;
  const found = [
    compare('vendor', entry.vendor, asset.vendor, (a, b) => vendors.agree(a, b)),
    compare('model', entry.model, asset.model, sameModel),
    compare('serial', entry.serial, asset.serial, (a, b) => plainSerial(a) === plainSerial(b)),
    compare('class', classOf(entry.class, knowledge), asset.class, (a, b) => taxonomy.compatible(a, b)),
    compare('software', entry.software, asset.software, sameVersion),
    compareSet('mac', entry.macs, asset.macs, (value) => value.toLowerCase()),
    compareSet('ip', entry.ips, asset.ips, (value) => value),
    compareSet('hostname', entry.hostname === null ? [] : [entry.hostname], asset.hostnames, plainHost),
  ];
  return found.filter((difference) => difference !== null);
}

function compare(
  field: string,
  registered: string | null,
  observed: Conclusion,
  same: (registered: string, observed: string) => boolean,
): Difference | null {
  if (registered === null || registered.trim() === '' || observed.value === null) return null;
  if (same(registered, observed.value)) return null;
  return { field, registered, observed: observed.value, confidence: observed.confidence };
}

/** Differs where the register has values and none of them was seen, although others were. */
function compareSet(
  field: string,
  registered: readonly string[],
  observed: readonly string[],
  plain: (value: string) => string,
): Difference | null {
  if (registered.length === 0 || observed.length === 0) return null;
  const seen = new Set(observed.map(plain));
  if (registered.some((value) => seen.has(plain(value)))) return null;
  return { field, registered: registered.join(', '), observed: observed.join(', '), confidence: 1 };
}

function sameVersion(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/^(v|version|rev\.?)\s*/, '')
      .trim();
  const [x, y] = [plain(a), plain(b)];
  return x === y || x.startsWith(`${y}.`) || y.startsWith(`${x}.`) || x.includes(y) || y.includes(x);
}

/** A register's own word for a kind of device as a class of the taxonomy; null where it is none of ours. */
export function classOf(text: string | null, { taxonomy }: Knowledge): string | null {
  if (text === null) return null;
  const plain = (word: string) =>
    word
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const wanted = plain(text);
  for (const entry of taxonomy.classes.values()) {
    if (plain(entry.id) === wanted || plain(entry.label) === wanted) return entry.id;
  }
  return null;
}
