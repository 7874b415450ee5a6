import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';
import type { Upgrade } from '../tls/handover.ts';
import { hostInDesktop } from './desktop.ts';
import { MAX_LOGIN, MAX_TEXT, MAX_TYPES } from './limits.ts';
import { securityName, subtypes, types } from './security.ts';

/** What comes next, and from whom; the handshake takes turns (RFC 6143 §7.1). */
type Step = [from: Side, read: (bytes: Uint8Array) => number];

/** An RFB connection up to its desktop's name: who may look on, and how that was found out. */
export class VncSession implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  #next: Step = ['server', (bytes) => this.#serverVersion(bytes)];
  #version = '';
  #minor = 8;
  #offered: number[] = [];
  #chosen = 0;
  #login: { user: Uint8Array; secret: Uint8Array } | null = null;

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    const [side, read] = this.#next;
    return from === side ? read(bytes) : 0;
  }

  onEnd(): void {
    this.#settle('unknown');
  }

  #serverVersion(bytes: Uint8Array): number {
    if (bytes.length < 12) return 0;
    const version = versionOf(bytes);
    if (version === null) return this.#leave('vnc-version');
    this.#version = version;
    this.#next = ['client', (more) => this.#clientVersion(more)];
    return 12;
  }

  /** Other versions than 3.3, 3.7 and 3.8 count as 3.3 (RFC 6143 §7.1.1); Apple's 3.889 behaves as 3.8. */
  #clientVersion(bytes: Uint8Array): number {
    if (bytes.length < 12) return 0;
    const version = versionOf(bytes);
    if (version === null) return this.#leave('vnc-version');
    this.#minor = Number(version.split('.')[1]);
    if (this.#minor < 7) this.#next = ['server', (more) => this.#decided(more)];
    else this.#next = ['server', (more) => this.#types(more)];
    return 12;
  }

  /** Version 3.3: the server decides (RFC 6143 appendix A). */
  #decided(bytes: Uint8Array): number {
    const cursor = new Cursor(bytes);
    const type = cursor.u32();
    if (cursor.failed) return 0;
    if (type > 255) return this.#leave('vnc-security');
    this.#state([type]);
    if (type === types.invalid) return DETACH;
    this.#choose(type);
    return 4;
  }

  #types(bytes: Uint8Array): number {
    const count = bytes[0]!;
    if (count === 0) return DETACH; // refused, with a reason in words
    if (count > MAX_TYPES) return this.#leave('vnc-security');
    if (bytes.length < 1 + count) return 0;
    this.#offered = [...bytes.subarray(1, 1 + count)];
    this.#state(this.#offered);
    this.#next = ['client', (more) => this.#choice(more)];
    return 1 + count;
  }

  #choice(bytes: Uint8Array): number {
    this.#choose(bytes[0]!);
    return 1;
  }

  #choose(type: number): void {
    this.#chosen = type;
    if (type === types.none) this.#noneChosen();
    else if (type === types.vnc) this.#challenged();
    else if (type === types.tls) this.#upgrade();
    else if (type === types.veNCrypt) this.#next = ['server', (bytes) => this.#veNCrypt(bytes)];
    else this.#next = ['server', () => DETACH];
  }

  #noneChosen(): void {
    if (this.#minor >= 8) this.#next = ['server', (bytes) => this.#result(bytes)];
    else this.#accepted();
  }

  /** A challenge of 16 bytes and its answer (RFC 6143 §7.2.2): neither is read. */
  #challenged(): void {
    const response = (bytes: Uint8Array) => {
      if (bytes.length < 16) return 0;
      this.#next = ['server', (more) => this.#result(more)];
      return 16;
    };
    this.#next = [
      'server',
      (bytes) => {
        if (bytes.length < 16) return 0;
        this.#next = ['client', response];
        return 16;
      },
    ];
  }

  #result(bytes: Uint8Array): number {
    const cursor = new Cursor(bytes);
    const result = cursor.u32();
    if (cursor.failed) return 0;
    this.#settle(result === 0 ? 'accepted' : 'refused');
    if (result !== 0) return DETACH;
    this.#accepted();
    return 4;
  }

  #accepted(): void {
    if (this.#chosen === types.none) {
      this.#report.sight('service.unauthenticated', 'server', {
        protocol: 'vnc',
        operation: 'remote screen',
      });
    }
    this.#next = ['client', (bytes) => this.#clientInit(bytes)];
  }

  #clientInit(bytes: Uint8Array): number {
    if (bytes[0]! > 1) return this.#leave('vnc-init');
    this.#next = ['server', (more) => this.#serverInit(more)];
    return 1;
  }

  /** Size, pixel format, then the desktop's name (RFC 6143 §7.3.2). */
  #serverInit(bytes: Uint8Array): number {
    const cursor = new Cursor(bytes);
    cursor.skip(20);
    const length = cursor.u32();
    if (cursor.failed) return 0;
    if (length > MAX_TEXT) return this.#leave('vnc-name');
    const name = cursor.take(length);
    if (cursor.failed) return 0;
    this.#state(this.#offered, hostInDesktop(name));
    return DETACH;
  }

  /** VeNCrypt 0.2: version of either side, then the server's subtypes and the client's choice. */
  #veNCrypt(bytes: Uint8Array): number {
    if (bytes.length < 2) return 0;
    if (bytes[0] !== 0 || bytes[1] !== 2) return DETACH;
    const subtypesNext: Step = ['server', (more) => this.#subtypes(more)];
    this.#next = [
      'client',
      (more) => {
        if (more.length < 2) return 0;
        this.#next = subtypesNext;
        return 2;
      },
    ];
    return 2;
  }

  #subtypes(bytes: Uint8Array): number {
    const cursor = new Cursor(bytes);
    const refused = cursor.u8() !== 0;
    const count = cursor.u8();
    if (refused || count > MAX_TYPES) return DETACH;
    cursor.skip(count * 4);
    if (cursor.failed) return 0;
    this.#next = ['client', (more) => this.#subtype(more)];
    return 2 + count * 4;
  }

  #subtype(bytes: Uint8Array): number {
    const cursor = new Cursor(bytes);
    const subtype = cursor.u32();
    if (cursor.failed) return 0;
    if (subtype === subtypes.plain) this.#next = ['client', (more) => this.#plain(more)];
    else if (subtype === subtypes.none || subtype === subtypes.vnc) this.#choose(subtype);
    else if (subtype >= subtypes.firstTls && subtype <= subtypes.lastTls) {
      this.#next = ['server', (more) => this.#agreed(more)];
    } else return DETACH;
    return 4;
  }

  /** The server's 1 says that TLS begins. */
  #agreed(bytes: Uint8Array): number {
    if (bytes[0] !== 1) return DETACH;
    this.#upgrade();
    return 1;
  }

  #plain(bytes: Uint8Array): number {
    const cursor = new Cursor(bytes);
    const [userLength, secretLength] = [cursor.u32(), cursor.u32()];
    if (cursor.failed) return 0;
    if (userLength > MAX_LOGIN || secretLength > MAX_LOGIN) return this.#leave('vnc-login');
    const user = cursor.take(userLength).slice();
    const secret = cursor.take(secretLength).slice();
    if (cursor.failed) return 0;
    this.#login = { user, secret };
    this.#next = ['server', (more) => this.#result(more)];
    return cursor.at;
  }

  #settle(outcome: 'accepted' | 'refused' | 'unknown'): void {
    const login = this.#login;
    this.#login = null;
    if (login === null) return;
    const field = 'VeNCrypt plain';
    this.#report.credential({ protocol: 'vnc', field, ...login, acceptedBy: 'server', outcome });
  }

  #state(offered: readonly number[], hostname?: string): void {
    this.#offered = [...offered];
    const facts: Facts['vnc.server'] = { version: this.#version, security: offered.map(securityName) };
    if (hostname !== undefined) facts.hostname = hostname;
    this.#report.sight('vnc.server', 'server', facts);
  }

  #leave(cause: string): number {
    this.#report.malformed(cause);
    return DETACH;
  }
}

/** "RFB 003.008\n" → "3.8". */
export function versionOf(bytes: Uint8Array): string | null {
  const match = /^RFB (\d{3})\.(\d{3})\n/.exec(latin1(bytes, 0, 12));
  return match === null ? null : `${Number(match[1])}.${Number(match[2])}`;
}
