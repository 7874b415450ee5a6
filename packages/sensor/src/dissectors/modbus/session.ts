import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { accessOf, nameOfException, nameOfFunction } from './functions.ts';
import { readIdentification } from './identification.ts';
import { MAX_LENGTH, PREFIX } from './limits.ts';

const ENCAPSULATED_INTERFACE = 43;
const EXCEPTION = 0x80;

/** Follows the messages of one connection. Addresses and values of registers are never stated. */
export class ModbusSession implements StreamSession {
  readonly #report: Reporter;

  constructor(report: Reporter) {
    this.#report = report;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    if (bytes.length < PREFIX) return 0;
    const length = bytes[4]! * 256 + bytes[5]!;
    if (bytes[2] !== 0 || bytes[3] !== 0 || length < 2 || length > MAX_LENGTH) return this.#leave();
    if (bytes.length < PREFIX + length) return 0;
    this.#message(from, bytes[PREFIX]!, bytes.subarray(PREFIX + 1, PREFIX + length));
    return PREFIX + length;
  }

  #message(from: Side, unit: number, pdu: Uint8Array): void {
    const code = pdu[0]!;
    if (from === 'server' && code >= EXCEPTION) this.#exception(unit, code & 0x7f, pdu[1]);
    else this.#use(from, unit, code);
    if (from === 'server' && code === ENCAPSULATED_INTERFACE) this.#identification(unit, pdu.subarray(1));
  }

  #use(role: Side, unit: number, code: number): void {
    const [name, access] = [nameOfFunction(code), accessOf(code)];
    this.#report.sight('modbus.use', role, { role, unit, function: name, access });
    if (role !== 'server' || access !== 'write') return;
    this.#report.sight('service.unauthenticated', 'server', { protocol: 'modbus', operation: name });
  }

  #exception(unit: number, code: number, exception: number | undefined): void {
    if (exception === undefined) {
      this.#report.malformed('modbus-exception');
      return;
    }
    const facts = { unit, function: nameOfFunction(code), exception: nameOfException(exception) };
    this.#report.sight('modbus.exception', 'server', facts);
  }

  #identification(unit: number, pdu: Uint8Array): void {
    const found = readIdentification(pdu);
    if (found !== null) this.#report.sight('modbus.identification', 'server', { unit, ...found });
  }

  #leave(): number {
    this.#report.malformed('modbus-header');
    return DETACH;
  }
}
