/**
 * Every bound that hostile or merely large input meets in the sensor, with its reason. All are counts or bytes; what a
 * bound makes the sensor give up is counted in the batch's statistics and never lost from the packet counters.
 */
export interface SensorLimits {
  /** Connections held at once; beyond it the ones idle longest are flushed and forgotten (`connections`). */
  connections: number;
  /** A connection without packets for this long (packet time, µs) is flushed and forgotten (not counted as evicted). */
  idleMicros: number;
  /** Length of a time slice, µs of packet time. */
  sliceMicros: number;
  /** Sightings held between two drains; beyond it new ones are counted and not kept (`sightings`). */
  sightings: number;
  /** Conversation rows held between two drains; reaching it makes {@link Sensor.full} true (a drain is due). */
  rows: number;
  /** Connections whose bytes are being reassembled or recognised at once; further ones are counted only (`streams`). */
  streams: number;
  /** Bytes held for reassembly, recognition and sessions over all streams; beyond it the stream asking ends (`stream-bytes`). */
  streamBytes: number;
  /** Bytes that wait out of order in one direction of one stream; beyond it a gap is declared. */
  reorderBytes: number;
  /** Segments that wait out of order in one direction of one stream. */
  reorderSegments: number;
  /** UDP connections of which datagrams are remembered at once; beyond it the oldest is given up (`datagram-sessions`). */
  datagramSessions: number;
  /** Fragmented datagrams that are put together, or whose ports are remembered for their later fragments (`fragments`). */
  fragments: number;
  /** Bytes of fragments that wait for the rest of their datagrams; beyond it the oldest are given up (`fragment-bytes`). */
  fragmentBytes: number;
  /** Tunnels (ends, kind, identifier) counted between two drains; further ones are opened, and not told of (`tunnels`). */
  tunnels: number;
  /** Distinct facts noted beside one connection; further ones are ignored. */
  notes: number;
}

export const defaultLimits: Readonly<SensorLimits> = {
  // A ward's switch shows some thousands of connections at once, a core switch some hundred thousand.
  connections: 262_144,
  // Longer than TCP keep-alives of medical gateways (60 s) and most middlebox timeouts (300 s).
  idleMicros: 600_000_000,
  sliceMicros: 300_000_000,
  sightings: 65_536,
  rows: 10_000,
  streams: 32_768,
  // A DICOM core switch keeps a few hundred streams busy; typical sessions hold a few KiB.
  streamBytes: 48 * 1024 * 1024,
  // A 64 KiB window without scaling, four times over: what one loss can hold back.
  reorderBytes: 262_144,
  reorderSegments: 256,
  // Each holds two handshakes at most, for the moment that they take; a thousand begin at once nowhere in a hospital.
  datagramSessions: 1024,
  fragments: 1024,
  // Sixty-four of the longest datagrams at once.
  fragmentBytes: 4 * 1024 * 1024,
  // A large overlay has some hundred ends with a few segments each.
  tunnels: 4096,
  notes: 16,
};

/** Bytes of one direction that a session may leave unconsumed: larger than any header a dissector needs whole. */
export const SESSION_BUFFER = 65_536;
/**
 * Offers in a row of which a session takes nothing, per direction, before it is ended: it looks at all that it left each
 * time, so that 64 KiB in segments of one byte would cost the square of that. Messages of hospitals span some dozen segments.
 */
export const FRUITLESS_OFFERS = 1024;
/** Bytes of each direction that recognition sees before it gives up: banners and first PDUs show themselves in less. */
export const RECOGNITION_BYTES = 2048;
/** Longest line of a protocol of lines that is read; longer ones (attacks, mostly) are skipped to their end. */
export const MAX_TEXT_LINE = 4096;
/** Longest packet record: libpcap's own MAXIMUM_SNAPLEN. A longer one is damage, not a packet. */
export const MAX_RECORD = 262_144;
/** Longest pcapng block: a packet with generous options, or a decryption-secrets block; a longer one is damage. */
export const MAX_BLOCK = 16 * 1024 * 1024;
/** Bytes that zstd may decompress ahead of what is read: four bytes of it can stand for 128 KiB. */
export const MAX_ZSTD_OUTPUT = 4 * 1024 * 1024;
/** Windows of zstd up to 128 MiB, as `zstd` itself decompresses unless told otherwise; a larger one is refused. */
export const MAX_ZSTD_WINDOW_LOG = 27;
/** Interfaces of one pcapng section: real captures have a handful, `any` captures of large hosts some dozens. */
export const MAX_INTERFACES = 4096;
/** VLAN tags, and MPLS labels, that are peeled before a frame is left alone. */
export const MAX_TAGS = 4;
/** Link layers inside one another (Ethernet in MPLS, MACsec, NSH): a provider's edge stacks two. */
export const MAX_NESTED_LINKS = 4;
/** IP tunnels inside one another: a mirrored (ERSPAN) overlay (VXLAN) that carries a site tunnel (GRE) has three. */
export const MAX_TUNNELS = 4;
/** Tags in front of a frame mirrored by TZSP: senders use half a dozen. */
export const MAX_TZSP_TAGS = 32;
/** GTP-U extension headers that are walked (3GPP TS 29.281 §5.2.1 names five). */
export const MAX_GTP_EXTENSIONS = 8;
/** IPv6 extension headers that are walked (RFC 8200 §4.1 names seven). */
export const MAX_EXTENSIONS = 10;
/** Longest datagram that IP can name (RFC 791 §3.1). */
export const MAX_DATAGRAM = 65_535;
/** Pieces of one datagram: 64 KiB over the smallest path of IPv6 (1,280 bytes) are 52; more is an attack on reassembly. */
export const MAX_DATAGRAM_FRAGMENTS = 256;
/** A datagram that is not whole after this (packet time, µs) is given up: RFC 8200 §4.5's sixty seconds. */
export const FRAGMENT_MICROS = 60_000_000;
/** What a datagram costs beside its bytes, so that floods of tiny fragments meet the same bound. */
export const FRAGMENT_COST = 256;
/** The schema's bounds on texts and lists (see `sightingSchema`), kept here so that no batch is refused. */
export const MAX_FACT_TEXT = 1024;
export const MAX_FACT_ITEM = 512;
export const MAX_FACT_ITEMS = 128;
export const MAX_NOTE_TEXT = 256;
