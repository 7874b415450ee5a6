import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { type PlainLogin, readPlain } from '../../text/sasl-plain.ts';
import { factText, startsWith } from '../../text/wire-text.ts';
import type { Upgrade } from '../tls/handover.ts';
import { MAX_FRAME, MAX_TEXT } from './limits.ts';
import { methods, readStart, readStartOk } from './methods.ts';
import {
  mapIn,
  type Performative,
  performatives,
  readPerformative,
  symbolsIn,
  textIn,
  valuesOf,
} from './performatives.ts';
import { mechanismNames, type Properties, softwareFacts, wordsOf } from './properties.ts';

const HEADER = 8;
const TLS = 2;
const CLOSED_FOR_ACCESS = 403;
const FRAME_END = 0xce;

/** A connection to a message broker until it is open; messages are never read. */
export class AmqpSession implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  #version: '0-9-1' | '1.0' | null = null;
  #login: (PlainLogin & { field: string }) | null = null;
  #anonymous = false;
  #opened = 0;

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    if (startsWith(bytes, 'AMQP', 0, true)) return this.#header(from, bytes);
    if (this.#version === '0-9-1') return this.#frame091(from, bytes);
    return this.#version === '1.0' ? this.#frame10(from, bytes) : this.#leave('amqp-header');
  }

  onEnd(): void {
    this.#settle('unknown');
  }

  #header(from: Side, bytes: Uint8Array): number {
    if (bytes.length < HEADER) return 0;
    const version = versionOf(bytes);
    if (version === null) return this.#leave('amqp-header');
    this.#version = version;
    // AMQP 1.0 §5.2.1: once the server answers with the same header, TLS begins.
    if (version === '1.0' && bytes[4] === TLS && from === 'server') this.#upgrade();
    return HEADER;
  }

  /** Type, channel, size, content, end (AMQP 0-9-1 §4.2.3). */
  #frame091(from: Side, bytes: Uint8Array): number {
    const cursor = new Cursor(bytes);
    const type = cursor.u8();
    cursor.u16();
    const size = cursor.u32();
    if (cursor.failed) return 0;
    if (type < 1 || type > 8 || size > MAX_FRAME) return this.#leave('amqp-frame');
    const body = cursor.take(size);
    if (cursor.u8() !== FRAME_END) return cursor.failed ? 0 : this.#leave('amqp-frame');
    const goesOn = type !== 1 || this.#method(from, new Cursor(body).u32(), body.subarray(4));
    return goesOn ? 8 + size : DETACH;
  }

  #method(from: Side, method: number, body: Uint8Array): boolean {
    if (method === methods.start) this.#start(from, body);
    else if (method === methods.startOk) this.#startOk(from, body);
    else if (method === methods.tune) this.#letIn(true);
    else if (method === methods.close) {
      this.#settle(new Cursor(body).u16() === CLOSED_FOR_ACCESS ? 'refused' : 'unknown');
    } else if (method === methods.open) return this.#open(body);
    return true;
  }

  #start(from: Side, body: Uint8Array): void {
    const start = readStart(body);
    if (start === null) this.#report.malformed('amqp-start');
    else this.#server(from, start.properties, wordsOf(start.mechanisms));
  }

  #startOk(from: Side, body: Uint8Array): void {
    const start = readStartOk(body);
    if (start === null) {
      this.#report.malformed('amqp-start');
      return;
    }
    this.#client(from, start.properties);
    this.#asks(start.mechanism, start.login);
  }

  #open(body: Uint8Array): boolean {
    const name = factText(new Cursor(body, 1, 1 + (body[0] ?? 0)).rest(), MAX_TEXT);
    if (name !== undefined) this.#report.note('vhost', name);
    this.#settle('unknown');
    return false;
  }

  /** Size, where the content begins in words of four bytes, type, channel (AMQP 1.0 §2.3.1). */
  #frame10(from: Side, bytes: Uint8Array): number {
    const cursor = new Cursor(bytes);
    const size = cursor.u32();
    const offset = cursor.u8() * 4;
    if (cursor.failed) return 0;
    if (size < HEADER || offset < HEADER || offset > size || size > MAX_FRAME)
      return this.#leave('amqp-frame');
    if (bytes.length < size) return 0;
    const performative = readPerformative(bytes.subarray(offset, size));
    if (performative !== null) this.#performative(from, performative);
    return this.#opened >= 2 ? DETACH : size;
  }

  #performative(from: Side, performative: Performative): void {
    const { descriptor } = performative;
    const values = valuesOf(performative);
    if (descriptor === performatives.mechanisms) this.#server(from, new Map(), symbolsIn(values[0]));
    else if (descriptor === performatives.outcome) this.#letIn(values[0]?.content[0] === 0);
    else if (descriptor === performatives.open) this.#opens(from, mapIn(values[9]));
    else if (descriptor === performatives.init) {
      const token = values[1]?.code === 0xa0 || values[1]?.code === 0xb0 ? values[1].content : null;
      const mechanism = textIn(values[0]);
      this.#asks(mechanism, mechanism === 'PLAIN' && token !== null ? readPlain(token) : null);
    }
  }

  #opens(from: Side, properties: Properties): void {
    this.#opened += 1;
    if (from === 'client') this.#client(from, properties);
    else this.#server(from, properties, []);
  }

  #server(from: Side, properties: Properties, words: readonly string[]): void {
    const mechanisms = mechanismNames(words);
    const facts: Facts['amqp.server'] = { version: this.#version ?? '1.0', ...softwareFacts(properties) };
    if (mechanisms.length > 0) facts.mechanisms = mechanisms;
    this.#report.sight('amqp.server', from, facts);
  }

  #client(from: Side, properties: Properties): void {
    const { product, release, platform } = softwareFacts(properties);
    const facts: Facts['amqp.client'] = { version: this.#version ?? '1.0' };
    if (product !== undefined) facts.product = product;
    if (release !== undefined) facts.release = release;
    if (platform !== undefined) facts.platform = platform;
    this.#report.sight('amqp.client', from, facts);
  }

  #asks(mechanism: string, login: PlainLogin | null): void {
    this.#anonymous = mechanism === 'ANONYMOUS';
    this.#login = login === null ? null : { ...login, field: `SASL ${mechanism}` };
  }

  #letIn(good: boolean): void {
    if (good && this.#anonymous) {
      this.#report.sight('service.unauthenticated', 'server', { protocol: 'amqp', operation: 'connection' });
    }
    this.#anonymous = false;
    this.#settle(good ? 'accepted' : 'refused');
  }

  #settle(outcome: CredentialUse['outcome']): void {
    const login = this.#login;
    this.#login = null;
    if (login) this.#report.credential({ protocol: 'amqp', ...login, acceptedBy: 'server', outcome });
  }

  #leave(cause: string): number {
    this.#report.malformed(cause);
    this.#settle('unknown');
    return DETACH;
  }
}

/** "AMQP", then 0.0.9.1 or the protocol's number and 1.0.0 (AMQP 0-9-1 §4.2.2, 1.0 §2.2). */
export function versionOf(bytes: Uint8Array): '0-9-1' | '1.0' | null {
  const [, , , , id, major, minor, revision] = bytes;
  if (!startsWith(bytes, 'AMQP') || bytes.length < HEADER) return null;
  if (id === 0 && major === 0 && minor === 9 && revision === 1) return '0-9-1';
  return (id === 0 || id === 2 || id === 3) && major === 1 && minor === 0 && revision === 0 ? '1.0' : null;
}
