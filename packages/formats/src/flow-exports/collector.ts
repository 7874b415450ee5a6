import { FLOW_DOMAINS } from '../limits.ts';
import type { LogBook } from '../sensor-logs/book.ts';
import { type Flow, flowOf } from './flow.ts';
import { type ExportMessage, type ExportSet, readMessage, versionOf, viewOf } from './message.ts';
import { FlowPairs } from './pairs.ts';
import { readRecord, type Values } from './record.ts';
import { Sampling } from './sampling.ts';
import { Sequence } from './sequence.ts';
import { isTemplateSet, readTemplates, type Template, Templates } from './template.ts';
import { readV5 } from './v5.ts';

/** What is known of one exporter's domain (or engine): it numbers its messages and its templates by itself. */
class Domain {
  readonly templates = new Templates();
  readonly sampling = new Sampling();
  readonly sequence: Sequence;
  upTime = 0;
  initMillis: number | null = null;
  notSent: number | null = null;

  constructor(version: number) {
    this.sequence = new Sequence(version === 10);
  }

  forget(): void {
    this.templates.clear();
    this.sampling.clear();
    this.initMillis = null;
    this.notSent = null;
  }
}

/** Who sent a message: the exporter's address (null in a file), and what tells its session apart from all others. */
export interface Sender {
  exporter: string | null;
  session: string;
}

/** How the messages came: over UDP, where templates cannot be withdrawn, or in a file. */
export type Carriage = 'datagram' | 'file';

/** A clock that went back by more than messages overtake each other: the exporter started anew. */
const RESTART_MILLIS = 60_000;
const FIRST_DATA_SET = 256;

/**
 * Takes messages of NetFlow v5 and v9 and of IPFIX from any number of exporters, and writes their flows down as conversations.
 * Every byte may be hostile: what cannot be used is counted by its cause, and memory is bounded.
 */
export class FlowCollector {
  messages = 0;
  flows = 0;
  restarts = 0;
  readonly versions = new Set<number>();
  readonly #book: LogBook;
  readonly #carriage: Carriage;
  readonly #pairs: FlowPairs;
  readonly #domains = new Map<string, Domain>();

  constructor(book: LogBook, carriage: Carriage) {
    this.#book = book;
    this.#carriage = carriage;
    this.#pairs = new FlowPairs(book);
  }

  /** Takes one message. Returns false where it is of no known kind. */
  take(sender: Sender, bytes: Uint8Array): boolean {
    this.messages += 1;
    const version = versionOf(bytes);
    const isKnown = version === 5 ? this.#takeV5(sender, bytes) : this.#takeSets(sender, bytes);
    if (isKnown) this.versions.add(version);
    else this.#book.dropped('not-a-flow-export');
    return isKnown;
  }

  /** Nothing more will come: writes down what waited, and counts what is missing. */
  end(): void {
    this.#pairs.end();
    for (const [key, { sequence }] of this.#domains) this.#lost(Number(key.split('|', 1)[0]), sequence.end());
  }

  #takeV5(sender: Sender, bytes: Uint8Array): boolean {
    const message = readV5(viewOf(bytes));
    if (message === null) return false;
    const { engine, sequence, count, upTime, flows, damaged } = message;
    const domain = this.#domain(5, sender.session, engine);
    this.#number(domain, 5, { sequence, units: count, upTime });
    if (damaged) this.#book.dropped('damaged-message');
    for (const flow of flows) this.#flow(flow, sender);
    return true;
  }

  #takeSets(sender: Sender, bytes: Uint8Array): boolean {
    const message = readMessage(bytes);
    if (message === null) return false;
    const { version, sequence, upTime } = message;
    const domain = this.#domain(version, sender.session, message.domain);
    // Before its templates are used: those of the time before a restart mean something else.
    if (isRestart(domain.upTime, upTime)) domain.forget();
    if (message.damaged) this.#book.dropped('damaged-message');
    const { records, options } = this.#sets(viewOf(bytes), message, domain, sender);
    const counted = version === 9 ? { units: 1 } : { units: records, slack: options };
    this.#number(domain, version, { sequence, upTime, ...counted });
    return true;
  }

  /** Returns how many data records there were, null where a set of unknown template hides it, and how many of options. */
  #sets(
    view: DataView,
    message: ExportMessage,
    domain: Domain,
    sender: Sender,
  ): { records: number | null; options: number } {
    let [records, options, isWhole] = [0, 0, true];
    for (const set of message.sets) {
      if (isTemplateSet(set.id, message.version)) this.#learn(view, set, message, domain);
      if (set.id < FIRST_DATA_SET) continue;
      const template = domain.templates.get(set.id);
      isWhole &&= template !== undefined;
      if (template === undefined) this.#book.dropped('set-without-template');
      const found = template === undefined ? 0 : this.#data(view, set, template, message, domain, sender);
      records += found;
      if ((template?.scopes ?? 0) > 0) options += found;
    }
    return { records: isWhole ? records : null, options };
  }

  #learn(view: DataView, set: ExportSet, { version }: ExportMessage, { templates }: Domain): void {
    const said = readTemplates(view, set, version);
    if (said.damaged > 0) this.#book.dropped('damaged-template', said.damaged);
    // RFC 7011 §8.4: over UDP templates are not withdrawn, they are replaced.
    if (said.withdrawn.length > 0 && (version === 9 || this.#carriage === 'datagram'))
      this.#book.dropped('withdrawal-over-udp', said.withdrawn.length);
    else for (const id of said.withdrawn) templates.withdraw(id);
    for (const template of said.templates) templates.learn(template);
  }

  #data(
    view: DataView,
    { start, end }: ExportSet,
    template: Template,
    message: ExportMessage,
    domain: Domain,
    sender: Sender,
  ): number {
    let count = 0;
    for (let at = start; end - at >= template.shortest; ) {
      const record = readRecord(view, at, end, template);
      if (record === null) {
        this.#book.dropped('damaged-record');
        break;
      }
      count += 1;
      at = record.next;
      if (template.scopes > 0) this.#options(record.values, domain);
      else this.#record(record.values, message, domain, sender);
    }
    return count;
  }

  #options(values: Values, domain: Domain): void {
    domain.sampling.learn(values);
    if (typeof values.initMillis === 'number') domain.initMillis = values.initMillis;
    // RFC 7011 §4.3: what the exporter itself had to leave out, since it began.
    const { notSentFlows: total } = values;
    if (typeof total !== 'number') return;
    const more = total - (domain.notSent ?? total);
    if (more > 0) this.#book.dropped('exporter-not-sent', more);
    domain.notSent = total;
  }

  #record(values: Values, message: ExportMessage, domain: Domain, sender: Sender): void {
    const { exported, upTime } = message;
    const initMillis = typeof values.initMillis === 'number' ? values.initMillis : domain.initMillis;
    const flow = flowOf(values, { exported, upTime, initMillis, sampledOneIn: domain.sampling.of(values) });
    if (flow === null) this.#book.dropped('unusable-record');
    else this.#flow(flow, sender);
  }

  #flow(flow: Flow, sender: Sender): void {
    this.flows += 1;
    this.#pairs.take(flow, { ...sender, message: this.messages });
  }

  #number(
    domain: Domain,
    version: number,
    {
      sequence,
      units,
      slack = 0,
      upTime,
    }: { sequence: number; units: number | null; slack?: number; upTime: number | null },
  ): void {
    const isAnew = isRestart(domain.upTime, upTime);
    const { restarted, lost } = isAnew
      ? domain.sequence.restart(sequence, units)
      : domain.sequence.take(sequence, units, slack);
    domain.upTime = isAnew ? (upTime ?? 0) : Math.max(domain.upTime, upTime ?? 0);
    if (restarted) this.restarts += 1;
    if (restarted && !isAnew && version !== 10) domain.forget();
    this.#lost(version, lost);
  }

  #lost(version: number, count: number): void {
    const unit = version === 5 ? 'lost-flows' : version === 9 ? 'lost-flow-messages' : 'lost-flow-records';
    if (count > 0) this.#book.dropped(unit, count);
  }

  #domain(version: number, session: string, id: number): Domain {
    const key = `${version}|${session}|${id}`;
    const domain = this.#domains.get(key) ?? new Domain(version);
    this.#domains.delete(key);
    this.#domains.set(key, domain);
    if (this.#domains.size > FLOW_DOMAINS) {
      const [oldest] = this.#domains.keys();
      if (oldest !== undefined) this.#domains.delete(oldest);
    }
    return domain;
  }
}

/** Over 32 bits of milliseconds the clock begins again by itself, after 49.7 days. */
function isRestart(before: number, now: number | null): boolean {
  if (now === null || before === 0) return false;
  return before - now > RESTART_MILLIS && before - now < 2 ** 31;
}
