const ETHERNET = 1;
const HEADER = 24;

/** A classic pcap of UDP packets between made-up devices that fills several batches. */
export function hospitalCapture(packets: number): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(ETHERNET, 20);
  return Buffer.concat([header, ...Array.from({ length: packets }, (_, index) => record(index))]);
}

function record(index: number): Buffer {
  const frame = udpFrame(index);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(1_793_606_400 + Math.floor(index / 10), 0);
  head.writeUInt32LE((index % 10) * 1000, 4);
  head.writeUInt32LE(frame.length, 8);
  head.writeUInt32LE(frame.length, 12);
  return Buffer.concat([head, frame]);
}

/** Sixty clients ask forty servers on ever more ports, so that conversations are many and devices few. */
function udpFrame(index: number): Buffer {
  const pair = Math.floor(index / 2);
  const [client, server, port] = [1000 + (pair % 60), 1 + (pair % 40), 2000 + Math.floor(pair / 120)];
  const [from, to] = index % 2 === 0 ? [client, server] : [server, client];
  const frame = Buffer.alloc(14 + 20 + 8 + 32, 0x20);
  macOf(to).copy(frame, 0);
  macOf(from).copy(frame, 6);
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt32BE(0x45000000 + 60, 14);
  frame.writeUInt32BE(0, 18);
  frame.writeUInt32BE(0x40110000, 22);
  frame.writeUInt32BE(0x0a000000 + from, 26);
  frame.writeUInt32BE(0x0a000000 + to, 30);
  frame.writeUInt16BE(index % 2 === 0 ? 40_000 : port, 34);
  frame.writeUInt16BE(index % 2 === 0 ? port : 40_000, 36);
  frame.writeUInt16BE(40, 38);
  frame.writeUInt16BE(0, 40);
  return frame;
}

function macOf(number: number): Buffer {
  const mac = Buffer.from([0x00, 0x1b, 0xd3, 0, 0, 0]);
  mac.writeUIntBE(number, 3, 3);
  return mac;
}
