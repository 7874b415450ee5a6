import { type Permit, permitsOf } from '../permits.ts';
import { repliesTo } from '../replies.ts';
import type { Resolved } from '../resolve.ts';
import { type Family, formatAddress, prefixesOf, widthOf } from '../space/addresses.ts';
import { intersectRanges } from '../space/boxes.ts';
import { iosEntries, iosLines } from './cisco-ios.ts';
import { type Compiled, comment } from './compiled.ts';
import { type Role, rolesOf } from './roles.ts';

/** Lines of one role: an answer of RADIUS holds 4,096 octets (RFC 2865 §3), and a line takes about sixty. */
const RADIUS_ENTRIES = 64;

/**
 * What FreeRADIUS answers for each role (a file of `rlm_files`): the VLAN, the role's name for controllers, and the list
 * that the switch puts on the port. Lists have no state, and speak of what the device sends.
 */
export function compileRadius(resolved: Resolved, budget = RADIUS_ENTRIES): Compiled {
  const permits = permitsOf(resolved);
  const all = [...permits, ...repliesTo(permits)];
  const roles = rolesOf(resolved).map((role) => roleText(role, all, budget));
  const entries = roles.reduce((most, { lines }) => Math.max(most, lines), 0);
  const head = [
    `# ${comment(resolved.name, 100)}: made by wardline policy compile. Do not edit; the policy is the source.`,
    '# Wardline-Role is what Wardline says of the device: ATTRIBUTE Wardline-Role 3000 string',
    '',
  ];
  const files =
    entries > budget
      ? []
      : [{ name: 'wardline.users', text: [...head, ...roles.flatMap(({ text }) => text)].join('\n') }];
  return { target: 'radius', budget, limits, entries, files };
}

const limits = [
  'The list stands at the device’s port and speaks of what the device sends; what is sent to it is held by the lists of the others.',
  'Lists have no state: answers pass by their flags and ports. Neighbour discovery of IPv6 passes.',
  'Which device has which role is Wardline’s answer at sign-in.',
];

function roleText(role: Role, permits: readonly Permit[], budget: number): { text: string[]; lines: number } {
  const lists = ([4, 6] as const).map((family) => {
    const own = permits.flatMap((permit) => sentBy(permit, role, family));
    const most = own.reduce((sum, permit) => sum + iosEntries(permit), 0);
    return most > MANY * budget ? { lines: [], count: most } : listOf(family, role, own);
  });
  const count = lists.reduce((sum, list) => sum + list.count, 0);
  const attributes = [
    'Tunnel-Type = VLAN',
    'Tunnel-Medium-Type = IEEE-802',
    `Tunnel-Private-Group-Id = "${role.name}"`,
    `Filter-Id = "${role.name}"`,
    ...lists.flatMap(({ lines }) => lines),
  ];
  const text = [
    `# zones: ${comment(role.zones.join(', '), 100)}`,
    `DEFAULT Wardline-Role == "${role.name}"`,
    ...attributes.map((attribute, index) => `\t${attribute}${index === attributes.length - 1 ? '' : ','}`),
    '',
  ];
  return { text, lines: count };
}

/** Lines of several permits that are the same are written once; more of them than this many times the budget are not. */
const MANY = 20;

/** What the addresses of a role may send by a permit. */
function sentBy(permit: Permit, { addresses }: Role, family: Family): Permit[] {
  const sources = permit.family === family ? intersectRanges(permit.sources, addresses[family]) : [];
  return sources.length === 0 ? [] : [{ ...permit, sources }];
}

function listOf(
  family: Family,
  { addresses }: Role,
  permits: readonly Permit[],
): { lines: string[]; count: number } {
  const lines = [...new Set(permits.flatMap(iosLines))];
  const word = family === 4 ? 'ip' : 'ipv6';
  const discovery = family === 6 ? ['permit icmp any any nd-na', 'permit icmp any any nd-ns'] : [];
  const own = addresses[family]
    .flatMap((range) => prefixesOf(range, widthOf(family)))
    .map(({ value, length }) => `deny ${word} ${placeText(family, value, length)} any`);
  const all = [...lines, ...discovery, ...own, `deny ${word} any any`];
  return {
    lines: all.map((line, index) => `Cisco-AVPair += "${word}:inacl#${(index + 1) * 10}=${line}"`),
    count: all.length,
  };
}

function placeText(family: Family, value: bigint, length: number): string {
  const bits = widthOf(family);
  const address = formatAddress(family, value);
  if (length === bits) return `host ${address}`;
  return family === 6
    ? `${address}/${length}`
    : `${address} ${formatAddress(4, (1n << BigInt(bits - length)) - 1n)}`;
}
