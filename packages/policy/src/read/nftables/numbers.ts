import type { Range } from '../../space/addresses.ts';
import { protocols } from '../../space/packet.ts';
import { icmpTypeNames, portNames } from '../port-names.ts';
import type { NumberKind } from './model.ts';

/** A number or a range of them, by digits or by the name that nft knows it by; null where it is neither. */
export function numberRange(text: string, kind: NumberKind): Range | null {
  const names = namesOf(kind);
  const single = names[text] ?? (/^\d{1,5}$/.test(text) ? Number(text) : null);
  const most = kind === 'port' ? 65_535 : 255;
  if (single !== null) return single <= most ? { first: BigInt(single), last: BigInt(single) } : null;
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  if (match === null || Number(match[1]) > Number(match[2]) || Number(match[2]) > most) return null;
  return { first: BigInt(match[1]!), last: BigInt(match[2]!) };
}

function namesOf(kind: NumberKind): Readonly<Record<string, number>> {
  if (kind === 'port') return portNames;
  if (kind !== 'protocol') return icmpTypeNames[kind];
  return {
    ...Object.fromEntries(Object.entries(protocols).map(([name, n]) => [name, Number(n)])),
    'ipv6-icmp': 58,
    ip: 0,
  };
}
