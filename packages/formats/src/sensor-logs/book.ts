import {
  addConversations,
  addSightings,
  type Conversation,
  conversationKey,
  type Endpoint,
  endpointKey,
  type FactKind,
  type Facts,
  type LogLine,
  type Protection,
  type SensorBatch,
  type Sighting,
} from '@wardline/model';
import { LOG_CAUSES, LOG_ROWS } from '../limits.ts';

/** Keyed hashes of what must stay behind, as the sensor makes them. */
export interface LogRedactor {
  mark(value: string): string;
  knownDefault(user: string, secret: string): string | null;
}

/** The two sides of what a record is about, and when and where it stands. */
export interface Setting {
  client: Endpoint;
  server: Endpoint;
  transport: string;
  port: number | null;
  time: number;
  line: number;
}

/** As the sensor's own time slices. */
const SLICE = 300_000_000;
const NO_CONNECTIONS = { opened: 0, established: 0, refused: 0, unanswered: 0, closed: 0, reset: 0 };

export type Counted = Pick<
  Conversation,
  'basis' | 'packetsFromClient' | 'packetsFromServer' | 'bytesFromClient' | 'bytesFromServer' | 'connections'
> & {
  lastSeen: number;
  application: string | null;
  protection: Protection;
  facts?: Conversation['facts'];
};

export interface BookOptions {
  file: string;
  sensor: string;
  stream: string;
  redactor: LogRedactor;
}

/** What a log has said since the last batch; equal conversations and sightings are added up. */
export class LogBook {
  packets = 0;
  bytes = 0;
  first: number | null = null;
  last: number | null = null;
  readonly #options: BookOptions;
  #conversations = new Map<string, Conversation>();
  #sightings = new Map<string, Sighting>();
  #logs: LogLine[] = [];
  #dropped = new Map<string, number>();
  #counted = { packets: 0, bytes: 0 };
  #number = 0;

  constructor(options: BookOptions) {
    this.#options = options;
  }

  get full(): boolean {
    return [this.#conversations.size, this.#sightings.size, this.#logs.length].some(
      (rows) => rows >= LOG_ROWS,
    );
  }

  conversation(setting: Setting, counted: Counted): void {
    const row = this.#conversation(setting, counted);
    const key = `${conversationKey(row)}@${row.slice}`;
    const known = this.#conversations.get(key);
    this.#conversations.set(key, known ? addConversations(known, row) : row);
    this.#count(counted);
    this.#seen(setting.time, counted.lastSeen);
    for (const endpoint of [setting.client, setting.server]) this.#address(endpoint, setting, counted);
  }

  /** A line of a device's log, of so many bytes on the wire. */
  log(line: LogLine, bytes: number): void {
    this.#logs.push(line);
    this.#count({ packetsFromClient: 1, packetsFromServer: 0, bytesFromClient: bytes, bytesFromServer: 0 });
    this.#seen(line.at, line.at);
  }

  /** A record that names application and protection of a conversation that another log counts. */
  protects(setting: Setting, application: string, protection: Protection): void {
    const counts = { packetsFromClient: 0, packetsFromServer: 0, bytesFromClient: 0, bytesFromServer: 0 };
    const row = {
      ...counts,
      basis: 'protocol' as const,
      connections: NO_CONNECTIONS,
      lastSeen: setting.time,
    };
    this.conversation(setting, { ...row, application, protection });
  }

  sight<K extends FactKind>(
    kind: K,
    about: 'client' | 'server' | Endpoint,
    facts: Facts[K],
    setting: Setting,
  ): void {
    const subject = typeof about === 'string' ? setting[about] : about;
    const service = typeof about === 'string' ? serviceOf(setting) : null;
    this.#sighting({ kind, subject, service, peer: null, facts }, setting);
  }

  credential(
    use: { protocol: string; field: string; user: string | undefined; secret: string | undefined },
    setting: Setting,
    outcome: 'accepted' | 'refused' | 'unknown' = 'unknown',
  ): void {
    const { redactor } = this.#options;
    const facts: Facts['credential.cleartext'] = { protocol: use.protocol, field: use.field, outcome };
    if (use.user !== undefined) facts.userHash = redactor.mark(use.user);
    if (use.secret !== undefined) facts.secretHash = redactor.mark(use.secret);
    // A log may hide the secret: an empty one is no proof of a default that is empty.
    const known = use.secret ? redactor.knownDefault(use.user ?? '', use.secret) : null;
    if (known !== null) facts.knownDefault = known;
    const { client, server } = setting;
    const service = serviceOf(setting);
    this.#sighting({ kind: 'credential.cleartext', subject: server, service, peer: client, facts }, setting);
  }

  dropped(cause: string, count = 1): void {
    const name = this.#dropped.has(cause) || this.#dropped.size < LOG_CAUSES ? cause.slice(0, 40) : 'other';
    this.#dropped.set(name, (this.#dropped.get(name) ?? 0) + count);
  }

  /** What was said, in as many batches as it needs: of much that came at once one alone could not hold all. */
  *takeAll(last: boolean): Generator<SensorBatch> {
    const conversations = [...this.#conversations];
    while (conversations.length > LOG_ROWS) {
      this.#conversations = new Map(conversations.splice(0, LOG_ROWS));
      yield this.take(false);
    }
    this.#conversations = new Map(conversations);
    yield this.take(last);
  }

  take(last: boolean): SensorBatch {
    this.#number += 1;
    const { sensor, stream } = this.#options;
    const batch: SensorBatch = {
      sensor,
      stream,
      number: this.#number,
      last,
      conversations: [...this.#conversations.values()],
      sightings: [...this.#sightings.values()],
      ...(this.#logs.length === 0 ? {} : { logs: this.#logs }),
      statistics: { ...this.#counted, dropped: Object.fromEntries(this.#dropped), evicted: {} },
    };
    this.#conversations = new Map();
    this.#sightings = new Map();
    this.#logs = [];
    this.#dropped = new Map();
    this.#counted = { packets: 0, bytes: 0 };
    return batch;
  }

  #conversation({ client, server, transport, port, time, line }: Setting, counted: Counted): Conversation {
    return {
      ...counted,
      facts: counted.facts ?? {},
      client,
      server,
      transport,
      serverPort: port,
      slice: Math.floor(time / SLICE) * SLICE,
      firstSeen: time,
      evidence: { capture: this.#options.file, packet: line },
    };
  }

  /** A host that sent something was seen with its addresses, as the sensor says it. */
  #address(endpoint: Endpoint, setting: Setting, counted: Counted): void {
    const sent = endpoint === setting.client ? counted.packetsFromClient : counted.packetsFromServer;
    if (sent === 0 || endpoint.mac === null) return;
    this.#sighting(
      { kind: 'address.seen', subject: endpoint, service: null, peer: null, facts: {} },
      setting,
    );
  }

  #sighting(
    said: Pick<Sighting, 'kind' | 'subject' | 'service' | 'peer' | 'facts'>,
    { time, line }: Setting,
  ): void {
    const key = JSON.stringify([said.kind, endpointKey(said.subject), said.service, said.peer, said.facts]);
    const evidence = { capture: this.#options.file, packet: line };
    const sighting: Sighting = { ...said, marks: [], firstSeen: time, lastSeen: time, count: 1, evidence };
    const known = this.#sightings.get(key);
    this.#sightings.set(key, known ? addSightings(known, sighting) : sighting);
    this.#seen(time, time);
  }

  #count({
    packetsFromClient,
    packetsFromServer,
    bytesFromClient,
    bytesFromServer,
  }: Pick<Counted, 'packetsFromClient' | 'packetsFromServer' | 'bytesFromClient' | 'bytesFromServer'>): void {
    this.#counted.packets += packetsFromClient + packetsFromServer;
    this.#counted.bytes += bytesFromClient + bytesFromServer;
    this.packets += packetsFromClient + packetsFromServer;
    this.bytes += bytesFromClient + bytesFromServer;
  }

  #seen(first: number, last: number): void {
    this.first = Math.min(this.first ?? first, first);
    this.last = Math.max(this.last ?? last, last);
  }
}

function serviceOf({ transport, port }: Setting): Sighting['service'] {
  return (transport === 'tcp' || transport === 'udp') && port !== null ? { transport, port } : null;
}
