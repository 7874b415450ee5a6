import type { Facts } from '@wardline/model';
import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { present } from '../../text/wire-text.ts';
import { MAX_PACKET } from './limits.ts';
import { HEADER, type Login, outcomeIn, readGreeting, readLogin, types } from './packet.ts';

const NOT_SUPPORTED = 2;

/** A connection to SQL Server until its login is answered ([MS-TDS]); statements are never read. */
export class MssqlSession implements StreamSession {
  readonly #report: Reporter;
  #login: Login | null = null;

  constructor(report: Reporter) {
    this.#report = report;
  }

  onData(from: Side, bytes: Uint8Array): number {
    if (bytes.length < HEADER) return 0;
    const type = bytes[0]!;
    const length = (bytes[2]! << 8) | bytes[3]!;
    if (length <= HEADER || length > MAX_PACKET) return this.#leave();
    if (bytes.length < length) return 0;
    const body = bytes.subarray(HEADER, length);
    const goesOn = from === 'client' ? this.#fromClient(type, body) : this.#fromServer(type, body);
    return goesOn ? length : DETACH;
  }

  onEnd(): void {
    this.#settle('unknown');
  }

  #fromClient(type: number, body: Uint8Array): boolean {
    if (type === types.login) return this.#asks(body);
    return type === types.greeting && body[0] === 0;
  }

  #fromServer(type: number, body: Uint8Array): boolean {
    if (type !== types.response) return false;
    if (this.#login !== null) {
      this.#settle(outcomeIn(body));
      return false;
    }
    const greeting = readGreeting(body);
    if (greeting === null) return false;
    const facts = present<Facts['database.server']>({ product: 'mssql', version: greeting.version });
    this.#report.sight('database.server', 'server', facts);
    // Whatever else is agreed, the login that follows is inside TLS, which comes in this protocol's own packets.
    if (greeting.encryption === NOT_SUPPORTED) this.#report.protection('clear');
    else if (greeting.encryption !== 0) this.#report.protection('encrypted');
    return greeting.encryption === NOT_SUPPORTED;
  }

  #asks(body: Uint8Array): boolean {
    const login = readLogin(body);
    if (login === null) {
      this.#report.malformed('mssql-login');
      return false;
    }
    this.#report.protection('clear');
    const { hostname, application } = login;
    const facts = present<Facts['database.client']>({ product: 'mssql', hostname, application });
    this.#report.sight('database.client', 'client', facts);
    this.#login = login;
    return true;
  }

  #settle(outcome: CredentialUse['outcome']): void {
    const login = this.#login;
    this.#login = null;
    // Without a user, Windows proves who it is in a field of its own.
    if (login === null || login.user.length === 0) return;
    const { user, secret } = login;
    const use = { protocol: 'mssql', field: 'LOGIN7', user, secret } as const;
    this.#report.credential({ ...use, acceptedBy: 'server', outcome });
  }

  #leave(): number {
    this.#report.malformed('mssql-packet');
    return DETACH;
  }
}
