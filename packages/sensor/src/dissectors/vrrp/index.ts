import type { PacketDissector } from '../../dissector.ts';
import { ipv4At, ipv6At } from '../../network/address.ts';
import { HOP_LIMIT, MAX_ADDRESSES } from './limits.ts';

const ADVERTISEMENT = 1;
const HEADER = 8;

/** Which addresses are shared by routers that stand in for each other (RFC 3768, RFC 5798). */
export const vrrp: PacketDissector = {
  name: 'vrrp',
  protocols: [112],
  onPacket(payload, around, report) {
    const version = (payload[0] ?? 0) >>> 4;
    const sound = payload.length >= HEADER && (version === 2 || version === 3);
    if (!sound || (payload[0]! & 15) !== ADVERTISEMENT || around.hopLimit !== HOP_LIMIT) {
      report.malformed('vrrp-advertisement');
      return;
    }
    const addresses = addressesOf(payload, around.source.ip?.includes(':') ?? false);
    const facts = { version, group: payload[1]!, priority: payload[2]!, addresses };
    report.sight('vrrp.router', around.source, facts);
  },
};

function addressesOf(payload: Uint8Array, isIpv6: boolean): string[] {
  const size = isIpv6 ? 16 : 4;
  const fitting = Math.floor((payload.length - HEADER) / size);
  const count = Math.min(payload[3]!, fitting, MAX_ADDRESSES);
  const read = isIpv6 ? ipv6At : ipv4At;
  return Array.from({ length: count }, (_, i) => read(payload, HEADER + i * size));
}
