import { Buffer } from 'node:buffer';

export interface PlainLogin {
  user: Uint8Array;
  secret: Uint8Array;
}

/** User and password of SASL's PLAIN mechanism (RFC 4616 §2): whom to act for, NUL, user, NUL, password. */
export function readPlain(token: Uint8Array): PlainLogin | null {
  const userAt = token.indexOf(0) + 1;
  const secretAt = token.indexOf(0, userAt) + 1;
  if (userAt === 0 || secretAt === 0) return null;
  return { user: token.slice(userAt, secretAt - 1), secret: token.slice(secretAt) };
}

/** As text protocols carry it, in base64 (RFC 4954 §4, RFC 5034 §4, RFC 9051 §6.2.2); null where it is none. */
export function readPlainText(text: string): PlainLogin | null {
  return readPlain(Buffer.from(text, 'base64'));
}
