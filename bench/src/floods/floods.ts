/** Floods: what somebody could send past a sensor to exhaust it. */
import { beginnings } from './beginnings.ts';
import type { Frame } from './packets.ts';

export interface Flood {
  name: string;
  what: string;
  packets: number;
  /** Writes packet number `i`. */
  write(frame: Frame, i: number): void;
}

const MILLION = 1_000_000;
const IPV4 = 0x0800;
const SERVER = 0x0a00_0001;
const IP = 14;
const SYN = 2;
const ACK = 0x10;
const SEGMENT = 1400;
const GIGABYTE = 1_000_000_000;

const text = (content: string) => Buffer.from(content, 'latin1');
const filler = Buffer.alloc(SEGMENT, 0x41);

const single: readonly Flood[] = [
  {
    name: 'half-open',
    what: 'TCP connections that are only begun, each from another address and port',
    packets: MILLION,
    write(frame, i) {
      frame
        .ethernet(1, IPV4)
        .ipv4(0x0b00_0000 + (i >> 4), SERVER, 6)
        .tcp(1024 + i, 104, i, SYN)
        .done(IP);
    },
  },
  {
    name: 'ipv4-sources',
    what: 'one UDP packet each from IPv4 sources with hardware addresses of their own',
    packets: MILLION,
    write(frame, i) {
      frame
        .ethernet(i, IPV4)
        .ipv4(0x0b00_0000 + i, SERVER, 17)
        .udp(5000, 9)
        .add(text('x'))
        .done(IP, IP + 20);
    },
  },
  {
    name: 'ipv6-sources',
    what: 'one UDP packet each from IPv6 sources with hardware addresses of their own',
    packets: MILLION,
    write(frame, i) {
      frame
        .ethernet(i, 0x86dd)
        .ipv6(i, 17)
        .udp(5000, 9)
        .add(text('x'))
        .done(IP, IP + 40);
    },
  },
  {
    name: 'arp-sources',
    what: 'ARP announcements, each of another hardware and IP address',
    packets: MILLION,
    write(frame, i) {
      const arp = Buffer.from('0001080006040001020000000000000000000000000000000a000001', 'hex');
      arp.writeUIntBE(0x02_0000_000000 + i, 8, 6);
      arp.writeUInt32BE(0x0b00_0000 + i, 14);
      frame.ethernet(i, 0x0806).add(arp);
    },
  },
  {
    name: 'first-fragments',
    what: 'first fragments of 1,000 bytes whose rest never comes',
    packets: MILLION,
    write(frame, i) {
      const source = 0x0b00_0000 + (i >> 8);
      frame.ethernet(1, IPV4).ipv4(source, SERVER, 17, 0x2000, i).udp(5000, 9).add(filler.subarray(0, 992));
      frame.done(IP);
    },
  },
  {
    name: 'later-fragments',
    what: 'endless fragments of 8 bytes of datagrams whose first never comes',
    packets: MILLION,
    write(frame, i) {
      const source = 0x0b00_0000 + (i >> 10);
      frame
        .ethernet(1, IPV4)
        .ipv4(source, SERVER, 17, 0x2000 | (1 + (i & 1023)), i >> 5)
        .add(filler.subarray(0, 8));
      frame.done(IP);
    },
  },
  {
    name: 'held-streams',
    what: '16,000 HL7 connections that each send 64 KiB of a message without an end',
    packets: 16_000 * 47,
    write(frame, i) {
      const stream = i % 16_000;
      const piece = Math.floor(i / 16_000);
      const payload =
        piece === 0
          ? text('\x0bMSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5').toString('latin1').padEnd(SEGMENT, 'A')
          : '';
      frame
        .ethernet(1, IPV4)
        .ipv4(0x0b00_0000 + stream, SERVER, 6)
        .tcp(5000, 2575, piece * SEGMENT, ACK);
      frame.add(piece === 0 ? text(payload) : filler).done(IP);
    },
  },
  {
    name: 'holes',
    what: '4,000 connections with a hole, and all that the reorder buffer takes behind it',
    packets: 4000 * 250,
    write(frame, i) {
      const stream = i % 4000;
      const piece = Math.floor(i / 4000);
      const at = piece === 0 ? 0 : (piece + 1) * 1000;
      frame
        .ethernet(1, IPV4)
        .ipv4(0x0b00_0000 + stream, SERVER, 6)
        .tcp(5000, 2575, at, ACK);
      frame.add(piece === 0 ? text('\x0bMSH|^~\\&|') : filler.subarray(0, 1000)).done(IP);
    },
  },
  {
    name: 'dns-names',
    what: 'DNS answers, each naming another host of the ward',
    packets: MILLION,
    write(frame, i) {
      const name = `host${i.toString(16).padStart(8, '0')}`;
      const answer = Buffer.concat([
        Buffer.from('0007818000010001000000000c', 'hex'),
        text(name),
        Buffer.from('0000010001c00c000100010000007800040b', 'hex'),
        Buffer.from([i >> 16, i >> 8, i]),
      ]);
      frame
        .ethernet(1, IPV4)
        .ipv4(SERVER, 0x0b00_0000 + (i & 255), 17)
        .udp(53, 5000)
        .add(answer)
        .done(IP, IP + 20);
    },
  },
  {
    name: 'vlans',
    what: 'the same 250 hosts on each of 4,094 VLANs',
    packets: MILLION,
    write(frame, i) {
      frame
        .ethernet(i % 250, 0x8100)
        .vlan(1 + (i % 4094), IPV4)
        .ipv4(0x0b00_0000 + (i % 250), SERVER, 17);
      frame
        .udp(5000, 9)
        .add(text('x'))
        .done(IP + 4, IP + 24);
    },
  },
  {
    name: 'tunnels',
    what: 'VXLAN in VXLAN, each with other ends and another network',
    packets: MILLION,
    write(frame, i) {
      frame.ethernet(1, IPV4);
      for (let depth = 0; depth < 6; depth++) {
        const inner = Buffer.from('0800000000000000020000000001020000000002', 'hex');
        inner.writeUInt32BE((((i + depth) & 0xffffff) << 8) >>> 0, 4);
        frame
          .ipv4(0x0b00_0000 + i + depth, SERVER + depth, 17)
          .udp(5000, 4789)
          .add(inner)
          .add(Buffer.of(8, 0));
      }
      frame
        .ipv4(0x0c00_0000 + i, SERVER, 17)
        .udp(5000, 9)
        .add(text('x'));
      for (let depth = 0; depth <= 6; depth++) lengths(frame, IP + depth * 50);
    },
  },
];

function lengths(frame: Frame, ip: number): void {
  frame.bytes.writeUInt16BE(frame.length - ip, ip + 2);
  frame.bytes.writeUInt16BE(frame.length - ip - 20, ip + 24);
}

/** A gigabyte on one stream, for each protocol that could be made to wait for the end of something. */
const endless: readonly Flood[] = Object.entries(beginnings).map(([name, { port, bytes, fill }]) => {
  const rest = Buffer.alloc(SEGMENT, fill);
  return {
    name: `endless-${name}`,
    what: `a gigabyte on one ${name} stream that never frames`,
    packets: Math.ceil(GIGABYTE / SEGMENT),
    write(frame, i) {
      frame.ethernet(1, IPV4).ipv4(0x0b00_0000, SERVER, 6);
      frame.tcp(5000, port, i === 0 ? 0 : bytes.length + (i - 1) * SEGMENT, ACK);
      frame.add(i === 0 ? bytes : rest).done(IP);
    },
  };
});

export const floods: readonly Flood[] = [...single, ...endless];
