/** Captures on which the sensor and tshark count differently, each with the reason. */
export const explainedDifferences: ReadonlyMap<string, string> = new Map([
  [
    'tcpdump/802_15_4-data.pcap',
    'IEEE 802.15.4 with 6LoWPAN (link type 195) is not read; counted as unknown-link',
  ],
  ['tcpdump/arcnet-rfc1051-arp-icmp-http.pcap', 'ARCNET (link type 129) is not read'],
  ['tcpdump/arcnet-rfc1201-arp-icmp-http.pcap', 'ARCNET (link type 129) is not read'],
  ['tcpdump/bgp-aigp.pcap', "Juniper's Ethernet (link type 178) is not read"],
  [
    'tcpdump/ipv6_frag6_negative_len.pcap',
    'tshark gives up on the malformed fragment header; the sensor takes its next header',
  ],
  [
    'zeek/tunnels/gtp/gtp_ext_header.pcap',
    'a tunnel packet in two fragments, the second of which came first: the sensor puts them together, the comparison has tshark not do so',
  ],
  [
    'zeek/tunnels/mpls-6in6-6in6-4in6-invalid-version-4.pcap',
    'the innermost packet claims IPv4 and has another version: tshark counts nothing, the sensor the tunnel',
  ],
]);

/** Captures that this version of tshark refuses. */
export const unreadByTshark: ReadonlyMap<string, string> = new Map([
  ['tcpdump/dsa-high-vid.pcap', 'link type 284 (Marvell DSA)'],
  ['tcpdump/dsa.pcap', 'link type 284 (Marvell DSA)'],
  ['tcpdump/edsa.pcap', 'link type 285 (Marvell EDSA)'],
  ['tcpdump/frf16_magic_ie-oobr.pcap', 'link type 182 (multi-link frame relay)'],
  ['tcpdump/juniper_monitor_invalid_cookie_length.pcap', 'link type 164 (Juniper monitor)'],
  ['tcpdump/vtp_asan-3.pcap', 'link type 182 (multi-link frame relay)'],
]);
