import type { Endpoint, Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import type { FrameDissector, FrameReporter } from '../../dissector.ts';
import { ipv4At, macAt } from '../../network/address.ts';
import { ARP_LENGTH } from './limits.ts';

const ETHERNET = 1;
const IEEE_802 = 6;
const IPV4 = 0x0800;
const REQUEST = 1;
const REPLY = 2;
const NOBODY = '0.0.0.0';
const BROADCAST_IP = '255.255.255.255';

interface ArpPacket {
  operation: number;
  senderMac: string;
  senderIp: string;
  targetIp: string;
}

/**
 * Who says that an IPv4 address is theirs (RFC 826, RFC 5227). Only the sender's pair is a statement of the sender;
 * the target's half of a reply repeats what the asker said and is left out.
 */
export const arp: FrameDissector = {
  name: 'arp',
  types: [0x0806],
  onFrame(payload, source, report) {
    const packet = readArp(payload, report);
    if (packet !== null) state(packet, source, report);
  },
};

function readArp(payload: Uint8Array, report: FrameReporter): ArpPacket | null {
  const cursor = new Cursor(payload);
  const hardware = cursor.u16();
  const protocol = cursor.u16();
  const lengths = cursor.u16();
  const operation = cursor.u16();
  if (cursor.failed) return refused(report, 'arp-truncated');
  if (hardware !== ETHERNET && hardware !== IEEE_802) return refused(report, 'arp-hardware');
  if (protocol !== IPV4 || lengths !== 0x0604) return refused(report, 'arp-lengths');
  if (payload.length < ARP_LENGTH) return refused(report, 'arp-truncated');
  return {
    operation,
    senderMac: macAt(payload, 8),
    senderIp: ipv4At(payload, 14),
    targetIp: ipv4At(payload, 24),
  };
}

function refused(report: FrameReporter, cause: string): null {
  report.malformed(cause);
  return null;
}

function state(packet: ArpPacket, source: Endpoint, report: FrameReporter): void {
  const operation = operationOf(packet);
  if (operation === null) return;
  const { senderMac, senderIp } = packet;
  if (!isUnicast(senderMac) || senderIp === BROADCAST_IP) {
    report.malformed('arp-sender');
    return;
  }
  // Proxies and forgers send frames whose source is another than the sender they name: the claim is kept as it was
  // made, under the hardware address it was made for, and the difference is counted.
  if (source.mac !== null && source.mac !== senderMac) report.malformed('arp-source-differs');
  const ip = operation === 'probe' ? null : senderIp;
  const asker = { mac: senderMac, ip, vlan: source.vlan };
  report.sight('arp.binding', asker, { operation });
  if (operation === 'request') report.sight('arp.search', asker, { range: rangeOf(packet.targetIp) });
}

/** The block of sixteen addresses that an address lies in. */
function rangeOf(ip: string): string {
  const dot = ip.lastIndexOf('.');
  return `${ip.slice(0, dot)}.${Number(ip.slice(dot + 1)) & 0xf0}/28`;
}

/** RFC 5227 §1.1: a probe has no sender address yet, an announcement asks for its own. */
function operationOf(packet: ArpPacket): Facts['arp.binding']['operation'] | null {
  if (packet.operation !== REQUEST && packet.operation !== REPLY) return null;
  if (packet.senderIp === NOBODY) return packet.operation === REQUEST ? 'probe' : null;
  if (packet.senderIp === packet.targetIp) return 'announcement';
  return packet.operation === REQUEST ? 'request' : 'reply';
}

function isUnicast(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0 && mac !== '00:00:00:00:00:00';
}
