import type { Facts } from '@wardline/model';
import { BerReader, integerOf } from '../../bytes/ber.ts';
import { type CredentialUse, DETACH, type Reporter, type Side, type StreamSession } from '../../dissector.ts';
import { latin1, present } from '../../text/wire-text.ts';
import { readNtlm } from '../smb/ntlm.ts';
import type { Upgrade } from '../tls/handover.ts';
import { authenticationOf, type BindRequest, isAnonymous, passwordOf, readBind } from './bind.ts';
import { MAX_MESSAGE, MAX_PENDING } from './limits.ts';
import { type LdapMessage, messageLength, operations, readMessage } from './message.ts';
import { readEntry, rootFacts, START_TLS } from './root.ts';

/** A request whose answer counts. */
interface Pending {
  credential: Pick<CredentialUse, 'user' | 'secret' | 'field'> | null;
  anonymous: boolean;
  startTls: boolean;
}

const SUCCESS = 0;
/** Wrong credentials, authentication method not taken, stronger one wanted, and their like (RFC 4511 appendix A). */
const REFUSALS = new Set([7, 8, 13, 32, 34, 48, 49, 50, 53]);
/** Everybody may read the root and the schema (RFC 4512 §4.4, §5.1). */
const PUBLIC = /^$|^cn=(aggregate|sub-?schema|schema)\b/i;

/** One LDAP connection (RFC 4511): who binds how, what the directory says of itself, and whom it serves. */
export class LdapSession implements StreamSession {
  readonly #report: Reporter;
  readonly #upgrade: Upgrade;
  readonly #pending = new Map<number, Pending>();
  /** Nobody so far: true from the start, or from an anonymous bind, until a bind proves more. */
  #nobody: boolean | null = null;
  #wrapped = false;

  constructor(report: Reporter, upgrade: Upgrade) {
    this.#report = report;
    this.#upgrade = upgrade;
    report.protection('clear');
  }

  get heldBytes(): number {
    let sum = 0;
    for (const { credential } of this.#pending.values())
      sum += (credential?.user?.length ?? 0) + (credential?.secret?.length ?? 0);
    return sum;
  }

  onData(from: Side, bytes: Uint8Array): number {
    const total = messageLength(bytes);
    if (total === 0) return this.#wrapped && bytes.length < SEALED_HEAD ? 0 : this.#leave(bytes);
    if (total === null) return 0;
    if (total > MAX_MESSAGE) return total;
    if (bytes.length < total) return 0;
    const message = readMessage(bytes.subarray(0, total));
    if (message === null) return this.#leave(bytes);
    if (from === 'client') this.#request(message);
    else this.#response(message);
    return total;
  }

  onGap(): boolean {
    return false;
  }

  onEnd(): void {
    for (const { credential } of this.#pending.values()) this.#credential(credential, 'unknown');
    this.#pending.clear();
  }

  #request({ id, operation, content }: LdapMessage): void {
    // A connection that begins with something else than a bind begins as nobody's (RFC 4513 §4).
    this.#nobody ??= operation !== operations.bindRequest && id <= 2;
    if (operation === operations.bindRequest) this.#bind(id, content);
    else if (operation === operations.extendedRequest) this.#extended(id, content);
  }

  #bind(id: number, content: Uint8Array): void {
    const bind = readBind(content);
    if (bind === null) {
      this.#report.malformed('ldap-bind');
      return;
    }
    const anonymous = isAnonymous(bind);
    this.#nobody = false;
    this.#client(bind);
    const password = passwordOf(bind);
    this.#wrapped = bind.mechanism !== null && password === null && !anonymous;
    const field = bind.mechanism === null ? 'simple bind' : 'SASL PLAIN';
    const credential = password && { field, user: password.user.slice(), secret: password.secret.slice() };
    this.#wait(id, { credential, anonymous, startTls: false });
  }

  #client(bind: BindRequest): void {
    const said = bind.token === null ? null : readNtlm(bind.token);
    const machine = present<Pick<Facts['ldap.client'], 'hostname' | 'os'>>({
      hostname: said?.hostname,
      os: said?.os,
    });
    const facts = { version: bind.version, authentication: authenticationOf(bind), ...machine };
    this.#report.sight('ldap.client', 'client', facts);
  }

  #extended(id: number, content: Uint8Array): void {
    const name = new BerReader(content).take(0x80);
    if (name === null || latin1(name) !== START_TLS) return;
    this.#wait(id, { credential: null, anonymous: false, startTls: true });
  }

  #wait(id: number, pending: Pending): void {
    if (this.#pending.size < MAX_PENDING) this.#pending.set(id, pending);
    else this.#report.malformed('ldap-pending');
  }

  #response(message: LdapMessage): void {
    if (message.operation === operations.searchEntry) this.#entry(message.content);
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    const reader = new BerReader(message.content);
    const code = integerOf(reader.take(0x0a));
    if (message.operation === operations.extendedResponse && pending.startTls) {
      this.#pending.delete(message.id);
      if (code === SUCCESS) this.#upgrade();
    }
    if (message.operation === operations.bindResponse && !pending.startTls) {
      this.#pending.delete(message.id);
      this.#bound(pending, code, message.content);
    }
  }

  #bound(pending: Pending, code: number | null, content: Uint8Array): void {
    this.#nobody = pending.anonymous && code === SUCCESS;
    this.#credential(pending.credential, outcomeOf(code));
    if (pending.credential === null && !pending.anonymous && outcomeOf(code) === 'refused')
      this.#report.sight(
        'login.outcome',
        'server',
        { protocol: 'ldap', outcome: 'refused' },
        { peer: 'client' },
      );
    const said = readNtlm(content);
    if (said?.type !== 2) return;
    const { hostname, domain, os } = said;
    this.#server(present({ hostname, domain, os }));
  }

  #server(facts: Facts['ldap.server']): void {
    if (Object.keys(facts).length > 0) this.#report.sight('ldap.server', 'server', facts);
  }

  #entry(content: Uint8Array): void {
    const entry = readEntry(content);
    if (entry === null) {
      this.#report.malformed('ldap-entry');
      return;
    }
    if (entry.name.length === 0) this.#server(rootFacts(entry));
    if (this.#nobody !== true || PUBLIC.test(latin1(entry.name, 0, 32))) return;
    this.#report.sight('service.unauthenticated', 'server', { protocol: 'ldap', operation: 'search' });
  }

  #credential(use: Pending['credential'], outcome: CredentialUse['outcome']): void {
    if (use) this.#report.credential({ protocol: 'ldap', ...use, acceptedBy: 'server', outcome });
  }

  /** Behind a SASL bind, messages may come in a security layer of their own (RFC 4422 §3.7): that is the end of reading. */
  #leave(bytes: Uint8Array): number {
    this.onEnd();
    if (!this.#wrapped) this.#report.malformed('ldap-message');
    else if (isSealed(bytes)) this.#report.protection('encrypted');
    return DETACH;
  }
}

/** A security layer's length, and the start of its token with the flags. */
const SEALED_HEAD = 7;

/** A length, then a Kerberos wrap token (RFC 4121 §4.2.6.2) whose flags say that its content is encrypted. */
function isSealed(bytes: Uint8Array): boolean {
  return bytes[4] === 5 && bytes[5] === 4 && (bytes[6]! & 2) !== 0;
}

function outcomeOf(code: number | null): CredentialUse['outcome'] {
  if (code === SUCCESS) return 'accepted';
  return code !== null && REFUSALS.has(code) ? 'refused' : 'unknown';
}
