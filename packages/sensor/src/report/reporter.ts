import {
  type Endpoint,
  type FactKind,
  type Facts,
  MARKS_PER_SIGHTING,
  type Protection,
} from '@wardline/model';
import type { CredentialUse, FrameReporter, Reporter, Side, SightExtra, Surroundings } from '../dissector.ts';
import { MAX_NOTE_TEXT } from '../limits.ts';
import type { Redactor } from '../redactor.ts';
import type { Recent } from './recent.ts';
import {
  type ConversationFacts,
  firmerProtection,
  type Observation,
  type ObservationSink,
  type Service,
} from './sink.ts';

/** Fields of one conversation that are remembered: HL7 has some eighty that name a person. */
const MOST_FIELDS = 128;

/** What all reporters of one sensor share. */
export interface ReportContext {
  redact: Redactor;
  sink: ObservationSink;
  malformed: (cause: string) => void;
  maxNotes: number;
  /** Time of the packet that is read, µs. */
  now: () => number;
}

/** The reporter of one conversation: turns sides into endpoints, and secrets and PHI into keyed hashes. */
export class ConversationReporter implements Reporter {
  readonly redact: Redactor;
  readonly #context: ReportContext;
  readonly #around: Surroundings;
  readonly #service: Service;
  readonly #about: ConversationFacts;
  readonly #recent: Recent | null;
  /** By field; the same object each time, so that it is found again by itself. */
  #phiFacts: Map<string, Facts['phi.cleartext']> | null = null;

  /** `recent` only where the reporter lives as long as its conversation. */
  constructor(
    context: ReportContext,
    around: Surroundings,
    transport: 'tcp' | 'udp',
    about: ConversationFacts,
    recent: Recent | null = null,
  ) {
    this.redact = context.redact;
    this.#context = context;
    this.#around = around;
    this.#service = { transport, port: around.serverPort };
    this.#about = about;
    this.#recent = recent;
  }

  sight<K extends FactKind>(kind: K, about: Side | Endpoint, facts: Facts[K], extra?: SightExtra): void {
    const observation: Observation = {
      kind,
      subject: this.#endpoint(about),
      // The service belongs to the two sides; a host that is only spoken of does not offer it.
      service: typeof about === 'string' ? this.#service : null,
      peer: extra?.peer === undefined ? null : this.#endpoint(extra.peer),
      facts: facts as Observation['facts'],
    };
    const kept = this.#context.sink(observation, this.#recent);
    if (kept && extra?.marks) this.#mark(kept.marks, extra.marks);
  }

  phi(protocol: string, field: string, from: Side, value: Uint8Array | string): void {
    if (value.length === 0) return;
    const facts = this.#phiFactsOf(protocol, field);
    this.sight('phi.cleartext', from, facts, { peer: otherSide(from), marks: [value] });
  }

  credential(use: CredentialUse): void {
    const { protocol, field, outcome, acceptedBy } = use;
    const facts: Facts['credential.cleartext'] = { protocol, field, outcome };
    if (use.user !== null) facts.userHash = this.redact.mark(use.user);
    if (use.secret !== null) facts.secretHash = this.redact.mark(use.secret);
    const known = this.redact.knownDefault(plain(use.user), plain(use.secret));
    if (known !== null) facts.knownDefault = known;
    this.sight('credential.cleartext', acceptedBy, facts, { peer: otherSide(acceptedBy) });
  }

  clock(source: Facts['clock.offset']['source'], of: Side, told: number): void {
    const seconds = offsetSeconds(told, this.#context.now());
    if (seconds !== 0) this.sight('clock.offset', of, { source, seconds });
  }

  application(name: string): void {
    this.#about.application = name;
  }

  protection(protection: Protection): void {
    this.#about.protection = firmerProtection(this.#about.protection, protection);
  }

  note(name: string, value: string | number | boolean): void {
    const { notes } = this.#about;
    if (notes.size >= this.#context.maxNotes && !notes.has(name)) return;
    notes.set(name, typeof value === 'string' ? value.slice(0, MAX_NOTE_TEXT) : value);
  }

  malformed(cause: string): void {
    this.#context.malformed(cause);
  }

  #phiFactsOf(protocol: string, field: string): Facts['phi.cleartext'] {
    this.#phiFacts ??= new Map();
    const known = this.#phiFacts.get(field);
    if (known?.protocol === protocol) return known;
    const facts = { protocol, field };
    if (this.#phiFacts.size < MOST_FIELDS) this.#phiFacts.set(field, facts);
    return facts;
  }

  /** What would not be kept is not hashed. */
  #mark(marks: string[], values: readonly (Uint8Array | string)[]): void {
    for (const value of values) {
      if (marks.length >= MARKS_PER_SIGHTING) return;
      const mark = this.redact.mark(value);
      if (!marks.includes(mark)) marks.push(mark);
    }
  }

  #endpoint(about: Side | Endpoint): Endpoint {
    if (about === 'client') return this.#around.client;
    return about === 'server' ? this.#around.server : about;
  }
}

/** Below two seconds the way through the network, and HTTP's whole seconds, explain it. Rounded, so that equal facts stay equal. */
function offsetSeconds(told: number, now: number): number {
  const seconds = (told - now) / 1_000_000;
  return Math.abs(seconds) < 2 ? 0 : Number(seconds.toPrecision(2));
}

/** The reporter below IP. */
export class BareFrameReporter implements FrameReporter {
  readonly #context: ReportContext;

  constructor(context: ReportContext) {
    this.#context = context;
  }

  sight<K extends FactKind>(kind: K, about: Endpoint, facts: Facts[K]): void {
    const observation = { kind, subject: about, service: null, peer: null };
    this.#context.sink({ ...observation, facts: facts as Observation['facts'] }, null);
  }

  malformed(cause: string): void {
    this.#context.malformed(cause);
  }
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}

const utf8 = new TextDecoder();

function plain(value: Uint8Array | string | null): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : utf8.decode(value);
}
