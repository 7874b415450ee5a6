/** A host has at most so many IPv4 addresses of its own without any ARP or DHCP evidence; beyond, its MAC is a gateway's. */
export const UNPROVEN_ADDRESSES = 16;
/** IPv6 hosts change privacy addresses daily (RFC 8981), so that one MAC address has more of them. */
export const UNPROVEN_ADDRESSES_V6 = 128;
/** A MAC address that only answers ARP for so many addresses, some of them another's, is a proxy (RFC 1027). */
export const PROXY_ARP_ADDRESSES = 8;
/** Of an IP address so many holders are weighed; a hostile host may claim one address under endless MAC addresses. */
export const HOLDERS_PER_ADDRESS = 64;
/** An identifier that more groups than this share is a clone's or a default, and joins nothing. */
export const IDENTIFIER_GROUPS = 8;
/** Evidence kept per claim, as the model's schema bounds it. */
export const EVIDENCE_PER_CLAIM = 3;
/** Different values kept per attribute and source: a hostile host may announce a new name in every packet. */
export const VALUES_PER_SOURCE = 24;
/** Characters of a claim's value that are kept. */
export const VALUE_LENGTH = 200;
/** Host names of one device that are weighed together with its keys; a hostile host may take a new name in every packet. */
export const NAMES_PER_DEVICE = 8;
