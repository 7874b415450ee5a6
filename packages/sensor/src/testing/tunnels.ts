/** Tunnels made by hand, each around a whole Ethernet frame or its IP packet. For tests only. */
import { bytes, ethernet, ipv4, mac, u16, u32, udp } from './frames.ts';
import { wifiData } from './radio.ts';

const ENDS = { source: '192.0.2.1', target: '192.0.2.2', sourcePort: 50_123, targetPort: 0 };
const ETHERNET_HEADER = 14;

export type Wrap = (frame: Uint8Array) => Uint8Array;

function outer(protocol: number, payload: Uint8Array): Uint8Array {
  return ethernet(0x0800, ipv4(ENDS, { protocol }, payload), [[0x8100, 900]]);
}

function overUdp(targetPort: number, ...parts: Uint8Array[]): Uint8Array {
  return outer(17, udp({ ...ENDS, targetPort }, bytes(...parts)));
}

const gre = (...parts: Uint8Array[]) => outer(47, bytes(...parts));
const packetOf = (frame: Uint8Array) => frame.subarray(ETHERNET_HEADER);

/** Tunnels that carry a frame, so that the conversation inside has its own addresses. */
export const frameTunnels: Record<string, Wrap> = {
  vxlan: (frame) => overUdp(4789, bytes(8, 0, 0, 0), u32(5000 << 8), frame),
  'vxlan of Linux': (frame) => overUdp(8472, bytes(8, 0, 0, 0), u32(5000 << 8), frame),
  'vxlan with a policy group': (frame) => overUdp(4789, bytes(0x88, 0, 0, 7), u32(5000 << 8), frame),
  'vxlan-gpe': (frame) => overUdp(4790, bytes(12, 0, 0, 3), u32(5000 << 8), frame),
  geneve: (frame) => overUdp(6081, bytes(2, 0), u16(0x6558), u32(5000 << 8), u32(1), u32(2), frame),
  'capwap of Ethernet': (frame) => overUdp(5247, bytes(0), bytes(0x10, 0x02, 0), u32(0), frame),
  tzsp: (frame) => overUdp(37_008, bytes(1, 0, 0, 1, 1), frame),
  gre: (frame) => gre(u16(0), u16(0x6558), frame),
  'gre with checksum, key and sequence': (frame) =>
    gre(u16(0xb000), u16(0x6558), u32(0), u32(77), u32(1), frame),
  nvgre: (frame) => gre(u16(0x2000), u16(0x6558), u32((5000 << 8) | 1), frame),
  'erspan-1': (frame) => gre(u16(0), u16(0x88be), frame),
  'erspan-2': (frame) => gre(u16(0x1000), u16(0x88be), u32(1), u16(0x1000), u16(0x0007), u32(0), frame),
  'erspan-3': (frame) =>
    gre(u16(0x1000), u16(0x22eb), u32(1), u16(0x2000), u16(0x0007), u32(9), u16(0), u16(0), frame),
  'erspan-3 with subheader': (frame) =>
    gre(u16(0x1000), u16(0x22eb), u32(1), u16(0x2000), u16(7), u32(9), u16(0), u16(1), u32(0), u32(0), frame),
};

/** Tunnels that carry frames of 802.11, which have eight bytes of LLC in front of IP and their own MAC header. */
export const radioTunnels: Record<string, Wrap> = {
  'capwap of 802.11': (frame) =>
    overUdp(5247, bytes(0), bytes(0x10, 0x03, 0), u32(0), wifiData(frame, { flags: 1 })),
  'capwap with swapped bytes': (frame) => {
    const inner = wifiData(frame, { flags: 1, quality: 0 });
    return overUdp(
      5247,
      bytes(0),
      bytes(0x10, 0x03, 0),
      u32(0),
      bytes(inner[1]!, inner[0]!, inner.subarray(2)),
    );
  },
  'tzsp of 802.11': (frame) => overUdp(37_008, bytes(1, 0, 0, 18, 10, 1, 200, 0, 1), wifiData(frame)),
};

/** Tunnels that carry an IPv4 packet. */
export const packetTunnels: Record<string, Wrap> = {
  'ip-in-ip': (frame) => outer(4, packetOf(frame)),
  'gre of IP': (frame) => gre(u16(0), u16(0x0800), packetOf(frame)),
  'geneve of IP': (frame) => overUdp(6081, bytes(0, 0), u16(0x0800), u32(1 << 8), packetOf(frame)),
  'mpls-in-ip': (frame) => outer(137, bytes(u32(0x00010140), packetOf(frame))),
  'gre of MPLS': (frame) => gre(u16(0), u16(0x8847), u32(0x00010140), packetOf(frame)),
  'gtp-u': (frame) => overUdp(2152, bytes(0x30, 255), u16(frame.length - 14), u32(1), packetOf(frame)),
  'gtp-u with extension': (frame) =>
    overUdp(
      2152,
      bytes(0x36, 255),
      u16(frame.length - 6),
      u32(1),
      u16(5),
      bytes(0, 0xc0, 1, 9, 4, 0),
      packetOf(frame),
    ),
  pptp: (frame) =>
    gre(u16(0x3081), u16(0x880b), u16(0), u16(3), u32(1), u32(1), bytes(0xff, 3, 0, 0x21), packetOf(frame)),
  'erspan-3 of IP': (frame) =>
    gre(u16(0x1000), u16(0x22eb), u32(1), u16(0x2000), u16(7), u32(9), u16(0), u16(0x0800), packetOf(frame)),
  'vxlan-gpe of NSH': (frame) =>
    overUdp(4790, bytes(12, 0, 0, 4), u32(1 << 8), bytes(0, 2, 2, 1), u32(0), packetOf(frame)),
};

/** Layers below IP that carry a whole frame. */
export const linkTunnels: Record<string, Wrap> = {
  'pseudowire with control word': (frame) => ethernet(0x8847, bytes(u32(0x00010140), u32(0), frame)),
  'pseudowire without control word': (frame) => ethernet(0x8847, bytes(u32(0x00010040), u32(0x20140), frame)),
  'MAC in MAC': (frame) => ethernet(0x88e7, bytes(u32(5), frame), [[0x88a8, 7]]),
  'NSH of Ethernet': (frame) => ethernet(0x894f, bytes(bytes(0, 2, 2, 3), u32(0), frame)),
  MACsec: (frame) => {
    const secTag = bytes(bytes(0x20, 0), u32(1), mac(1), u16(1));
    return bytes(frame.subarray(0, 12), u16(0x88e5), secTag, frame.subarray(12), new Uint8Array(16));
  },
};
