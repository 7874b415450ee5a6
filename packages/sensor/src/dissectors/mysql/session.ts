import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { factText, latin1 } from '../../text/wire-text.ts';
import type { Upgrade } from '../tls/handover.ts';
import { MAX_PACKET, MAX_TEXT, MAX_VERSION } from './limits.ts';

export const PROTOCOL_10 = 10;
const HEADER = 4;
const CLIENT_SSL = 0x800;
const SSL_REQUEST_LENGTH = 32;
const OK = 0;
const ERR = 0xff;

/** A database connection until its login is answered; passwords do not travel in clear here, statements are not read. */
export class MysqlSession implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  #greeted = false;
  /** The login held no proof at all: an account without a password. */
  #empty: boolean | null = null;

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    if (bytes.length < HEADER) return 0;
    const length = bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16);
    if (length === 0 || length > MAX_PACKET) return this.#leave();
    if (bytes.length < HEADER + length) return 0;
    const packet = bytes.subarray(HEADER, HEADER + length);
    const goesOn = from === 'client' ? this.#login(packet) : this.#fromServer(packet);
    return goesOn ? HEADER + length : DETACH;
  }

  #fromServer(packet: Uint8Array): boolean {
    if (!this.#greeted) return this.#greeting(packet);
    if (this.#empty !== null && (packet[0] === OK || packet[0] === ERR)) this.#outcome(packet[0] === OK);
    if (packet[0] === OK && this.#empty === true) {
      const operation = 'login without password';
      this.#report.sight('service.unauthenticated', 'server', { protocol: 'mysql', operation });
    }
    return false;
  }

  #outcome(accepted: boolean): void {
    const facts = { protocol: 'mysql', outcome: accepted ? 'accepted' : 'refused' } as const;
    this.#report.sight('login.outcome', 'server', facts, { peer: 'client' });
  }

  #greeting(packet: Uint8Array): boolean {
    const text = versionOf(packet);
    if (text === null) return this.#leave() !== DETACH;
    this.#greeted = true;
    // MariaDB hides behind MySQL 5.5.5 so that old clients take its version for one they know.
    const plain = text.replace(/^5\.5\.5-(?=1)/, '');
    const product = /mariadb/i.test(plain) ? 'mariadb' : 'mysql';
    const facts: Facts['database.server'] = { product };
    const version = factText(plain, MAX_TEXT);
    if (version !== undefined) facts.version = version;
    this.#report.sight('database.server', 'server', facts);
    return true;
  }

  /** Flags, largest packet, character set, 23 zeros, user, proof (HandshakeResponse41); cut off behind the zeros: TLS. */
  #login(packet: Uint8Array): boolean {
    const cursor = new Cursor(packet);
    const flags = cursor.u32le();
    if (packet.length === SSL_REQUEST_LENGTH && (flags & CLIENT_SSL) !== 0) {
      this.#upgrade();
      return true;
    }
    cursor.skip(28);
    const name = cursor.rest();
    const end = name.indexOf(0);
    this.#report.sight('database.client', 'client', { product: 'mysql' });
    this.#empty = end > 0 && name[end + 1] === 0;
    return true;
  }

  #leave(): number {
    this.#report.malformed('mysql-packet');
    return DETACH;
  }
}

/** The version in a greeting of protocol 10: digits and dots, then anything printable. */
export function versionOf(packet: Uint8Array): string | null {
  const end = packet.indexOf(0, 1);
  const isVersion = packet[0] === PROTOCOL_10 && end > 0 && end <= 1 + MAX_VERSION;
  const text = isVersion ? latin1(packet, 1, end) : '';
  return /^\d{1,2}\.\d{1,3}\.\d{1,3}[\x20-\x7e]*$/.test(text) ? text : null;
}
