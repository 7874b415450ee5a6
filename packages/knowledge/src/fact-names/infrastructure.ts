import type { InfrastructureFacts } from '@wardline/model';
import type { FactNamesOf } from './fact-names-of.ts';

export const infrastructureFacts: FactNamesOf<InfrastructureFacts> = {
  'network.tunnel': { tunnel: true, identifier: true },
  'dhcpv6.client': {
    duid: true,
    duidMac: true,
    fqdn: true,
    vendorClass: true,
    vendorEnterprise: true,
    optionRequest: true,
    mudUrl: true,
  },
  'dhcpv6.lease': { server: true, leaseSeconds: true, fqdn: true },
  'dhcpv6.prefix': { server: true, leaseSeconds: true, prefix: true },
  'dhcpv6.server': { duid: true, duidMac: true, dnsServers: true, domains: true },
  'ndp.binding': { operation: true },
  'ndp.router': {
    lifetimeSeconds: true,
    managed: true,
    otherConfiguration: true,
    preference: true,
    hopLimit: true,
    prefixes: true,
    autonomousPrefixes: true,
    mtu: true,
    dnsServers: true,
    domains: true,
  },
  'ndp.redirect': { destination: true, nextHop: true },
};
