import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { factText, latin1, present } from '../../text/wire-text.ts';
import type { Upgrade } from '../tls/handover.ts';
import { MAX_MESSAGE, MAX_MESSAGES, MAX_PARAMETERS, MAX_TEXT } from './limits.ts';

const PROTOCOL_3 = 0x30000;
export const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
/** What the server asks for (PostgreSQL "Message Formats", Authentication…). */
const AUTHENTICATION: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [2, 'kerberos'],
  [3, 'password'],
  [5, 'md5'],
  [7, 'gss'],
  [9, 'sspi'],
  [10, 'scram'],
]);

/** A database connection until its login is answered; statements are never read. */
export class PostgresqlSession implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  #started = false;
  #asked = false;
  #user: Uint8Array | null = null;
  #secret: Uint8Array | null = null;
  #authentication: string | null = null;
  #messages = 0;

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    if (this.#asked && from === 'server') return this.#answer(bytes);
    const typed = this.#started ? 1 : 0;
    const length = new Cursor(bytes, typed).u32();
    if (bytes.length < typed + 4) return 0;
    if (length < 4 || length > MAX_MESSAGE || ++this.#messages > MAX_MESSAGES) return this.#leave();
    if (bytes.length < typed + length) {
      this.#messages -= 1;
      return 0;
    }
    const body = bytes.subarray(typed + 4, typed + length);
    const goesOn = typed === 0 ? this.#start(body) : this.#message(from, latin1(bytes, 0, 1), body);
    return goesOn ? typed + length : DETACH;
  }

  onEnd(): void {
    this.#settle('unknown');
  }

  /** One letter answers a wish for TLS: "S" begins it. */
  #answer(bytes: Uint8Array): number {
    this.#asked = false;
    if (bytes[0] === 0x53) this.#upgrade();
    return 1;
  }

  #start(body: Uint8Array): boolean {
    const cursor = new Cursor(body);
    const version = cursor.u32();
    this.#asked = version === SSL_REQUEST || version === GSS_REQUEST;
    if (this.#asked) return true;
    if (version >> 16 !== PROTOCOL_3 >> 16) return false;
    this.#started = true;
    const parameters = parametersOf(cursor);
    this.#user = parameters.get('user')?.slice() ?? null;
    const application = factText(parameters.get('application_name') ?? '', MAX_TEXT);
    const facts = present<Facts['database.client']>({ product: 'postgresql', application });
    this.#report.sight('database.client', 'client', facts);
    return true;
  }

  #message(from: Side, type: string, body: Uint8Array): boolean {
    if (from === 'client') {
      if (type === 'p' && this.#authentication === 'password') this.#secret = terminated(body).slice();
      return type === 'p';
    }
    if (type === 'R') this.#authenticate(new Cursor(body).u32());
    if (type === 'S') this.#parameter(body);
    if (type === 'K' && this.#authentication === 'none') this.#open();
    if (type === 'E') this.#settle('refused');
    return type === 'R' || type === 'S' || type === 'N' || type === 'K' || type === 'v';
  }

  #authenticate(code: number): void {
    if (code !== 0) {
      this.#authentication = AUTHENTICATION.get(code) ?? this.#authentication;
      return;
    }
    this.#settle('accepted');
    this.#authentication ??= 'none';
  }

  /** In, although nothing was asked for: "trust" in the server's rules. A user that is not there is refused later only. */
  #open(): void {
    const operation = 'login without password';
    this.#report.sight('service.unauthenticated', 'server', { protocol: 'postgresql', operation });
  }

  #parameter(body: Uint8Array): void {
    const name = latin1(terminated(body));
    if (name !== 'server_version') return;
    const version = factText(terminated(body.subarray(name.length + 1)), MAX_TEXT);
    const facts = present<Facts['database.server']>({ product: 'postgresql', version });
    this.#report.sight('database.server', 'server', facts);
  }

  #settle(outcome: CredentialUse['outcome']): void {
    const [user, secret] = [this.#user, this.#secret];
    this.#secret = null;
    if (secret === null) return;
    const field = 'password';
    this.#report.credential({ protocol: 'postgresql', field, user, secret, acceptedBy: 'server', outcome });
  }

  #leave(): number {
    this.#report.malformed('postgresql-message');
    return DETACH;
  }
}

function parametersOf(cursor: Cursor): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  let rest = cursor.rest();
  for (let count = 0; rest.length > 1 && count < MAX_PARAMETERS; count++) {
    const name = terminated(rest);
    rest = rest.subarray(name.length + 1);
    const value = terminated(rest);
    rest = rest.subarray(value.length + 1);
    found.set(latin1(name), value);
  }
  return found;
}

function terminated(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}
