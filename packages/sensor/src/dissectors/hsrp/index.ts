import type { Facts } from '@wardline/model';
import type { DatagramDissector } from '../../dissector.ts';
import { ipv4At, ipv6At } from '../../network/address.ts';
import { MAX_MESSAGE_BYTES, MESSAGE_BYTES } from './limits.ts';

type Router = Facts['hsrp.router'];
type State = Router['state'];

/** RFC 2281 §5.1. The first version counts states by bits, the second by numbers from one. */
const states: readonly State[] = ['initial', 'learn', 'listen', 'speak', 'standby', 'active'];
const stateByBit: Readonly<Record<number, State>> = {
  0: 'initial',
  1: 'learn',
  2: 'listen',
  4: 'speak',
  8: 'standby',
  16: 'active',
};
const RESIGN = 2;
/** The second version is a list of types and lengths; the group's state comes first. */
const GROUP_STATE = 1;
const GROUP_STATE_LENGTH = 40;
/** Content leaves room: twenty small numbers are also something else's. For IPv4, and for IPv6. */
const ports = new Set([1985, 2029]);

/** Which address is shared by routers of Cisco's that stand in for each other; the word they authenticate by is not read. */
export const hsrp: DatagramDissector = {
  name: 'hsrp',
  cost: 3,
  firstBytes: [0, GROUP_STATE],
  recognise: (payload, _from, around) => ports.has(around.serverPort) && routerOf(payload) !== null,
  onDatagram(payload, from, report) {
    report.protection('clear');
    const router = routerOf(payload);
    if (router !== null) report.sight('hsrp.router', from, router);
  },
};

function routerOf(bytes: Uint8Array): Router | null {
  if (bytes.length < MESSAGE_BYTES || bytes.length > MAX_MESSAGE_BYTES) return null;
  return bytes[0] === GROUP_STATE ? second(bytes) : first(bytes);
}

function first(bytes: Uint8Array): Router | null {
  const state = stateByBit[bytes[2]!];
  if (bytes[0] !== 0 || bytes[1]! > RESIGN || state === undefined) return null;
  const facts = { version: 1, group: bytes[6]!, priority: bytes[5]!, state };
  return withAddress(facts, ipv4At(bytes, 16), '0.0.0.0');
}

function second(bytes: Uint8Array): Router | null {
  if (bytes[1] !== GROUP_STATE_LENGTH || bytes.length < GROUP_STATE_LENGTH + 2) return null;
  const state = states[bytes[4]! - 1];
  const family = bytes[5]!;
  if (bytes[2] !== 2 || bytes[3]! > RESIGN || state === undefined) return null;
  if (family !== 4 && family !== 6) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const facts = { version: 2, group: view.getUint16(6), priority: view.getUint32(14), state };
  return family === 4
    ? withAddress(facts, ipv4At(bytes, 26), '0.0.0.0')
    : withAddress(facts, ipv6At(bytes, 26), '::');
}

/** A router that still learns the address sends zeros. */
function withAddress(facts: Router, address: string, none: string): Router {
  return address === none ? facts : { ...facts, address };
}
