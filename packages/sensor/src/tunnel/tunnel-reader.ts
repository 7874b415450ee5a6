import { IPV4, IPV6, MPLS } from '../link/ether-types.ts';
import type { Packet } from '../network/packet.ts';
import { GRE, IP_IN_IP, IPV6_IN_IP, MPLS_IN_IP, UDP } from '../network/transport.ts';
import { openGre } from './gre.ts';
import type { Tunnel, TunnelName } from './tunnel.ts';
import { isTunnelPort, openUdp } from './udp-tunnel.ts';

/** True where a packet may be a tunnel's, by protocol and port alone: asked of every packet, so it looks no further. */
export function mayBeTunnel(packet: Packet): boolean {
  switch (packet.protocol) {
    case UDP:
      return packet.hasPorts && isTunnelPort(packet.sourcePort, packet.targetPort);
    case GRE:
    case IP_IN_IP:
    case IPV6_IN_IP:
    case MPLS_IN_IP:
      return true;
    default:
      return false;
  }
}

/** Opens IP tunnels; what the header said stands in the fields until the next packet. */
export class TunnelReader implements Tunnel {
  name: TunnelName = 'gre';
  identifier = -1;
  etherType = 0;
  vlan = -1;
  isCut = false;

  /** Returns where what the tunnel carries starts, or -1 where the packet is no tunnel's, or cut off before. */
  open(view: DataView, packet: Packet): number {
    const { protocol, payloadStart, payloadEnd } = packet;
    this.identifier = -1;
    this.vlan = -1;
    this.isCut = false;
    if (protocol === UDP) {
      const { sourcePort, targetPort } = packet;
      return openUdp(view, payloadStart, payloadEnd, sourcePort, targetPort, this);
    }
    if (protocol === GRE) return openGre(view, payloadStart, payloadEnd, this);
    return this.#openIp(view, protocol, payloadStart, payloadEnd);
  }

  /** RFC 2003, RFC 2473, RFC 4213; RFC 4023 for labels. */
  #openIp(view: DataView, protocol: number, start: number, end: number): number {
    if (end - start < 4) return -1;
    this.name = protocol === MPLS_IN_IP ? 'mpls-in-ip' : 'ip-in-ip';
    this.etherType = protocol === MPLS_IN_IP ? MPLS : protocol === IP_IN_IP ? IPV4 : IPV6;
    const version = protocol === IP_IN_IP ? 4 : 6;
    return protocol !== MPLS_IN_IP && view.getUint8(start) >>> 4 !== version ? -1 : start;
  }
}
