import { ipv6At, macAt } from '../../network/address.ts';
import { isLinkLocalIpv6, macOfModifiedEui64 } from '../../network/interface-identifier.ts';
import { MAX_RELAYS } from './limits.ts';
import { areOptions, type Options, optionCodes, readOptions } from './options.ts';

/** RFC 8415 §7.3 */
export const messageTypes = { advertise: 2, reply: 7, reconfigure: 10, relayForward: 12, relayReply: 13 };

const FIRST = 1;
const HEADER = 4;
const RELAY_HEADER = 34;
const ETHERNET = 1;

/** Where a relay says that the client is. */
export interface RelayedPeer {
  ip: string;
  mac: string | null;
}

export interface Dhcpv6Message {
  type: number;
  /** Null where the client itself is one of the two sides. */
  peer: RelayedPeer | null;
  options: Options;
  whole: boolean;
}

/** By its type and by options that fill it to the end and name a client, a server or a relayed message. */
export function looksLikeDhcpv6(bytes: Uint8Array): boolean {
  const type = bytes[0] ?? 0;
  if (type < FIRST || type > messageTypes.relayReply || bytes.length < HEADER + 4) return false;
  if (isRelay(type)) {
    const bounded = bytes.length > RELAY_HEADER && bytes[1]! <= MAX_RELAYS * 4;
    return bounded && areOptions(bytes, RELAY_HEADER, [optionCodes.relayed]);
  }
  return areOptions(bytes, HEADER, [optionCodes.clientId, optionCodes.serverId]);
}

/** Whether the sender of this message is on the server's side of the conversation. */
export function isFromServer(type: number): boolean {
  const { advertise, reply, reconfigure, relayReply } = messageTypes;
  return type === advertise || type === reply || type === reconfigure || type === relayReply;
}

/** The client's or the server's own message, whatever relays wrapped around it (RFC 8415 §9); null where it is not there. */
export function readMessage(bytes: Uint8Array): Dhcpv6Message | null {
  let inner = bytes;
  let peer: RelayedPeer | null = null;
  for (let hops = 0; hops <= MAX_RELAYS; hops++) {
    const type = inner[0] ?? 0;
    if (inner.length < HEADER) return null;
    if (!isRelay(type)) return { type, peer, ...readOptions(inner.subarray(HEADER)) };
    if (inner.length < RELAY_HEADER) return null;
    const { options } = readOptions(inner.subarray(RELAY_HEADER));
    peer = peerOf(inner, options);
    inner = options.get(optionCodes.relayed)?.[0] ?? inner.subarray(inner.length);
  }
  return null;
}

function isRelay(type: number): boolean {
  return type === messageTypes.relayForward || type === messageTypes.relayReply;
}

/** The innermost relay's peer is the client; its hardware address is told by RFC 6939, or by an address made of it. */
function peerOf(relay: Uint8Array, options: Options): RelayedPeer {
  const ip = ipv6At(relay, 18);
  const told = options.get(optionCodes.clientLinkLayer)?.[0];
  if (told?.length === 8 && told[0] === 0 && told[1] === ETHERNET) return { ip, mac: macAt(told, 2) };
  return { ip, mac: isLinkLocalIpv6(ip) ? macOfModifiedEui64(relay, 26) : null };
}
