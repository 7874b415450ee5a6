import type { Facts } from '@wardline/model';
import type { FrameReporter, PacketDissector, PacketSurroundings } from '../../dissector.ts';
import { ipv6At } from '../../network/address.ts';
import { HOP_LIMIT } from './limits.ts';
import { linkLayer, type NdpOption, optionTypes, readOptions } from './options.ts';
import { routerFacts } from './router.ts';

/** RFC 4861 §4, each with the length of its fixed part. */
const ROUTER_SOLICITATION = 133;
const ROUTER_ADVERTISEMENT = 134;
const NEIGHBOUR_SOLICITATION = 135;
const NEIGHBOUR_ADVERTISEMENT = 136;
const REDIRECT = 137;
const fixedLength: Readonly<Record<number, number>> = {
  [ROUTER_SOLICITATION]: 8,
  [ROUTER_ADVERTISEMENT]: 16,
  [NEIGHBOUR_SOLICITATION]: 24,
  [NEIGHBOUR_ADVERTISEMENT]: 24,
  [REDIRECT]: 40,
};

const SOLICITED = 0x40;
const UNSPECIFIED = '::';

interface Message {
  payload: Uint8Array;
  options: readonly NdpOption[];
  around: PacketSurroundings;
  report: FrameReporter;
}

/**
 * Who says that an IPv6 address is theirs, and which routers offer themselves (RFC 4861). A message whose hop limit is
 * not 255 came from behind a router, whatever it says.
 */
export const ndp: PacketDissector = {
  name: 'ndp',
  protocols: [58],
  onPacket(payload, around, report) {
    const fixed = fixedLength[payload[0] ?? 0];
    if (fixed === undefined || payload[1] !== 0) return;
    if (around.hopLimit !== HOP_LIMIT) {
      report.malformed('ndp-hop-limit');
      return;
    }
    const options = payload.length < fixed ? null : readOptions(payload, fixed);
    if (options === null) report.malformed('ndp-option-length');
    else state({ payload, options, around, report });
  },
};

function state(message: Message): void {
  switch (message.payload[0]) {
    case ROUTER_SOLICITATION:
      bindSender(message, 'solicitation');
      break;
    case ROUTER_ADVERTISEMENT:
      bindSender(message, 'announcement');
      stateRouter(message);
      break;
    case NEIGHBOUR_SOLICITATION:
      solicitation(message);
      break;
    case NEIGHBOUR_ADVERTISEMENT:
      advertisement(message);
      break;
    default:
      redirect(message);
  }
}

function bindSender(message: Message, operation: Facts['ndp.binding']['operation']): void {
  const mac = linkLayer(message.options, optionTypes.sourceLinkLayer);
  const { ip } = message.around.source;
  if (mac !== null && ip !== null && ip !== UNSPECIFIED) bind(message, mac, ip, operation);
}

/** From nobody's address it asks whether the address is free (RFC 4862 §5.4.2). */
function solicitation(message: Message): void {
  const { source } = message.around;
  if (source.ip !== UNSPECIFIED) bindSender(message, 'solicitation');
  else if (source.mac !== null) bind(message, source.mac, null, 'probe');
}

/** The option may be left out where the asker knows the address already (§4.4); the frame's own sender then is the holder. */
function advertisement(message: Message): void {
  const { payload, options, around } = message;
  const target = ipv6At(payload, 8);
  const told = linkLayer(options, optionTypes.targetLinkLayer);
  const mac = told ?? (target === around.source.ip ? around.source.mac : null);
  if (mac === null || target === UNSPECIFIED || payload[8] === 0xff) return;
  bind(message, mac, target, (payload[4]! & SOLICITED) === 0 ? 'announcement' : 'advertisement');
}

/** Claims are kept under the hardware address they were made for; that the frame came from another is counted. */
function bind(
  { around, report }: Message,
  mac: string,
  ip: string | null,
  operation: Facts['ndp.binding']['operation'],
): void {
  const { source } = around;
  if (source.mac !== null && source.mac !== mac) report.malformed('ndp-source-differs');
  report.sight('ndp.binding', { mac, ip, vlan: source.vlan }, { operation });
}

/** §6.1.2: only a link-local address can be a router's. */
function stateRouter({ payload, options, around, report }: Message): void {
  if (!around.source.ip?.startsWith('fe80:')) report.malformed('ndp-router-address');
  else report.sight('ndp.router', around.source, routerFacts(payload, options));
}

function redirect({ payload, around, report }: Message): void {
  report.sight('ndp.redirect', around.source, {
    nextHop: ipv6At(payload, 8),
    destination: ipv6At(payload, 24),
  });
}
