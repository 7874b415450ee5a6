import type { Endpoint, Facts } from '@wardline/model';
import type { DatagramDissector, Reporter, Side, Surroundings } from '../../dissector.ts';
import { present } from '../../text/wire-text.ts';
import {
  BOOTREPLY,
  BOOTREQUEST,
  type DhcpMessage,
  looksLikeDhcp,
  messageTypes,
  readMessage,
} from './message.ts';
import { addressesOf, clientId, fqdn, mudUrl, parameterList, textOf, u16Of, u32Of } from './option-values.ts';

type Complete<T> = { [K in keyof T]-?: T[K] | undefined };

/**
 * DHCPv4 (RFC 2131, 2132) and the BOOTP it lives in. The client is the hardware address in `chaddr`, never the frame's
 * source, which behind a relay is the relay's.
 */
export const dhcp: DatagramDissector = {
  name: 'dhcp',
  cost: 1,
  firstBytes: [BOOTREQUEST, BOOTREPLY],
  recognise: (payload) => looksLikeDhcp(payload),
  serverSide: (payload) => (payload[0] === BOOTREPLY ? 'sender' : 'receiver'),
  onDatagram(payload, from, report, around) {
    if (!looksLikeDhcp(payload)) return;
    report.protection('clear');
    const message = readMessage(payload);
    if (!message.whole) report.malformed('dhcp-option-length');
    if (message.op === BOOTREQUEST) stateClient(message, report, around);
    else stateReply(message, from, report, around);
  },
};

/** Behind a relay, or a router on a renewal (RFC 2131 §4.4.5), the frame's VLAN is not the client's. */
function clientEndpoint(message: DhcpMessage, ip: string | null, around: Surroundings): Endpoint | null {
  if (message.clientMac === null) return null;
  const { mac, vlan } = around.client;
  const direct = message.relayIp === null && (mac === null || mac === message.clientMac || isGroup(mac));
  return { mac: message.clientMac, ip, vlan: direct ? vlan : null };
}

/** Broadcast or multicast: the lowest bit of the first octet (IEEE 802 §8.2). */
function isGroup(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

function stateClient(message: DhcpMessage, report: Reporter, around: Surroundings): void {
  const client = clientEndpoint(message, message.clientIp, around);
  const facts = clientFacts(message);
  if (client !== null && Object.keys(facts).length > 0) report.sight('dhcp.client', client, facts);
}

function clientFacts({ options }: DhcpMessage): Facts['dhcp.client'] {
  const facts: Complete<Facts['dhcp.client']> = {
    hostname: textOf(options, 12),
    vendorClass: textOf(options, 60),
    parameterList: parameterList(options),
    clientId: clientId(options),
    fqdn: fqdn(options),
    mudUrl: mudUrl(options),
    maxMessageSize: u16Of(options, 57),
  };
  return present(facts) as Facts['dhcp.client'];
}

function stateReply(message: DhcpMessage, from: Side, report: Reporter, around: Surroundings): void {
  const server = addressesOf(message.options, 54)?.[0] ?? null;
  if (message.type === messageTypes.ack) stateLease(message, server ?? around[from].ip, report, around);
  if (message.type === messageTypes.ack || message.type === messageTypes.offer) {
    report.sight('dhcp.server', serverSubject(server, from, around), serverFacts(message));
  }
}

/** An ACK that answers an INFORM gives no address; the client has it already (RFC 2131 §4.3.5). */
function stateLease(
  message: DhcpMessage,
  server: string | null,
  report: Reporter,
  around: Surroundings,
): void {
  const ip = message.yourIp ?? message.clientIp;
  const client = ip === null ? null : clientEndpoint(message, ip, around);
  if (client === null || server === null) return;
  const facts: Complete<Facts['dhcp.lease']> = {
    server,
    leaseSeconds: u32Of(message.options, 51),
    hostname: textOf(message.options, 12),
  };
  report.sight('dhcp.lease', client, present(facts) as Facts['dhcp.lease']);
}

/** What comes from a relay was said by the server that it names. */
function serverSubject(server: string | null, from: Side, around: Surroundings): Side | Endpoint {
  return server === null || around[from].ip === server ? from : { mac: null, ip: server, vlan: null };
}

function serverFacts({ options }: DhcpMessage): Facts['dhcp.server'] {
  const facts: Complete<Facts['dhcp.server']> = {
    routers: addressesOf(options, 3),
    dnsServers: addressesOf(options, 6),
    domain: textOf(options, 15),
    subnetMask: addressesOf(options, 1)?.[0],
  };
  return present(facts) as Facts['dhcp.server'];
}
