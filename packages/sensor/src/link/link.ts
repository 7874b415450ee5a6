import { BLUETOOTH_ADVERTISEMENT, llcType, snapType } from '../dissector.ts';
import { MAX_NESTED_LINKS, MAX_TAGS } from '../limits.ts';
import type { Packet } from '../network/packet.ts';
import { setSource, setTarget } from './addresses.ts';
import { advertisement, type BluetoothDrop, isBluetooth } from './bluetooth.ts';
import {
  BRIDGED,
  IPV4,
  IPV6,
  MAC_IN_MAC,
  MACSEC,
  MPLS,
  MPLS_UPSTREAM,
  NSH,
  PPP_PAYLOAD,
  PPPOE_SESSION,
  RADIO_FRAME,
  RADIO_FRAME_SWAPPED,
} from './ether-types.ts';
import { labelledContent } from './labels.ts';
import { securedContent } from './macsec.ts';
import { isRadio, readRadioHeader, WIFI } from './radio-header.ts';
import { serviceContent } from './service-header.ts';
import { type WifiDrop, WifiReader } from './wifi.ts';

/** Link types of tcpdump.org/linktypes that are read. */
const NULL = 0;
const ETHERNET = 1;
const PPP = 9;
const C_HDLC = 104;
const FRAME_RELAY = 107;
const LOOP = 108;
const LINUX_COOKED = 113;
const LINUX_COOKED_2 = 276;
const PPP_HDLC = 50;
const NFLOG = 239;
const PKTAP = 258;
/** A private type under which some systems wrote PKTAP. */
const PKTAP_OF_USER = 149;
const IPV4_ONLY = 228;
const IPV6_ONLY = 229;
/** `LINKTYPE_RAW`, and the values of `DLT_RAW` that some systems wrote into files. */
const RAW = new Set([12, 14, 101]);

const CUSTOMER_TAG = 0x8100;
const SERVICE_TAGS = new Set([0x88a8, 0x9100, 0x9200]);

/** Bytes up to this are an 802.3 length, not an EtherType. */
const LARGEST_LENGTH = 1500;
const ARPHRD_ETHERNET = 1;
/** The netfilter attribute that holds the packet. */
const NFULA_PAYLOAD = 9;

/** Why a frame is left alone. */
export type LinkDrop =
  | 'unknown-link'
  | 'truncated-link'
  | 'llc'
  | 'encrypted-link'
  | 'nested-link'
  | 'radio-checksum'
  | WifiDrop
  | BluetoothDrop;

/**
 * Reads the link layer: fills MAC addresses, VLAN and EtherType of `packet`. Returns where the payload starts, or -1
 * with `reason`. The VLAN of a doubly tagged frame is the customer's: the first 802.1Q tag behind the service tags
 * (IEEE 802.1ad); a priority tag (VID 0) and the reserved 4095 are no VLAN.
 */
export class LinkReader {
  reason: LinkDrop = 'unknown-link';
  /** Where the frame that was read ends: before a checksum that the card left behind it. */
  end = 0;
  readonly #wifi = new WifiReader();
  readonly #radio = { at: 0, end: 0, isPadded: false, isBad: false, isSwapped: false };
  /** Link layers found inside link layers so far (Ethernet over MPLS, MACsec, NSH). */
  #nested = 0;

  read(linkType: number, view: DataView, start: number, end: number, packet: Packet): number {
    this.#clear(packet);
    this.end = end;
    if (linkType === ETHERNET) return this.#ethernet(view, start, end, packet);
    if (RAW.has(linkType)) return this.#raw(view, start, end, packet);
    return this.#other(linkType, view, start, end, packet);
  }

  /** Reads what a tunnel carries, by EtherType; nothing of the tunnel's own link layer holds for it. */
  readInner(etherType: number, view: DataView, start: number, end: number, packet: Packet): number {
    this.#clear(packet);
    return this.#content(etherType, view, start, end, packet);
  }

  #clear(packet: Packet): void {
    packet.hasSourceMac = false;
    packet.hasTargetMac = false;
    packet.vlan = -1;
    this.#nested = 0;
    this.reason = 'truncated-link';
  }

  #other(linkType: number, view: DataView, start: number, end: number, packet: Packet): number {
    switch (linkType) {
      case IPV4_ONLY:
      case IPV6_ONLY:
        packet.etherType = linkType === IPV4_ONLY ? IPV4 : IPV6;
        return start;
      case NULL:
      case LOOP:
        return this.#loop(view, start, end, packet);
      case LINUX_COOKED:
        return this.#cooked(view, start, end, packet);
      case LINUX_COOKED_2:
        return this.#cooked2(view, start, end, packet);
      case PPP:
      case PPP_HDLC:
        return this.#ppp(view, start, end, packet);
      case FRAME_RELAY:
        return this.#frameRelay(view, start, end, packet);
      case NFLOG:
        return this.#nflog(view, start, end, packet);
      case PKTAP:
      case PKTAP_OF_USER:
        return this.#pktap(view, start, end, packet);
      case C_HDLC:
        return end - start < 4 ? -1 : this.#typed(view.getUint16(start + 2), view, start + 4, end, packet);
      default:
        if (isBluetooth(linkType)) return this.#advertisement(linkType, view, start, end, packet);
        if (isRadio(linkType)) return this.#radioFrame(linkType, view, start, end, packet);
        this.reason = 'unknown-link';
        return -1;
    }
  }

  #advertisement(linkType: number, view: DataView, start: number, end: number, packet: Packet): number {
    const found = advertisement(linkType, view, start, end);
    if (typeof found === 'string') {
      this.reason = found;
      return -1;
    }
    this.end = found.end;
    packet.etherType = BLUETOOTH_ADVERTISEMENT;
    return found.at;
  }

  #radioFrame(
    linkType: number,
    view: DataView,
    start: number,
    end: number,
    packet: Packet,
    isSwapped = false,
  ): number {
    const header = this.#radio;
    if (!readRadioHeader(linkType, view, start, end, header)) return -1;
    header.isSwapped = isSwapped;
    this.end = header.end;
    if (header.isBad) {
      this.reason = 'radio-checksum';
      return -1;
    }
    const at = this.#wifi.read(view, header, packet);
    if (at < 0) this.reason = this.#wifi.reason;
    return at < 0 || packet.etherType !== 0 ? at : this.#llc(view, at, header.end, packet);
  }

  /**
   * Reads the next frame of a radio aggregate (`reason` is `aggregate`), from `partStart` to `end`; -1 where there is no
   * more, -2 where one cannot be used.
   */
  readPart(view: DataView, packet: Packet): number {
    this.#clear(packet);
    const at = this.#wifi.next(view, packet);
    if (at < 0) return -1;
    this.end = this.#wifi.partEnd;
    const payload = this.#llc(view, at, this.end, packet);
    return payload < 0 ? -2 : payload;
  }

  get partStart(): number {
    return this.#wifi.partStart;
  }

  #ethernet(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 14) return -1;
    setTarget(view, start, packet);
    setSource(view, start + 6, packet);
    const type = view.getUint16(start + 12);
    if (type === IPV4 || type === IPV6) {
      packet.etherType = type;
      return start + 14;
    }
    return this.#typed(type, view, start + 14, end, packet);
  }

  /** Peels tags and labels until an EtherType that is none of them. */
  #typed(first: number, view: DataView, start: number, end: number, packet: Packet): number {
    let type = first;
    let at = start;
    let customer = false;
    for (let tags = 0; tags < MAX_TAGS; tags++) {
      const isCustomer = type === CUSTOMER_TAG;
      if (!isCustomer && !SERVICE_TAGS.has(type)) break;
      if (end - at < 4) return -1;
      if (!customer) packet.vlan = vlanOf(view.getUint16(at));
      customer ||= isCustomer;
      type = view.getUint16(at + 2);
      at += 4;
    }
    packet.etherType = type;
    if (type <= LARGEST_LENGTH) return this.#llc(view, at, end, packet);
    return this.#content(type, view, at, end, packet);
  }

  /** Reads on where an EtherType announces another layer below IP. */
  #content(type: number, view: DataView, at: number, end: number, packet: Packet): number {
    packet.etherType = type;
    switch (type) {
      case MPLS:
      case MPLS_UPSTREAM:
        return this.#mpls(view, at, end, packet);
      case PPPOE_SESSION:
        return end - at < 8 ? -1 : this.#ppp(view, at + 6, end, packet);
      case PPP_PAYLOAD:
        return this.#ppp(view, at, end, packet);
      case BRIDGED:
        return this.#frame(view, at, end, packet);
      case MAC_IN_MAC:
        // IEEE 802.1ah: behind the four bytes of the I-TAG comes the customer's frame.
        return this.#frame(view, at + 4, end, packet);
      case MACSEC:
        return this.#secured(view, at, end, packet);
      case NSH:
        return this.#service(view, at, end, packet);
      case RADIO_FRAME:
      case RADIO_FRAME_SWAPPED:
        return this.#radioFrame(WIFI, view, at, end, packet, type === RADIO_FRAME_SWAPPED);
      default:
        return at;
    }
  }

  /** A frame inside a frame: its addresses and tags are the ones that count. */
  #frame(view: DataView, at: number, end: number, packet: Packet): number {
    if (!this.#mayNest()) return -1;
    packet.vlan = -1;
    return this.#ethernet(view, at, end, packet);
  }

  #mayNest(): boolean {
    this.#nested += 1;
    if (this.#nested <= MAX_NESTED_LINKS) return true;
    this.reason = 'nested-link';
    return false;
  }

  #secured(view: DataView, start: number, end: number, packet: Packet): number {
    const at = securedContent(view, start, end);
    if (at === 'encrypted') this.reason = 'encrypted-link';
    if (typeof at !== 'number' || !this.#mayNest()) return -1;
    return this.#typed(view.getUint16(at), view, at + 2, end, packet);
  }

  #service(view: DataView, start: number, end: number, packet: Packet): number {
    const content = serviceContent(view, start, end);
    if (content === null || !this.#mayNest()) return -1;
    return this.#content(content.etherType, view, content.at, end, packet);
  }

  /** 802.2 LLC: SNAP with an EtherType (RFC 1042) or an organisation's own protocol, or another service access point. */
  #llc(view: DataView, at: number, end: number, packet: Packet): number {
    this.reason = 'llc';
    if (end - at < 3) return -1;
    const destination = view.getUint8(at);
    if (destination !== 0xaa) {
      packet.etherType = llcType(destination);
      return at + 3;
    }
    if (end - at < 8 || view.getUint32(at) !== 0xaaaa0300 + view.getUint8(at + 3)) return -1;
    const organisation = view.getUint16(at + 3) * 256 + view.getUint8(at + 5);
    if (organisation > 0x7fff) return -1;
    const protocol = view.getUint16(at + 6);
    packet.etherType = organisation === 0 ? protocol : snapType(organisation, protocol);
    return at + 8;
  }

  /** RFC 3032: the label stack does not name its payload, which shows itself (RFC 4928). */
  #mpls(view: DataView, start: number, end: number, packet: Packet): number {
    for (let at = start; at + 5 <= end && at < start + 4 * MAX_TAGS; at += 4) {
      if ((view.getUint8(at + 2) & 1) === 1) return this.#labelled(view, at + 4, end, packet);
    }
    return -1;
  }

  #labelled(view: DataView, at: number, end: number, packet: Packet): number {
    switch (labelledContent(view, at, end)) {
      case 'frame':
        return this.#frame(view, at, end, packet);
      case 'controlled-frame':
        return this.#frame(view, at + 4, end, packet);
      default:
        return this.#raw(view, at, end, packet);
    }
  }

  #raw(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 1) return -1;
    packet.etherType = view.getUint8(start) >>> 4 === 6 ? IPV6 : IPV4;
    return start;
  }

  /** An address family in the byte order of the machine that captured; IPv6 differs by system. */
  #loop(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 4) return -1;
    const big = view.getUint32(start);
    const family = big <= 0xffff ? big : view.getUint32(start, true);
    packet.etherType = family === 2 ? IPV4 : [10, 23, 24, 28, 30].includes(family) ? IPV6 : 0;
    return start + 4;
  }

  #cooked(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 16) return -1;
    const arphrd = view.getUint16(start + 2);
    if (arphrd === ARPHRD_ETHERNET && view.getUint16(start + 4) === 6) setSource(view, start + 6, packet);
    return this.#typed(view.getUint16(start + 14), view, start + 16, end, packet);
  }

  #cooked2(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 20) return -1;
    const arphrd = view.getUint16(start + 8);
    if (arphrd === ARPHRD_ETHERNET && view.getUint8(start + 11) === 6) setSource(view, start + 12, packet);
    return this.#typed(view.getUint16(start), view, start + 20, end, packet);
  }

  /** Linux netfilter: a family, then TLVs in the capturing machine's byte order, one of which holds the packet. */
  #nflog(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 4) return -1;
    packet.etherType = view.getUint8(start) === 10 ? IPV6 : IPV4;
    for (let at = start + 4; at + 4 <= end; ) {
      const length = view.getUint16(at, true);
      if ((view.getUint16(at + 2, true) & 0x7fff) === NFULA_PAYLOAD) return at + 4;
      if (length < 4) return -1;
      at += (length + 3) & ~3;
    }
    return -1;
  }

  /** Apple's per-packet header: its length, the type of the record (1: a packet) and the link type behind it. */
  #pktap(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 12) return -1;
    const length = view.getUint32(start, true);
    const linkType = view.getUint32(start + 8, true);
    if (view.getUint32(start + 4, true) !== 1 || length < 12 || length > end - start || linkType === PKTAP)
      return -1;
    if (linkType === PKTAP_OF_USER) return -1;
    if (linkType === ETHERNET) return this.#ethernet(view, start + length, end, packet);
    return RAW.has(linkType)
      ? this.#raw(view, start + length, end, packet)
      : this.#other(linkType, view, start + length, end, packet);
  }

  /** RFC 1661, 1662: address and control may be left out, and the protocol may be one byte. */
  #ppp(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 4) return -1;
    let at = view.getUint16(start) === 0xff03 ? start + 2 : start;
    const first = view.getUint8(at);
    const compressed = (first & 1) === 1;
    const protocol = compressed ? first : view.getUint16(at);
    at += compressed ? 1 : 2;
    if (protocol === 0x281 || protocol === 0x283) return this.#mpls(view, at, end, packet);
    packet.etherType = protocol === 0x21 ? IPV4 : protocol === 0x57 ? IPV6 : 0;
    return at;
  }

  /** Two bytes of address; then RFC 2427's control byte 3 and an NLPID, or Cisco's EtherType. */
  #frameRelay(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 4) return -1;
    if (view.getUint8(start + 2) !== 3)
      return this.#typed(view.getUint16(start + 2), view, start + 4, end, packet);
    const nlpid = view.getUint8(start + 3);
    packet.etherType = nlpid === 0xcc ? IPV4 : nlpid === 0x8e ? IPV6 : 0;
    return start + 4;
  }
}

function vlanOf(tag: number): number {
  const id = tag & 0xfff;
  return id === 0 || id === 0xfff ? -1 : id;
}
