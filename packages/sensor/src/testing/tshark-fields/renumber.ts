const HEADER = 24;
const RECORD = 16;
const LITTLE_ENDIAN_MICROS = 0xa1b2c3d4;
/** Where the IP header stands, by link type: loopback, Ethernet, raw IP. */
const networkAt: Readonly<Record<number, number>> = { 0: 4, 1: 14, 12: 0, 101: 0 };
const IPV4_WITHOUT_OPTIONS = 0x45;
const TCP = 6;
const IP_HEADER = 20;
const WELL_KNOWN = 1024;

/** Client ports that a capture may have; each connection keeps one of its own. */
export const PORTS = 32;

/**
 * A copy of a capture in which the clients' ports are others, from `firstPort` on, so that captures of the same
 * connections can be merged; null where it holds anything but plain TCP segments with `serverPort` on one side, or too
 * many connections. No fact rests on the client's port.
 */
export function renumbered(capture: Uint8Array, serverPort: number, firstPort: number): Uint8Array | null {
  // A buffer of Node's may be a part of a larger one, which a slice would share and a view would read from its beginning.
  const copy = Uint8Array.from(capture);
  const view = new DataView(copy.buffer);
  if (copy.length < HEADER || view.getUint32(0, true) !== LITTLE_ENDIAN_MICROS) return null;
  const network = networkAt[view.getUint32(20, true)];
  if (network === undefined) return null;
  const given = new Map<number, number>();
  let kept = serverPort;
  for (let at = HEADER; at + RECORD <= copy.length; ) {
    const length = view.getUint32(at + 8, true);
    at += RECORD;
    const ports = at + network + IP_HEADER;
    if (at + length > copy.length || network + IP_HEADER + 20 > length || !isTcp(view, at + network))
      return null;
    if (given.size === 0) kept = keptOf([view.getUint16(ports), view.getUint16(ports + 2)], serverPort);
    const own = view.getUint16(ports) === kept ? ports + 2 : ports;
    const port = given.get(view.getUint16(own)) ?? firstPort + given.size;
    given.set(view.getUint16(own), port);
    view.setUint16(own, port);
    at += length;
  }
  return given.size <= PORTS ? copy : null;
}

/** tshark goes by ports: where the client's is the one of a service, that one stays. */
function keptOf(ports: readonly number[], serverPort: number): number {
  const known = ports.filter((port) => port < WELL_KNOWN);
  return known.length === 1 ? known[0]! : serverPort;
}

function isTcp(view: DataView, at: number): boolean {
  return view.getUint8(at) === IPV4_WITHOUT_OPTIONS && view.getUint8(at + 9) === TCP;
}
