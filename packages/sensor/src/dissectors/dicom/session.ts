import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { parseAssociation } from './association.ts';
import { AssociationState } from './association-state.ts';
import { MessageReader } from './message-reader.ts';
import {
  A_ABORT,
  A_ASSOCIATE_AC,
  A_ASSOCIATE_RJ,
  A_ASSOCIATE_RQ,
  A_RELEASE_RP,
  P_DATA_TF,
  PDU_HEADER,
  PDV_HEADER,
  readPduHeader,
  readPdvHeader,
} from './pdu.ts';

/** Where one direction stands: bytes left of its P-DATA PDU, and of the fragment in it. */
interface Direction {
  pduLeft: number;
  pdvLeft: number;
  messages: MessageReader;
}

/** One connection of the DICOM upper layer (PS3.8): associations one behind the other, with their messages. */
export class DicomSession implements StreamSession {
  readonly #report: Reporter;
  readonly #association: AssociationState;
  readonly #directions: Record<Side, Direction>;

  constructor(report: Reporter) {
    this.#report = report;
    this.#association = new AssociationState(report);
    this.#directions = { client: this.#direction('client'), server: this.#direction('server') };
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    const direction = this.#directions[from];
    if (direction.pdvLeft > 0) return this.#fragment(direction, bytes);
    return direction.pduLeft > 0 ? this.#pdv(direction, bytes) : this.#pdu(from, bytes);
  }

  /** A gap within a fragment costs the message; anywhere else the PDUs can't be found again. */
  onGap(from: Side, length: number): boolean {
    const direction = this.#directions[from];
    if (direction.pdvLeft < length) return false;
    direction.messages.lost();
    this.#passed(direction, length);
    return true;
  }

  onEnd(): void {
    this.#directions.client.messages.finish();
    this.#directions.server.messages.finish();
    this.#association.end('requested');
  }

  #pdu(from: Side, bytes: Uint8Array): number {
    const header = readPduHeader(bytes);
    if (header === null) return 0;
    if (header === 'invalid') return this.#leave('dicom-pdu');
    const { type, length } = header;
    if (type === P_DATA_TF) {
      this.#directions[from].pduLeft = length;
      return PDU_HEADER;
    }
    const total = PDU_HEADER + length;
    if (bytes.length < total) return 0;
    return this.#control(from, type, bytes.subarray(PDU_HEADER, total))
      ? total
      : this.#leave('dicom-associate');
  }

  #control(from: Side, type: number, body: Uint8Array): boolean {
    if (type === A_ASSOCIATE_RQ || type === A_ASSOCIATE_AC) {
      const parsed = parseAssociation(body);
      if (parsed === null) return false;
      if (type === A_ASSOCIATE_RQ) this.#association.requested(from, parsed);
      else this.#association.accepted(from, parsed);
    } else if (type === A_ASSOCIATE_RJ) this.#association.rejected(from, body[2] ?? 0, body[3] ?? 0);
    else if (type === A_ABORT) this.#association.end('aborted');
    else if (type === A_RELEASE_RP) this.#association.end('requested');
    return true;
  }

  #pdv(direction: Direction, bytes: Uint8Array): number {
    const header = readPdvHeader(bytes, direction.pduLeft);
    if (header === null) return 0;
    if (header === 'invalid') return this.#leave('dicom-pdv');
    direction.messages.open(header);
    direction.pduLeft -= PDV_HEADER + header.length;
    direction.pdvLeft = header.length;
    if (header.length === 0) direction.messages.close();
    return PDV_HEADER;
  }

  #fragment(direction: Direction, bytes: Uint8Array): number {
    const { messages } = direction;
    const part = bytes.subarray(0, Math.min(bytes.length, direction.pdvLeft));
    const unwanted = Math.min(direction.pdvLeft, messages.unwanted);
    if (unwanted >= part.length) {
      messages.skip(unwanted);
      this.#passed(direction, unwanted);
      return unwanted;
    }
    messages.push(part);
    this.#passed(direction, part.length);
    return part.length;
  }

  #passed(direction: Direction, length: number): void {
    direction.pdvLeft -= length;
    if (direction.pdvLeft === 0) direction.messages.close();
  }

  #direction(from: Side): Direction {
    return { pduLeft: 0, pdvLeft: 0, messages: new MessageReader(from, this.#association, this.#report) };
  }

  #leave(cause: string): number {
    this.#report.malformed(cause);
    this.onEnd();
    return DETACH;
  }
}
