/** Security types (RFC 6143 §7.1.2 and the IANA registry "RFB Security Types"). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'none'],
  [2, 'vnc'],
  [5, 'ra2'],
  [6, 'ra2ne'],
  [16, 'tight'],
  [17, 'ultra'],
  [18, 'tls'],
  [19, 'vencrypt'],
  [20, 'sasl'],
  [21, 'md5'],
  [22, 'xvp'],
  [30, 'apple-dh'],
  [33, 'apple-srp'],
  [35, 'apple-kerberos'],
  [113, 'ms-logon2'],
  [129, 'ra256'],
]);

export const types = { invalid: 0, none: 1, vnc: 2, tls: 18, veNCrypt: 19 };
/** VeNCrypt's subtypes: 256 sends user and password in clear, those from 257 to 263 begin with TLS. */
export const subtypes = { none: 1, vnc: 2, plain: 256, firstTls: 257, lastTls: 263 };

export function securityName(type: number): string {
  return NAMES.get(type) ?? `type ${type}`;
}
