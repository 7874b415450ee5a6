/** Ethernet frames with IPv4 and TCP or UDP, written by offset: the generator makes millions of them. */
export interface Host {
  mac: number;
  ip: number;
}

export interface Pair {
  client: Host;
  server: Host;
  clientPort: number;
  serverPort: number;
}

const ETHERNET = 14;
const IPV4 = 20;

export function tcpFrame(
  pair: Pair,
  fromClient: boolean,
  flags: number,
  sequence: number,
  acknowledgement: number,
  payload: Uint8Array,
): Buffer {
  const frame = ipFrame(pair, fromClient, 6, 20 + payload.length);
  const at = ETHERNET + IPV4;
  frame.writeUInt16BE(fromClient ? pair.clientPort : pair.serverPort, at);
  frame.writeUInt16BE(fromClient ? pair.serverPort : pair.clientPort, at + 2);
  frame.writeUInt32BE(sequence >>> 0, at + 4);
  frame.writeUInt32BE(acknowledgement >>> 0, at + 8);
  frame.writeUInt16BE(0x5000 | flags, at + 12);
  frame.writeUInt16BE(64_240, at + 14);
  frame.set(payload, at + 20);
  return frame;
}

export function udpFrame(pair: Pair, fromClient: boolean, payload: Uint8Array): Buffer {
  const frame = ipFrame(pair, fromClient, 17, 8 + payload.length);
  const at = ETHERNET + IPV4;
  frame.writeUInt16BE(fromClient ? pair.clientPort : pair.serverPort, at);
  frame.writeUInt16BE(fromClient ? pair.serverPort : pair.clientPort, at + 2);
  frame.writeUInt16BE(8 + payload.length, at + 4);
  frame.set(payload, at + 8);
  return frame;
}

function ipFrame({ client, server }: Pair, fromClient: boolean, protocol: number, length: number): Buffer {
  const source = fromClient ? client : server;
  const target = fromClient ? server : client;
  const frame = Buffer.alloc(Math.max(60, ETHERNET + IPV4 + length));
  frame.writeUIntBE(target.mac, 0, 6);
  frame.writeUIntBE(source.mac, 6, 6);
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt16BE(0x4500, 14);
  frame.writeUInt16BE(IPV4 + length, 16);
  frame.writeUInt16BE(0x4000, 20);
  frame.writeUInt16BE((64 << 8) | protocol, 22);
  frame.writeUInt32BE(source.ip, 26);
  frame.writeUInt32BE(target.ip, 30);
  frame.writeUInt16BE(headerChecksum(frame), 24);
  return frame;
}

function headerChecksum(frame: Buffer): number {
  let sum = 0;
  for (let at = ETHERNET; at < ETHERNET + IPV4; at += 2) sum += frame.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
