import type { VendorNames } from '@wardline/knowledge';
import type { Asset, RegisterEntry } from '@wardline/model';
import { isTellingHostName } from '../host-names.ts';
import { plainSerial, usableSerial } from '../serials.ts';

/** One possible pairing of a register entry and an asset. */
export interface Pairing {
  entry: RegisterEntry;
  asset: Asset;
  by: 'serial' | 'mac' | 'hostname' | 'ip';
  /** The value that both have. */
  value: string;
  /** How many of vendor and model agree, less those that contradict. */
  agreement: number;
}

/** In order of how well they tell devices apart; an IP address is the first to be given to another device. */
const FIELDS = ['serial', 'mac', 'hostname', 'ip'] as const;

/** All pairings by any field, best first: the field, then agreement of vendor and model, then tag and id. */
export function pairings(
  register: readonly RegisterEntry[],
  assets: readonly Asset[],
  vendors: VendorNames,
): Pairing[] {
  const index = new Map<string, Asset[]>();
  for (const asset of assets) {
    for (const key of assetKeys(asset)) index.set(key, [...(index.get(key) ?? []), asset]);
  }
  const found = register.flatMap((entry) =>
    entryKeys(entry).flatMap(({ by, value, key }) =>
      (index.get(key) ?? []).map((asset) => ({
        entry,
        asset,
        by,
        value,
        agreement: agreement(entry, asset, vendors),
      })),
    ),
  );
  return found.filter(plausible).sort(better);
}

/** A serial number counts only within its maker, and an address alone does not outweigh a contradiction. */
function plausible(pairing: Pairing): boolean {
  if (pairing.by === 'mac' || pairing.by === 'hostname') return true;
  return pairing.by === 'serial' ? pairing.agreement > -2 : pairing.agreement >= 0;
}

function better(a: Pairing, b: Pairing): number {
  const field = FIELDS.indexOf(a.by) - FIELDS.indexOf(b.by);
  if (field !== 0) return field;
  if (a.agreement !== b.agreement) return b.agreement - a.agreement;
  const [x, y] = [
    `${a.entry.tag}\u0000${a.entry.row}\u0000${a.asset.id}`,
    `${b.entry.tag}\u0000${b.entry.row}\u0000${b.asset.id}`,
  ];
  return x < y ? -1 : x > y ? 1 : 0;
}

function assetKeys(asset: Asset): Set<string> {
  const keys = new Set<string>();
  if (asset.serial.value !== null) keys.add(`serial ${plainSerial(asset.serial.value)}`);
  for (const mac of asset.macs) keys.add(`mac ${mac}`);
  for (const name of asset.hostnames) keys.add(`hostname ${plainHost(name)}`);
  for (const ip of asset.ips) keys.add(`ip ${ip}`);
  return keys;
}

function entryKeys(entry: RegisterEntry): { by: Pairing['by']; value: string; key: string }[] {
  const keys: { by: Pairing['by']; value: string; key: string }[] = [];
  const add = (by: Pairing['by'], value: string, plain: string) =>
    keys.push({ by, value, key: `${by} ${plain}` });
  if (entry.serial !== null && usableSerial(entry.serial))
    add('serial', entry.serial, plainSerial(entry.serial));
  for (const mac of entry.macs) add('mac', mac, mac.toLowerCase());
  if (entry.hostname !== null && isTellingHostName(entry.hostname)) {
    add('hostname', entry.hostname, plainHost(entry.hostname));
  }
  for (const ip of entry.ips) add('ip', ip, ip);
  return keys;
}

export function plainHost(name: string): string {
  return name.trim().split('.')[0]!.toLowerCase();
}

function agreement(entry: RegisterEntry, asset: Asset, vendors: VendorNames): number {
  let score = 0;
  if (entry.vendor !== null && asset.vendor.value !== null) {
    score += vendors.agree(entry.vendor, asset.vendor.value) ? 1 : -1;
  }
  if (entry.model !== null && asset.model.value !== null) {
    score += sameModel(entry.model, asset.model.value) ? 1 : -1;
  }
  return score;
}

/** `IntelliVue MX800` and `MX-800` are one: one name holds the other, without case and punctuation. */
export function sameModel(a: string, b: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const [x, y] = [plain(a), plain(b)];
  return x === y || (Math.min(x.length, y.length) >= 3 && (x.includes(y) || y.includes(x)));
}
