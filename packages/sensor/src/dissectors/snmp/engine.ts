import type { Facts } from '@wardline/model';
import { ipv4At, ipv6At, macAt } from '../../network/address.ts';

/** RFC 3411 §5, SnmpEngineID: what stands behind the fifth byte. */
const IPV4 = 1;
const IPV6 = 2;
const MAC = 3;
const HEAD = 5;

type Origin = Pick<Facts['snmp.engine'], 'mac' | 'ip'>;

/** The maker's enterprise number: the first four bytes, whose first bit says that this form holds. */
export function enterpriseOf(engineId: Uint8Array): number {
  return engineId.subarray(0, 4).reduce((value, byte) => value * 256 + byte, 0) % 0x80000000;
}

/** The address that an engine was named after. */
export function originOf(engineId: Uint8Array): Origin {
  if ((engineId[0]! & 0x80) === 0) return {};
  const length = engineId.length - HEAD;
  if (engineId[4] === IPV4 && length === 4) return { ip: ipv4At(engineId, HEAD) };
  if (engineId[4] === IPV6 && length === 16) return { ip: ipv6At(engineId, HEAD) };
  if (engineId[4] === MAC && length === 6) return { mac: macAt(engineId, HEAD) };
  return {};
}

export function engineText(engineId: Uint8Array): string {
  return Array.from(engineId, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
