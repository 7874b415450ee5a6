import { MAX_SUITES } from './limits.ts';

/** What a network demands of who joins it. */
export interface Security {
  security: string;
  authentication: string[];
  ciphers: string[];
  managementFrames: 'unprotected' | 'optional' | 'required';
}

const IEEE = 0x000fac;
const MICROSOFT = 0x0050f2;

/** IEEE 802.11 table 9-190, by number; several numbers differ in the hash only. */
const keyManagement: Readonly<Record<number, string>> = {
  1: '802.1x',
  2: 'psk',
  3: 'ft-802.1x',
  4: 'ft-psk',
  5: '802.1x-sha256',
  6: 'psk-sha256',
  7: 'tdls',
  8: 'sae',
  9: 'ft-sae',
  11: '802.1x-suite-b',
  12: '802.1x-suite-b-192',
  13: 'ft-802.1x-sha384',
  14: 'fils-sha256',
  15: 'fils-sha384',
  18: 'owe',
  19: 'ft-psk-sha384',
  20: 'psk-sha384',
  24: 'sae-ext',
  25: 'ft-sae-ext',
};

/** Table 9-188. */
const cipherNames: Readonly<Record<number, string>> = {
  0: 'group',
  1: 'wep-40',
  2: 'tkip',
  4: 'ccmp',
  5: 'wep-104',
  8: 'gcmp',
  9: 'gcmp-256',
  10: 'ccmp-256',
};

const WPA3 = new Set(['sae', 'ft-sae', 'sae-ext', 'ft-sae-ext', '802.1x-suite-b', '802.1x-suite-b-192']);
const OPTIONAL = 0x80;
const REQUIRED = 0x40;

interface Suites {
  group: string | null;
  pairwise: string[];
  keys: string[];
  capabilities: number;
}

/** Puts the RSN element (§9.4.2.24), WPA's older one and the privacy bit together. */
export function securityOf(
  rsn: Uint8Array | undefined,
  wpa: Uint8Array | undefined,
  isPrivate: boolean,
): Security {
  const newer = rsn ? readSuites(rsn, IEEE) : null;
  const older = wpa ? readSuites(wpa, MICROSOFT) : null;
  const suites = [newer, older].filter((one) => one !== null);
  const authentication = [...new Set(suites.flatMap(({ keys }) => keys))];
  const ciphers = [
    ...new Set(suites.flatMap(({ group, pairwise }) => [...pairwise, ...(group ? [group] : [])])),
  ];
  const capabilities = newer?.capabilities ?? 0;
  const managementFrames =
    capabilities & REQUIRED ? 'required' : capabilities & OPTIONAL ? 'optional' : 'unprotected';
  const names = [...(older ? ['wpa'] : []), ...(newer ? generations(newer) : [])];
  const security = names.length > 0 ? names.join('/') : isPrivate ? 'wep' : 'open';
  return { security, authentication, ciphers, managementFrames };
}

/** Wi-Fi Alliance's WPA3 specification: SAE and Suite B are WPA3; 802.1X is where management frames must be protected. */
function generations({ keys, capabilities }: Suites): string[] {
  if (keys.length > 0 && keys.every((key) => key === 'owe')) return ['owe'];
  const isStrict = (capabilities & REQUIRED) !== 0;
  const isNew = (key: string) => WPA3.has(key) || (isStrict && key.includes('802.1x-sha256'));
  const hasNew = keys.some(isNew);
  return [...(hasNew && keys.every(isNew) ? [] : ['wpa2']), ...(hasNew ? ['wpa3'] : [])];
}

/** Everything behind the version may be left out from any point on, and then has the default (§9.4.2.24.1). */
function readSuites(element: Uint8Array, organisation: number): Suites {
  const view = new DataView(element.buffer, element.byteOffset, element.byteLength);
  const suites: Suites = { group: null, pairwise: [], keys: [], capabilities: 0 };
  if (element.length < 6) return suites;
  suites.group = nameOf(view, 2, organisation, cipherNames);
  const pairwise = readList(view, 6, organisation, cipherNames);
  suites.pairwise = pairwise.names.filter((name) => name !== 'group');
  const keys = readList(view, pairwise.end, organisation, keyManagement);
  suites.keys = keys.names;
  if (keys.end + 2 <= element.length) suites.capabilities = view.getUint16(keys.end, true);
  return suites;
}

function readList(
  view: DataView,
  at: number,
  organisation: number,
  names: Readonly<Record<number, string>>,
): { names: string[]; end: number } {
  if (at + 2 > view.byteLength) return { names: [], end: view.byteLength };
  const count = view.getUint16(at, true);
  const end = at + 2 + count * 4;
  if (end > view.byteLength) return { names: [], end: view.byteLength };
  const places = Array.from({ length: Math.min(count, MAX_SUITES) }, (_, i) => at + 2 + i * 4);
  return { names: places.map((place) => nameOf(view, place, organisation, names)), end };
}

function nameOf(
  view: DataView,
  at: number,
  organisation: number,
  names: Readonly<Record<number, string>>,
): string {
  const suite = view.getUint32(at);
  const known = suite >>> 8 === organisation ? names[suite & 255] : undefined;
  return known ?? suite.toString(16).padStart(8, '0');
}
