import { z } from 'zod';
import { endpointSchema } from './endpoint.ts';
import { evidenceSchema } from './evidence.ts';

/** How the bytes of a conversation were protected, as far as the wire shows. `unknown`: nothing recognisable passed. */
export const protections = [
  'unknown',
  'clear',
  'ssl2',
  'ssl3',
  'tls1.0',
  'tls1.1',
  'tls1.2',
  'tls1.3',
  'dtls',
  'ssh1',
  'ssh2',
  'ipsec',
  'encrypted',
] as const;
export type Protection = (typeof protections)[number];

/** What told client and server apart, best first. */
export const directionBases = ['syn', 'protocol', 'service', 'port', 'order'] as const;
export type DirectionBasis = (typeof directionBases)[number];

/** `tcp`, `udp`, `icmp`, `icmpv6`, `sctp`, or `ip-N` with the number of the protocol. */
export const transportSchema = z.string().regex(/^(tcp|udp|icmp|icmpv6|sctp|ip-\d{1,3})$/);

const counter = z.int().min(0);

/**
 * A client's use of one service of a server in one time slice; all client ports together. Counters add up: what a
 * sensor emits for the same client, server, service and slice later is more of the same conversation. Bytes are whole
 * frames as they were on the wire, link layer included, not what a snap length left of them.
 */
export const conversationSchema = z.object({
  client: endpointSchema,
  server: endpointSchema,
  /** Null where the transport has no ports. */
  serverPort: z.int().min(0).max(65_535).nullable(),
  transport: transportSchema,
  /** The dissector's name that recognised it by content; null where none did. */
  application: z.string().max(32).nullable(),
  protection: z.enum(protections),
  basis: z.enum(directionBases),
  /** Start of the slice. */
  slice: z.int(),
  firstSeen: z.int(),
  lastSeen: z.int(),
  packetsFromClient: counter,
  packetsFromServer: counter,
  bytesFromClient: counter,
  bytesFromServer: counter,
  /** TCP connections (or UDP port pairs) by what became of them; zero for transports without ports. */
  connections: z.object({
    opened: counter,
    established: counter,
    refused: counter,
    unanswered: counter,
    closed: counter,
    reset: counter,
  }),
  /** A few facts a person wants beside it (SNI, called AE title), bounded. */
  facts: z.record(z.string().max(40), z.union([z.string().max(256), z.number(), z.boolean()])),
  evidence: evidenceSchema,
});
export type Conversation = z.infer<typeof conversationSchema>;

/** Conversations with the same key are added up. */
export function conversationKey(
  c: Pick<Conversation, 'client' | 'server' | 'serverPort' | 'transport'>,
): string {
  const { client, server } = c;
  return `${client.mac}|${client.ip}|${client.vlan}>${server.mac}|${server.ip}|${server.vlan}:${c.transport}/${c.serverPort}`;
}

/** `later` continues `earlier`: counters add up, the later word on application and protection counts where it says one. */
export function addConversations(earlier: Conversation, later: Conversation): Conversation {
  const connections = { ...earlier.connections };
  for (const key of Object.keys(connections) as (keyof typeof connections)[])
    connections[key] += later.connections[key];
  const first = later.firstSeen < earlier.firstSeen ? later : earlier;
  return {
    ...earlier,
    application: later.application ?? earlier.application,
    protection: later.protection === 'unknown' ? earlier.protection : later.protection,
    firstSeen: first.firstSeen,
    lastSeen: Math.max(earlier.lastSeen, later.lastSeen),
    packetsFromClient: earlier.packetsFromClient + later.packetsFromClient,
    packetsFromServer: earlier.packetsFromServer + later.packetsFromServer,
    bytesFromClient: earlier.bytesFromClient + later.bytesFromClient,
    bytesFromServer: earlier.bytesFromServer + later.bytesFromServer,
    connections,
    facts: { ...earlier.facts, ...later.facts },
    evidence: first.evidence,
  };
}
