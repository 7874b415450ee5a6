import type { Reporter, Side, StreamSession } from '../../dissector.ts';
import { FrameReader } from './framing.ts';
import { AstmMessage } from './message.ts';
import { AstmRecord, type Delimiters, RecordAssembler, readDelimiters } from './records.ts';

/** Fields that name a patient, by record type (LIS2-A2 §7, §8, §11); operators and physicians are not reported. */
const patientFields: Readonly<Record<string, readonly number[]>> = {
  P: [3, 4, 5, 6, 7, 8, 9, 11, 13, 18],
  O: [3, 4],
  Q: [3],
};

/** What the receiver did for the sender, by the record that asked for it. */
const operations: readonly (readonly [type: string, operation: string])[] = [
  ['R', 'results'],
  ['Q', 'query'],
  ['O', 'orders'],
];

interface Direction {
  reader: FrameReader;
  assembler: RecordAssembler;
  delimiters: Delimiters | null;
  message: AstmMessage | null;
  /** The message that the other side has not answered yet, or the latest. */
  asked: AstmMessage | null;
}

/** One connection between an instrument and an information system; either may have opened it. */
export class AstmSession implements StreamSession {
  readonly #report: Reporter;
  readonly #directions: Record<Side, Direction>;
  readonly #served = new Set<string>();

  constructor(report: Reporter) {
    this.#report = report;
    this.#directions = { client: this.#newDirection('client'), server: this.#newDirection('server') };
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    this.#directions[from].reader.read(bytes);
    return bytes.length;
  }

  onGap(from: Side): boolean {
    const { reader, assembler } = this.#directions[from];
    reader.resynchronise();
    assembler.reset();
    return true;
  }

  onEnd(): void {
    this.#endMessage('client');
    this.#endMessage('server');
  }

  #newDirection(from: Side): Direction {
    const assembler = new RecordAssembler();
    const reader = new FrameReader({
      text: (text, last) => assembler.take(text, last, (record) => this.#record(from, record)),
      answer: (accepted) => this.#answer(from, accepted),
      end: () => this.#endMessage(from),
      fault: (cause) => this.#report.malformed(cause),
    });
    return { reader, assembler, delimiters: null, message: null, asked: null };
  }

  #record(from: Side, text: string): void {
    const direction = this.#directions[from];
    if (text.startsWith('H')) direction.delimiters = readDelimiters(text);
    if (direction.delimiters === null) this.#report.malformed('astm-delimiters');
    else this.#take(from, new AstmRecord(text, direction.delimiters));
  }

  #take(from: Side, record: AstmRecord): void {
    if (record.type === 'H') this.#header(from, record);
    else this.#directions[from].message?.take(record);
    this.#phi(from, record);
    if (record.type === 'L') this.#endMessage(from);
  }

  #header(from: Side, record: AstmRecord): void {
    this.#endMessage(from);
    const message = new AstmMessage(record);
    Object.assign(this.#directions[from], { message, asked: message });
    if (message.password.trim() === '') return;
    const use = { protocol: 'astm', field: 'H-4', user: null, secret: message.password };
    this.#report.credential({ ...use, acceptedBy: otherSide(from), outcome: 'unknown' });
  }

  #phi(from: Side, record: AstmRecord): void {
    for (const number of patientFields[record.type] ?? []) {
      for (const value of record.repetitions(number)) {
        if (!/^\W*ALL\W*$/i.test(value)) this.#report.phi('astm', `${record.type}-${number}`, from, value);
      }
    }
  }

  /** ACK says that a frame was taken (LIS01-A2 §6.3.4); nothing below or in the records proves who sent it. */
  #answer(from: Side, accepted: boolean): void {
    const { asked } = this.#directions.client;
    if (!accepted || from !== 'server' || asked === null || asked.password.trim() !== '') return;
    for (const [type, operation] of operations) if (asked.has(type)) this.#serve(operation);
  }

  #serve(operation: string): void {
    if (this.#served.has(operation)) return;
    this.#served.add(operation);
    this.#report.sight('service.unauthenticated', 'server', { protocol: 'astm', operation });
  }

  #endMessage(from: Side): void {
    const direction = this.#directions[from];
    if (direction.message === null) return;
    this.#report.sight('astm.endpoint', from, direction.message.facts, { peer: otherSide(from) });
    direction.message = null;
  }
}

function otherSide(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}
