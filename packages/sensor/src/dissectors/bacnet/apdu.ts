import { Cursor } from '../../bytes/cursor.ts';
import type { Reporter, Side } from '../../dissector.ts';
import { readIAm, readProperties } from './identification.ts';
import { confirmedService, LAST_UNCONFIRMED, unconfirmedService } from './services.ts';
import { readTag } from './tags.ts';

/** PDU types (ASHRAE 135-2020 §20.1). */
const pdu = {
  confirmed: 0,
  unconfirmed: 1,
  simpleAck: 2,
  complexAck: 3,
  segmentAck: 4,
  error: 5,
  reject: 6,
  abort: 7,
} as const;
const SEGMENTED = 8;
const I_AM = 0;
const READ_PROPERTY = 12;
const READ_PROPERTY_MULTIPLE = 14;
/** Services that can carry a password, with its context tag (§16.1, §16.4). */
const PASSWORD_TAG: Readonly<Record<number, number>> = { 17: 2, 20: 1 };

/** Which side of a conversation serves, as the kind of APDU shows; null for what is told to all. */
export function servingSide(apdu: Uint8Array): 'sender' | 'receiver' | null {
  const type = (apdu[0] ?? 0x10) >> 4;
  if (type === pdu.unconfirmed || type === pdu.segmentAck || type === pdu.abort) return null;
  return type === pdu.confirmed ? 'receiver' : 'sender';
}

/** States what one APDU shows of who sent it. `behind` names the device where it stands behind a router. */
export class ApduReader {
  readonly #report: Reporter;
  readonly #from: Side;
  readonly #behind: string | undefined;

  constructor(report: Reporter, from: Side, behind: string | undefined) {
    this.#report = report;
    this.#from = from;
    this.#behind = behind;
  }

  read(apdu: Uint8Array): void {
    const cursor = new Cursor(apdu);
    const first = cursor.u8();
    const type = first >> 4;
    if (type === pdu.unconfirmed) this.#unconfirmed(cursor);
    else if (type === pdu.confirmed) this.#request(cursor, (first & SEGMENTED) !== 0);
    else if (type === pdu.simpleAck) this.#acknowledged(cursor);
    else if (type === pdu.complexAck) this.#answer(cursor, (first & SEGMENTED) !== 0);
    else if (type > pdu.abort) this.#report.malformed('bacnet-apdu');
  }

  #unconfirmed(cursor: Cursor): void {
    const choice = cursor.u8();
    if (choice > LAST_UNCONFIRMED) this.#report.malformed('bacnet-service');
    const device = choice === I_AM ? readIAm(cursor) : null;
    if (device !== null) this.#report.sight('bacnet.device', this.#from, { ...device, ...this.#place() });
    else if (choice === I_AM) this.#report.malformed('bacnet-i-am');
    const service = unconfirmedService(choice);
    if (service !== undefined) this.#use('client', service.name, service.access);
  }

  #request(cursor: Cursor, segmented: boolean): void {
    cursor.skip(segmented ? 4 : 2);
    const choice = cursor.u8();
    const service = confirmedService(choice);
    if (service === undefined || cursor.failed) {
      this.#report.malformed('bacnet-service');
      return;
    }
    this.#use('client', service.name, service.access);
    const tag = PASSWORD_TAG[choice];
    if (tag !== undefined) this.#password(cursor, tag, service.name);
  }

  #password(cursor: Cursor, number: number, service: string): void {
    for (let i = 0; i <= number; i++) {
      const tag = readTag(cursor);
      if (tag === null) return;
      if (tag.context && tag.number === number) this.#credential(service, tag.content.subarray(1));
    }
  }

  #credential(field: string, secret: Uint8Array): void {
    const acceptedBy = this.#from === 'client' ? 'server' : 'client';
    this.#report.credential({
      protocol: 'bacnet',
      field,
      user: null,
      secret,
      acceptedBy,
      outcome: 'unknown',
    });
  }

  /** What is acknowledged was done, and none of the services that write can carry a proof of who asks. */
  #acknowledged(cursor: Cursor): void {
    cursor.skip(1);
    const service = confirmedService(cursor.u8());
    if (service === undefined || cursor.failed) return;
    this.#use('server', service.name, service.access);
    if (service.access === 'write') this.#open(service.name);
  }

  #answer(cursor: Cursor, segmented: boolean): void {
    cursor.skip(1);
    const sequence = segmented ? cursor.u8() : 0;
    if (segmented) cursor.skip(1);
    const choice = cursor.u8();
    const service = confirmedService(choice);
    if (service === undefined || cursor.failed || sequence > 0) return;
    this.#use('server', service.name, service.access);
    if (service.access === 'write') this.#open(service.name);
    if (choice === READ_PROPERTY) this.#identification(cursor, 'single');
    if (choice === READ_PROPERTY_MULTIPLE) this.#identification(cursor, 'multiple');
  }

  #identification(cursor: Cursor, layout: 'single' | 'multiple'): void {
    const found = readProperties(cursor, layout);
    if (found !== null)
      this.#report.sight('bacnet.identification', this.#from, { ...found, ...this.#place() });
  }

  #open(operation: string): void {
    this.#report.sight('service.unauthenticated', this.#from, { protocol: 'bacnet', operation });
  }

  #use(role: Side, service: string, access: 'read' | 'write' | 'command' | 'other'): void {
    this.#report.sight('bacnet.use', this.#from, { role, service, access });
  }

  #place(): { behind?: string } {
    return this.#behind === undefined ? {} : { behind: this.#behind };
  }
}
