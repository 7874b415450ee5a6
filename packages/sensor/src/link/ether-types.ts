/** EtherTypes (IEEE registry) that link layers and tunnels name their payload by. */
export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
export const ARP = 0x0806;
export const CUSTOMER_TAG = 0x8100;
export const SERVICE_TAG = 0x88a8;
/** Transparent Ethernet bridging (RFC 1701): a whole frame. */
export const BRIDGED = 0x6558;
export const MPLS = 0x8847;
export const MPLS_UPSTREAM = 0x8848;
export const PPPOE_SESSION = 0x8864;
/** PPP behind GRE (RFC 2637). */
export const PPP_PAYLOAD = 0x880b;
export const MACSEC = 0x88e5;
export const MAC_IN_MAC = 0x88e7;
export const NSH = 0x894f;
/** Not an EtherType: an 802.11 frame inside a tunnel, and one whose frame control has its bytes the other way around. */
export const RADIO_FRAME = 0x10000;
export const RADIO_FRAME_SWAPPED = 0x10001;
