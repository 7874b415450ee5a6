import type { Family } from '../space/addresses.ts';

/** Types of ICMP by the names of the models openconfig-icmpv4-types and openconfig-icmpv6-types. */
export const icmpIdentities: Readonly<Record<Family, readonly (readonly [name: string, type: number])[]>> = {
  4: [
    ['ECHO_REPLY', 0],
    ['DST_UNREACHABLE', 3],
    ['REDIRECT', 5],
    ['ECHO', 8],
    ['ROUTER_ADVERTISEMENT', 9],
    ['ROUTER_SELECTION', 10],
    ['TIME_EXCEEDED', 11],
    ['PARAM_PROBLEM', 12],
    ['TIMESTAMP', 13],
    ['TIMESTAMP_REPLY', 14],
    ['PHOTURIS', 40],
    ['EXT_ECHO_REQUEST', 42],
    ['EXT_ECHO_REPLY', 43],
  ],
  6: [
    ['DESTINATION_UNREACHABLE', 1],
    ['PACKET_TOO_BIG', 2],
    ['TIME_EXCEEDED', 3],
    ['PARAMETER_PROBLEM', 4],
    ['ECHO_REQUEST', 128],
    ['ECHO_REPLY', 129],
    ['MULTICAST_LISTENER_QUERY', 130],
    ['MULTICAST_LISTENER_REPORT', 131],
    ['MULTICAST_LISTENER_DONE', 132],
    ['ROUTER_SOLICITATION', 133],
    ['ROUTER_ADVERTISEMENT', 134],
    ['NEIGHBOR_SOLICITATION', 135],
    ['NEIGHBOR_ADVERTISEMENT', 136],
    ['REDIRECT', 137],
    ['EXT_ECHO_REQUEST', 160],
    ['EXT_ECHO_REPLY', 161],
  ],
};

/** Protocols by the names of openconfig-packet-match-types. */
export const protocolIdentities: Readonly<Record<string, number>> = {
  IP_TCP: 6,
  IP_UDP: 17,
  IP_ICMP: 1,
  IP_IGMP: 2,
  IP_PIM: 103,
  IP_RSVP: 46,
  IP_GRE: 47,
  IP_AUTH: 51,
  IP_L2TP: 115,
  IP_IN_IP: 4,
};
