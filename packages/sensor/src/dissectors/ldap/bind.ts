import { BerReader, integerOf } from '../../bytes/ber.ts';
import { type PlainLogin, readPlain } from '../../text/sasl-plain.ts';
import { factText, latin1 } from '../../text/wire-text.ts';

const SIMPLE = 0x80;
const SASL = 0xa3;

export interface BindRequest {
  version: number;
  name: Uint8Array;
  /** The password of a simple bind. */
  password: Uint8Array | null;
  mechanism: string | null;
  token: Uint8Array | null;
}

/** A bind request's content (RFC 4511 §4.2); Microsoft's own methods (sicily) have neither password nor mechanism. */
export function readBind(content: Uint8Array): BindRequest | null {
  const reader = new BerReader(content);
  const version = integerOf(reader.take(2));
  const name = reader.take(4);
  const method = reader.next();
  if (version === null || name === null || method === null) return null;
  const bind = { version, name, password: null, mechanism: null, token: null };
  if (method.tag === SIMPLE) return { ...bind, password: method.content };
  if (method.tag === SASL) return { ...bind, ...readSasl(method.content) };
  // [MS-ADTS] §5.1.1.1.3: package discovery, negotiate and response of the sicily authentication carry NTLM.
  return method.tag >= 0x89 && method.tag <= 0x8b
    ? { ...bind, mechanism: 'sicily', token: method.content }
    : bind;
}

/** True where the bind proves nothing: no name, or a name without a password (RFC 4513 §5.1.1, §5.1.2). */
export function isAnonymous({ password, mechanism }: BindRequest): boolean {
  return mechanism === 'ANONYMOUS' || (password !== null && password.length === 0);
}

/** User and password in clear: of a simple bind, and of SASL's PLAIN (RFC 4616 §2). */
export function passwordOf(bind: BindRequest): PlainLogin | null {
  if (bind.password !== null && bind.password.length > 0) return { user: bind.name, secret: bind.password };
  return bind.mechanism === 'PLAIN' && bind.token !== null ? readPlain(bind.token) : null;
}

/** How the client showed who it is, in one word. */
export function authenticationOf(bind: BindRequest): string {
  if (bind.mechanism !== null) return bind.mechanism;
  return isAnonymous(bind) ? 'anonymous' : bind.password === null ? 'other' : 'simple';
}

/** SASL mechanism names are of 1 to 20 capitals, digits, "-" and "_" (RFC 4422 §3.1). */
function readSasl(content: Uint8Array): { mechanism: string; token: Uint8Array | null } {
  const reader = new BerReader(content);
  const name = factText(latin1(reader.take(4) ?? new Uint8Array(0)), 20) ?? '';
  const token = reader.left > 0 ? reader.take(4) : null;
  return { mechanism: /^[A-Z0-9_-]+$/.test(name) ? name : 'other', token };
}
