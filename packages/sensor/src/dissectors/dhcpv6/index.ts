import type { Endpoint, Facts } from '@wardline/model';
import type { DatagramDissector, Reporter, Side, Surroundings } from '../../dissector.ts';
import { isLinkLocalIpv6 } from '../../network/interface-identifier.ts';
import { labelledNames } from '../../text/dns-labels.ts';
import { present } from '../../text/wire-text.ts';
import { duidMac, duidText } from './duid.ts';
import { MAX_ADDRESSES } from './limits.ts';
import { type Dhcpv6Message, isFromServer, looksLikeDhcpv6, messageTypes, readMessage } from './message.ts';
import {
  addressList,
  fqdn,
  type Grant,
  grantsOf,
  mudUrl,
  optionRequest,
  vendorClass,
  vendorEnterprise,
} from './option-values.ts';
import { optionCodes } from './options.ts';

type Complete<T> = { [K in keyof T]-?: T[K] | undefined };

/**
 * DHCPv6 (RFC 8415). What relays carry is the client's all the same; where it sits is what the innermost relay says,
 * never the relay's own address.
 */
export const dhcpv6: DatagramDissector = {
  name: 'dhcpv6',
  cost: 2,
  firstBytes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  recognise: (payload) => looksLikeDhcpv6(payload),
  serverSide: (payload) => (isFromServer(payload[0] ?? 0) ? 'sender' : 'receiver'),
  onDatagram(payload, from, report, around) {
    report.protection('clear');
    const message = readMessage(payload);
    if (message === null) {
      report.malformed('dhcpv6-relay');
      return;
    }
    if (!message.whole) report.malformed('dhcpv6-option-length');
    if (isFromServer(message.type)) stateReply(message, from, report, around);
    else stateClient(message, report, around);
  },
};

/** A link-local address is nobody's without the hardware address beside it: every link has its own. */
function clientEndpoint(message: Dhcpv6Message, around: Surroundings): Endpoint | null {
  const { peer } = message;
  if (peer === null) return around.client;
  if (peer.mac === null && isLinkLocalIpv6(peer.ip)) return null;
  return { mac: peer.mac, ip: peer.ip, vlan: null };
}

function stateClient(message: Dhcpv6Message, report: Reporter, around: Surroundings): void {
  const client = clientEndpoint(message, around);
  const { options } = message;
  const id = options.get(optionCodes.clientId)?.[0];
  const facts: Complete<Facts['dhcpv6.client']> = {
    duid: duidText(id),
    duidMac: duidMac(id),
    fqdn: fqdn(options),
    vendorClass: vendorClass(options),
    vendorEnterprise: vendorEnterprise(options),
    optionRequest: optionRequest(options),
    mudUrl: mudUrl(options),
  };
  const said = present(facts) as Facts['dhcpv6.client'];
  if (client !== null && Object.keys(said).length > 0) report.sight('dhcpv6.client', client, said);
}

function stateReply(message: Dhcpv6Message, from: Side, report: Reporter, around: Surroundings): void {
  const { options, type } = message;
  const id = options.get(optionCodes.serverId)?.[0];
  const domains = labelledNames(options.get(optionCodes.domains)?.[0] ?? new Uint8Array(0), MAX_ADDRESSES);
  const facts: Complete<Facts['dhcpv6.server']> = {
    duid: duidText(id),
    duidMac: duidMac(id),
    dnsServers: addressList(options, optionCodes.dnsServers),
    domains: domains.length === 0 ? undefined : domains,
  };
  if (id !== undefined) report.sight('dhcpv6.server', from, present(facts) as Facts['dhcpv6.server']);
  if (type !== messageTypes.reply) return;
  for (const grant of grantsOf(options)) stateGrant(grant, message, report, around);
}

function stateGrant(grant: Grant, message: Dhcpv6Message, report: Reporter, around: Surroundings): void {
  const holder = holderOf(message, around);
  const server = duidText(message.options.get(optionCodes.serverId)?.[0]);
  const lease = { server, leaseSeconds: grant.seconds };
  if (grant.prefixLength === null) {
    const facts: Complete<Facts['dhcpv6.lease']> = { ...lease, fqdn: fqdn(message.options) };
    const subject = { ...holder, ip: grant.ip };
    report.sight('dhcpv6.lease', subject, present(facts) as Facts['dhcpv6.lease']);
  } else if (holder.mac !== null) {
    const facts = { ...lease, prefix: `${grant.ip}/${grant.prefixLength}` };
    report.sight('dhcpv6.prefix', holder, present(facts) as Facts['dhcpv6.prefix']);
  }
}

/** The frame's hardware address is the client's only on the client's own link, where it is spoken to by its link-local address. */
function holderOf({ peer }: Dhcpv6Message, { client }: Surroundings): Endpoint {
  const link = peer?.ip ?? client.ip ?? '';
  if (!isLinkLocalIpv6(link)) return { mac: null, ip: link, vlan: null };
  return peer === null ? client : { mac: peer.mac, ip: link, vlan: null };
}
