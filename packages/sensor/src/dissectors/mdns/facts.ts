import type { Endpoint } from '@wardline/model';
import type { Reporter, Side, Surroundings } from '../../dissector.ts';
import { addressOf, nameText } from '../dns/facts.ts';
import type { DnsMessage } from '../dns/message.ts';
import { MAX_HOSTS } from './limits.ts';
import { servicesOf } from './services.ts';

interface Host {
  key: string;
  name: string;
  ip: string;
}

/** States the hosts and services of one multicast response; queries and probes state nothing yet. */
export function stateAnnouncements(
  message: DnsMessage,
  from: Side,
  report: Reporter,
  around: Surroundings,
): void {
  if (!message.header.response) return;
  const hosts = hostsOf(message);
  for (const host of hosts) report.sight('mdns.host', owner(host, hosts, from, around), { name: host.name });
  for (const { facts, target } of servicesOf(message)) {
    report.sight('mdns.service', ownerOfTarget(target, hosts, from, around), facts);
  }
}

function hostsOf(message: DnsMessage): Host[] {
  const hosts: Host[] = [];
  for (const record of message.records) {
    const ip = record.section === 'authority' ? null : addressOf(message.bytes, record);
    const name = ip === null ? undefined : nameText(record.name);
    if (ip === null || name === undefined || hosts.length >= MAX_HOSTS) continue;
    hosts.push({ key: record.name.join('.').toLowerCase(), name, ip });
  }
  return hosts;
}

/**
 * The sender, if the address is its own. Another address of a host that has the sender's too is the sender's as well;
 * what is left belongs to a host that the sender merely answers for.
 */
function owner(host: Host, hosts: readonly Host[], from: Side, around: Surroundings): Side | Endpoint {
  const sender = around[from];
  if (sender.ip === host.ip) return from;
  const isSender = hosts.some((other) => other.key === host.key && other.ip === sender.ip);
  return { mac: isSender ? sender.mac : null, ip: host.ip, vlan: sender.vlan };
}

/** Proxies and reflectors announce what is not theirs: the service belongs to the host that its SRV record names. */
function ownerOfTarget(
  target: string | null,
  hosts: readonly Host[],
  from: Side,
  around: Surroundings,
): Side | Endpoint {
  const sender = around[from];
  const sameVersion = (ip: string) => ip.includes(':') === (sender.ip ?? '').includes(':');
  const its = hosts.filter((host) => host.key === target && sameVersion(host.ip));
  const [first] = its;
  return first === undefined || its.some((host) => host.ip === sender.ip)
    ? from
    : owner(first, hosts, from, around);
}
