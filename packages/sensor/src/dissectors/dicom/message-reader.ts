import type { Reporter, Side } from '../../dissector.ts';
import type { AssociationState } from './association-state.ts';
import { C_STORE_RQ, type Command, N_CREATE_RQ, parseCommand } from './command.ts';
import { PERFORMED_PROCEDURE_STEP } from './elements.ts';
import { MAX_COMMAND } from './limits.ts';
import { type DatasetKind, ObjectReader } from './object-reader.ts';
import type { PdvHeader } from './pdu.ts';

/** Puts the fragments of one direction together to commands and datasets (PS3.8 annex E). */
export class MessageReader {
  readonly #from: Side;
  readonly #association: AssociationState;
  readonly #report: Reporter;
  #header: PdvHeader | null = null;
  #commandBytes: Uint8Array[] = [];
  #commandLength = 0;
  #command: Command | null = null;
  #object: ObjectReader | null = null;
  #stated = false;

  constructor(from: Side, association: AssociationState, report: Reporter) {
    this.#from = from;
    this.#association = association;
    this.#report = report;
  }

  /** A fragment begins. */
  open(header: PdvHeader): void {
    this.#header = header;
    if (header.isCommand || this.#object !== null || this.#command === null) return;
    const encoding = this.#association.encoding(header.context);
    this.#stated = false;
    this.#object = new ObjectReader(kindOf(this.#command), encoding, this.#from, this.#report);
  }

  /** How many bytes of this fragment need not be pushed. */
  get unwanted(): number {
    if (this.#header?.isCommand === true) return 0;
    return this.#object?.reader.unwanted ?? Number.MAX_SAFE_INTEGER;
  }

  skip(length: number): void {
    this.#object?.reader.skip(length);
  }

  push(bytes: Uint8Array): void {
    if (this.#header?.isCommand === true) this.#pushCommand(bytes);
    else if (this.#object !== null) {
      this.#object.reader.push(bytes);
      if (this.#object.reader.done) this.#state();
    }
  }

  /** The fragment has ended. */
  close(): void {
    if (this.#header?.isLast !== true) return;
    if (this.#header.isCommand) this.#closeCommand();
    else this.finish();
  }

  /** Bytes of this fragment were lost: what was read before them stands, what follows can't be placed. */
  lost(): void {
    if (this.#header?.isCommand === true) this.#dropCommand();
    this.#object?.reader.abandon();
  }

  /** Ends the dataset, wherever it stands, and states what it said. */
  finish(): void {
    this.#state();
    this.#object = null;
    this.#command = null;
  }

  /** At once when the leading elements are read, so that the evidence is their packet and not the last one's. */
  #state(): void {
    if (this.#stated || this.#object === null || this.#command === null) return;
    this.#stated = true;
    if (this.#object.reader.damaged) this.#report.malformed('dicom-dataset');
    this.#association.object(this.#from, this.#object.object, this.#command);
  }

  #pushCommand(bytes: Uint8Array): void {
    this.#commandLength += bytes.length;
    if (this.#commandLength <= MAX_COMMAND) this.#commandBytes.push(new Uint8Array(bytes));
    else this.#commandBytes = [];
  }

  #closeCommand(): void {
    const whole = this.#commandLength <= MAX_COMMAND ? joined(this.#commandBytes, this.#commandLength) : null;
    const complete = whole !== null && this.#commandLength > 0;
    this.#dropCommand();
    this.finish();
    const command = complete ? parseCommand(whole) : null;
    if (command === null) {
      this.#report.malformed('dicom-command');
      return;
    }
    this.#association.answered(this.#from, command);
    this.#command = command.hasDataset ? command : null;
  }

  #dropCommand(): void {
    this.#commandBytes = [];
    this.#commandLength = 0;
  }
}

function kindOf(command: Command): DatasetKind {
  if (command.field === C_STORE_RQ) return 'object';
  const isStep = command.field === N_CREATE_RQ && command.sopClass === PERFORMED_PROCEDURE_STEP;
  return isStep ? 'step' : 'keys';
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
