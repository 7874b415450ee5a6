const OCTETS = 4;
const GROUPS = 8;

/** An address as the sensor writes it (RFC 5952 for IPv6), or null. Suricata writes IPv6 with all its zeros. */
export function normalIp(text: string): string | null {
  if (!text.includes(':')) return isIpv4(text) ? text : null;
  const groups = groupsOf(text.toLowerCase());
  return groups === null ? null : formatIpv6(groups);
}

function isIpv4(text: string): boolean {
  const parts = text.split('.', OCTETS + 1);
  return parts.length === OCTETS && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

function groupsOf(text: string): number[] | null {
  const halves = text.split('::', 3);
  if (halves.length > 2) return null;
  const [head, tail] = halves.map(readGroups);
  if (!head || tail === null) return null;
  if (tail === undefined) return head.length === GROUPS ? head : null;
  const missing = GROUPS - head.length - tail.length;
  return missing < 1 ? null : [...head, ...Array<number>(missing).fill(0), ...tail];
}

function readGroups(text: string): number[] | null {
  if (text === '') return [];
  const parts = text.split(':', GROUPS + 1);
  const last = parts.at(-1) ?? '';
  if (last.includes('.')) {
    if (!isIpv4(last)) return null;
    const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number);
    parts.splice(-1, 1, (a * 256 + b).toString(16), (c * 256 + d).toString(16));
  }
  if (parts.length > GROUPS || !parts.every((part) => /^[0-9a-f]{1,4}$/.test(part))) return null;
  return parts.map((part) => Number.parseInt(part, 16));
}

/** The longest run of two zeros or more is shortened, the first of equal ones. */
function formatIpv6(groups: readonly number[]): string {
  let [best, length] = [0, 1];
  for (let at = 0; at < GROUPS; at++) {
    let run = 0;
    while (groups[at + run] === 0) run += 1;
    if (run > length) [best, length] = [at, run];
  }
  const words = groups.map((group) => group.toString(16));
  if (length < 2) return words.join(':');
  return `${words.slice(0, best).join(':')}::${words.slice(best + length).join(':')}`;
}

/** Addresses of a site's own (RFC 1918, RFC 3927, RFC 4193, RFC 4291): names of others say nothing of its devices. */
export function isLocalIp(ip: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/.test(
    ip,
  );
}
