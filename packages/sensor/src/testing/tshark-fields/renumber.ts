const HEADER = 24;
const RECORD = 16;
const LITTLE_ENDIAN_MICROS = 0xa1b2c3d4;
/** Where the IP header stands, by link type: loopback, Ethernet, raw IP. */
const networkAt: Readonly<Record<number, number>> = { 0: 4, 1: 14, 12: 0, 101: 0 };
const IPV4_WITHOUT_OPTIONS = 0x45;
const TCP = 6;
const IP_HEADER = 20;

/**
 * A copy of a capture in which the client's port is another one, so that captures of the same connection can be merged;
 * null where it holds anything but plain TCP segments with `serverPort` on one side. No fact rests on the client's port.
 */
export function renumbered(capture: Uint8Array, serverPort: number, clientPort: number): Uint8Array | null {
  const copy = capture.slice();
  const view = new DataView(copy.buffer);
  if (copy.length < HEADER || view.getUint32(0, true) !== LITTLE_ENDIAN_MICROS) return null;
  const network = networkAt[view.getUint32(20, true)];
  if (network === undefined) return null;
  for (let at = HEADER; at + RECORD <= copy.length; ) {
    const length = view.getUint32(at + 8, true);
    at += RECORD;
    const ports = at + network + IP_HEADER;
    if (at + length > copy.length || network + IP_HEADER + 20 > length || !isTcp(view, at + network))
      return null;
    view.setUint16(view.getUint16(ports) === serverPort ? ports + 2 : ports, clientPort);
    at += length;
  }
  return copy;
}

function isTcp(view: DataView, at: number): boolean {
  return view.getUint8(at) === IPV4_WITHOUT_OPTIONS && view.getUint8(at + 9) === TCP;
}
