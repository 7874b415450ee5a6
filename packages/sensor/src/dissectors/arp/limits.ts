/** An Ethernet/IPv4 ARP packet (RFC 826): 8 bytes of header, two hardware and two protocol addresses. */
export const ARP_LENGTH = 28;
