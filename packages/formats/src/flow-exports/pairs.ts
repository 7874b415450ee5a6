import type { Conversation } from '@wardline/model';
import { FLOW_PENDING, FLOW_PENDING_MICROS } from '../limits.ts';
import type { LogBook } from '../sensor-logs/book.ts';
import { directionOf, isGroup, Services } from './direction.ts';
import type { Flow, Half } from './flow.ts';

/** Where a flow was told: by whom, and the message's number in the file or since listening began. */
export interface Told {
  exporter: string | null;
  session: string;
  message: number;
}

interface Pending extends Told {
  flow: Flow;
}

/** Exporters count from the IP header on; a frame has the Ethernet header before it, with a tag where there is a VLAN. */
const ETHERNET = 14;
const TAG = 4;
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp' };
const WITH_PORTS: readonly string[] = ['tcp', 'udp', 'sctp'];

/**
 * Joins the two directions of each flow, which most exporters tell apart, and writes them down as conversations. A direction
 * waits for the other for a bounded time, by the exporters' clocks, and then stands alone.
 */
export class FlowPairs {
  readonly #book: LogBook;
  readonly #services = new Services();
  /** By the five values that both directions share; in one place of the network, or in several that tell them alike. */
  readonly #pending = new Map<string, Pending[]>();
  #waiting = 0;
  #latest = 0;

  constructor(book: LogBook) {
    this.#book = book;
  }

  take(flow: Flow, told: Told): void {
    this.#latest = Math.max(this.#latest, flow.end);
    if (flow.back !== null) this.#write({ flow, ...told }, { ...flow.back, start: flow.start });
    else if (!this.#answers(flow, told, true)) this.#wait({ flow, ...told });
    this.#expire();
  }

  /** Writes down what still waits. */
  end(): void {
    for (const key of this.#pending.keys()) this.#settle(key, Number.NEGATIVE_INFINITY);
  }

  /** Joins a flow with one that waits for it; on the same VLAN first, since a trunk shows a routed flow on both of its own. */
  #answers(flow: Flow, { session }: Told, onSameVlan: boolean): boolean {
    const key = keyOf(session, reversed(flow));
    const waiting = this.#pending.get(key) ?? [];
    const at = waiting.findIndex(
      (other) => overlap(other.flow, flow) && (!onSameVlan || other.flow.vlan === flow.vlan),
    );
    const [other] = at < 0 ? [] : waiting.splice(at, 1);
    if (other === undefined) return false;
    if (waiting.length === 0) this.#pending.delete(key);
    this.#waiting -= 1;
    const joined = { ...other.flow, end: Math.max(other.flow.end, flow.end) };
    this.#write({ ...other, flow: joined }, { ...flow.out, start: flow.start });
    return true;
  }

  #wait(pending: Pending): void {
    const key = keyOf(pending.session, pending.flow);
    const waiting = this.#pending.get(key) ?? [];
    waiting.push(pending);
    this.#pending.set(key, waiting);
    this.#waiting += 1;
  }

  #expire(): void {
    const before = this.#latest - FLOW_PENDING_MICROS;
    for (const [key, [oldest]] of this.#pending) {
      if (this.#waiting > FLOW_PENDING) this.#settle(key, Number.NEGATIVE_INFINITY);
      else if (oldest !== undefined && oldest.flow.end < before) this.#settle(key, before);
      else return;
    }
  }

  /** Ends the waiting of those of a key that ended before; with -∞, of all of it. */
  #settle(key: string, before: number): void {
    const waiting = this.#pending.get(key) ?? [];
    this.#pending.delete(key);
    this.#waiting -= waiting.length;
    const isOver = ({ flow }: Pending) => before === Number.NEGATIVE_INFINITY || flow.end < before;
    for (const pending of waiting.filter(isOver))
      if (!this.#answers(pending.flow, pending, false)) this.#write(pending, null);
    const others = waiting.filter((pending) => !isOver(pending));
    if (others.length > 0) this.#pending.set(key, others);
    this.#waiting += others.length;
  }

  #write({ flow, exporter, message }: Pending, back: (Half & { start: number }) | null): void {
    this.#services.used(flow);
    const { sourceIsClient, basis } = directionOf(flow, back, this.#services);
    const none = { packets: 0, octets: 0, flags: null };
    const [client, server] = sourceIsClient ? [flow.out, back ?? none] : [back ?? none, flow.out];
    const transport = NAMES[flow.protocol] ?? `ip-${flow.protocol}`;
    const hasPorts = WITH_PORTS.includes(transport);
    const start = Math.min(flow.start, back?.start ?? flow.start);
    const ends = endsOf(flow, sourceIsClient);
    const frame = ETHERNET + (flow.vlan === null ? 0 : TAG);
    this.#book.conversation(
      {
        client: ends.client,
        server: ends.server,
        transport,
        port: hasPorts ? ends.port : null,
        time: start,
        line: message,
      },
      {
        packetsFromClient: client.packets,
        packetsFromServer: server.packets,
        bytesFromClient: client.octets + frame * client.packets,
        bytesFromServer: server.octets + frame * server.packets,
        connections: outcome(transport, client, server, {
          oneIn: flow.sampledOneIn,
          toGroup: isGroup(flow.destination),
        }),
        basis,
        lastSeen: flow.end,
        application: null,
        protection: 'unknown',
        facts: factsOf(exporter, flow),
      },
    );
  }
}

function factsOf(exporter: string | null, { sampledOneIn }: Flow): Conversation['facts'] {
  return { ...(exporter === null ? {} : { exporter }), ...(sampledOneIn > 1 ? { sampledOneIn } : {}) };
}

function keyOf(session: string, flow: Flow): string {
  const { protocol, source, sourcePort, destination, destinationPort } = flow;
  const ports = protocol === 1 || protocol === 58 ? '' : `${sourcePort}|${destinationPort}`;
  return `${session}|${protocol}|${source}|${destination}|${ports}`;
}

function reversed(flow: Flow): Flow {
  const { source, destination, sourcePort, destinationPort } = flow;
  return {
    ...flow,
    source: destination,
    destination: source,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
  };
}

/** Two directions of one flow were there at the same time, but for the minute by which a switch closes one later. */
function overlap(a: Flow, b: Flow): boolean {
  return a.start <= b.end + FLOW_PENDING_MICROS / 2 && b.start <= a.end + FLOW_PENDING_MICROS / 2;
}

function endsOf(
  flow: Flow,
  sourceIsClient: boolean,
): Pick<Conversation, 'client' | 'server'> & { port: number } {
  const source = { mac: flow.sourceMac, ip: flow.source, vlan: flow.vlan };
  const destination = { mac: flow.destinationMac, ip: flow.destination, vlan: flow.vlan };
  return sourceIsClient
    ? { client: source, server: destination, port: flow.destinationPort }
    : { client: destination, server: source, port: flow.sourcePort };
}

function outcome(
  transport: string,
  client: Half,
  server: Half,
  { oneIn, toGroup }: { oneIn: number; toGroup: boolean },
): Conversation['connections'] {
  const none = { opened: 0, established: 0, refused: 0, unanswered: 0, closed: 0, reset: 0 };
  if (!WITH_PORTS.includes(transport)) return none;
  const both = client.packets > 0 && server.packets > 0;
  // Of a sample nobody can say what was not answered, and a group need not answer.
  if (oneIn > 1) return { ...none, opened: 1, established: both ? 1 : 0 };
  if (transport === 'tcp') return { ...none, ...tcpOutcome(client, server, both) };
  const unanswered = transport === 'udp' && !both && !toGroup ? 1 : 0;
  return { ...none, opened: 1, established: both ? 1 : 0, unanswered };
}

/** What became of a TCP connection, by the flags that both sides sent. Without flags, by who sent at all. */
function tcpOutcome(client: Half, server: Half, both: boolean): Partial<Conversation['connections']> {
  const [asked, answered] = [client.flags ?? SYN, server.flags ?? (client.flags === null ? SYN : 0)];
  const opened = (asked & SYN) === 0 ? 0 : 1;
  if (both && (answered & RST) !== 0 && (answered & SYN) === 0 && opened === 1) return { opened, refused: 1 };
  const reset = ((asked | answered) & RST) === 0 ? 0 : 1;
  const closed = (asked & answered & FIN) === 0 ? 0 : 1;
  const answeredAtAll = both || ((asked | answered) & ACK) !== 0;
  if (!answeredAtAll) return { opened, unanswered: opened, reset };
  return { opened, established: 1, closed, reset };
}
