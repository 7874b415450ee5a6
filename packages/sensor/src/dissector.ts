import type { Endpoint, FactKind, Facts, Protection } from '@wardline/model';
import type { Redactor } from './redactor.ts';

/** The two sides of a conversation as a dissector sees them. */
export type Side = 'client' | 'server';

/** `more`: cannot be told yet, ask again with more bytes. */
export type Recognition = 'yes' | 'no' | 'more';

/** Returned from {@link StreamSession.onData} to be left alone for the rest of the connection. */
export const DETACH = -1;

/** Where facts go. Everything that a dissector says leaves through it. */
export interface Reporter {
  readonly redact: Redactor;
  /**
   * States a fact about one side, or about another endpoint (say, the host that a DNS answer names). The same object of
   * facts may be given again, but its content must not change in between.
   */
  sight<K extends FactKind>(kind: K, about: Side | Endpoint, facts: Facts[K], extra?: SightExtra): void;
  /**
   * Reports protected health information sent by `from`, by field name; the value is hashed here and forgotten.
   * Empty values are not reported.
   */
  phi(protocol: string, field: string, from: Side, value: Uint8Array | string): void;
  /** Reports credentials in clear; user and secret are hashed and compared with the known defaults, then forgotten. */
  credential(use: CredentialUse): void;
  /** One side said what time it is (µs since the epoch); what its clock differs by is stated as a fact. */
  clock(source: Facts['clock.offset']['source'], of: Side, told: number): void;
  /** Names the conversation's application; the recognising dissector's name is set before it is asked. */
  application(name: string): void;
  /** How the conversation is protected; later and stronger words replace earlier ones. */
  protection(protection: Protection): void;
  /** A fact a person wants beside the conversation (SNI, called AE title). */
  note(name: string, value: string | number | boolean): void;
  /** Counts input that does not follow the protocol, by cause (`dicom-length`, …); never throws. */
  malformed(cause: string): void;
}

export interface SightExtra {
  /** The relation's other side. */
  peer?: Side | Endpoint;
  /** Values that stay behind as keyed hashes. */
  marks?: (Uint8Array | string)[];
}

export interface CredentialUse {
  protocol: string;
  /** The field's name in its protocol (`PASS`, `Authorization`, `community`). */
  field: string;
  user: Uint8Array | string | null;
  secret: Uint8Array | string | null;
  /** Which side took the credentials; nearly always the server. */
  acceptedBy: Side;
  outcome: 'accepted' | 'refused' | 'unknown';
}

/** What is known of a connection or a datagram when a dissector is asked about it. */
export interface Surroundings {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly clientPort: number;
  readonly serverPort: number;
}

/**
 * A dissector of a TCP protocol. It is recognised by content on any port; ports may only break ties. Recognition sees
 * the first bytes of both directions (either may still be empty), never copies them and never keeps them.
 */
export interface StreamDissector {
  readonly name: string;
  /** Asked in order of `cost`; a cheap and certain test comes first. */
  readonly cost: number;
  /**
   * The values that the first byte of a side can have where the beginning was seen. A connection of which a side starts
   * with another byte is not shown to the dissector at all. Absent, or absent for a side: any byte. Where `recognise`
   * would still say yes to a side that begins otherwise (the start was missed), its byte belongs in here, too.
   */
  readonly firstBytes?: { readonly client?: readonly number[]; readonly server?: readonly number[] };
  recognise(fromClient: Uint8Array, fromServer: Uint8Array, around: Surroundings): Recognition;
  open(report: Reporter, around: Surroundings): StreamSession;
  /**
   * Tells by the first bytes of one direction of a recognised connection which side sent them, or null where that
   * doesn't show. Asked where the handshake was missed, so that client and server are only guessed from ports.
   */
  speaker?(bytes: Uint8Array): Side | null;
}

/** One recognised connection. Both directions come in order, without gaps unless `onGap` says so. */
export interface StreamSession {
  /**
   * Takes the bytes of one direction that are not consumed yet. Returns how many it consumed: what is left comes again
   * with more behind it (at most `SESSION_BUFFER` bytes, then the session is ended). A number beyond the length skips
   * what is still to come without buffering it. `DETACH` ends the session.
   *
   * `bytes` is a view that is only valid during the call.
   */
  onData(from: Side, bytes: Uint8Array): number;
  /**
   * Bytes were lost in one direction, and what follows starts behind them. Returns false to end the session;
   * without it a gap ends it. Gaps inside a range that the session skipped are not reported.
   */
  onGap?(from: Side, length: number): boolean;
  /** No more comes: the connection closed, was evicted, or the capture ended. */
  onEnd?(): void;
  /**
   * Bytes that the session keeps of what it consumed, for sessions that may keep more than a few hundred: they count
   * to the budget that all streams share (`streamBytes`), so that many sessions cannot hold more together.
   */
  readonly heldBytes?: number;
}

/** A dissector of datagrams: each stands alone, unless the dissector opens a session. */
export interface DatagramDissector {
  readonly name: string;
  readonly cost: number;
  /** The values that the first byte can have; a datagram with another is not shown to the dissector. Absent: any. */
  readonly firstBytes?: readonly number[];
  /** Must look at content; `around` (ports) may only be the tie-breaker where the content leaves room. */
  recognise(payload: Uint8Array, from: Side, around: Surroundings): boolean;
  /** One datagram. Which side is client was decided before, see {@link DatagramDissector.serverSide}. */
  onDatagram(payload: Uint8Array, from: Side, report: Reporter, around: Surroundings): void;
  /**
   * Tells by content which side is the server where the protocol shows it (a DNS response comes from the server),
   * as `sender`, `receiver`, or null where it doesn't show.
   */
  serverSide?(payload: Uint8Array): 'sender' | 'receiver' | null;
  /**
   * For protocols that only show themselves over several datagrams: opened with the first datagram that is recognised,
   * the session is given it and all that follow on the same addresses and ports, whatever they are.
   */
  open?(): DatagramSession;
}

/** What is remembered between the datagrams of one connection; its memory is bounded by its dissector. */
export interface DatagramSession {
  /** Returns false to be left alone for the rest of the connection, which nobody else is then asked about either. */
  onDatagram(payload: Uint8Array, from: Side, report: Reporter, around: Surroundings): boolean;
}

/** A dissector below IP: ARP, LLDP, CDP. Subject and peer are given as endpoints. */
export interface FrameDissector {
  readonly name: string;
  /** EtherTypes, or what `snapType` and `llcType` make of other encapsulations. */
  readonly types: readonly number[];
  /** `payload` starts behind the EtherType (behind the SNAP or LLC header). */
  onFrame(payload: Uint8Array, source: Endpoint, report: FrameReporter): void;
}

/** A dissector of an IP protocol without ports: neighbour discovery in ICMPv6. Each packet stands alone. */
export interface PacketDissector {
  readonly name: string;
  /** IP protocol numbers. */
  readonly protocols: readonly number[];
  /** `payload` is what follows the IP header, as far as it was captured; fragments are not shown. */
  onPacket(payload: Uint8Array, around: PacketSurroundings, report: FrameReporter): void;
}

export interface PacketSurroundings {
  readonly source: Endpoint;
  readonly target: Endpoint;
  /** TTL or hop limit as captured. */
  readonly hopLimit: number;
}

export interface FrameReporter {
  sight<K extends FactKind>(kind: K, about: Endpoint, facts: Facts[K]): void;
  malformed(cause: string): void;
}

/** How {@link FrameDissector.types} names a SNAP protocol of an organisation below 00-80-00 (Cisco is 00-00-0C). */
export function snapType(organisation: number, protocol: number): number {
  return ((organisation & 0x7fff) << 16) | protocol;
}

/** How {@link FrameDissector.types} names an 802.2 service access point. */
export function llcType(destination: number): number {
  return 0x7fff0000 | destination;
}

/**
 * How {@link FrameDissector.types} names frames of IEEE 802.11 that carry no packet, by type and subtype: management
 * frames, and data frames that are empty or encrypted. They are shown whole, from their frame control on.
 */
export function radioType(type: number, subtype: number): number {
  return 0x7ffe0000 | (type << 4) | subtype;
}

/** How {@link FrameDissector.types} names advertisements of Bluetooth Low Energy, shown from their header on. */
export const BLUETOOTH_ADVERTISEMENT = 0x7ffd0000;
