import type { Recognition } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';

const methods = (
  'GET HEAD POST PUT DELETE OPTIONS PATCH CONNECT TRACE QUERY PROPFIND PROPPATCH MKCOL COPY MOVE ' +
  'LOCK UNLOCK REPORT SEARCH SUBSCRIBE UNSUBSCRIBE NOTIFY PRI'
)
  .split(' ')
  .map((method) => `${method} `);

/** A capital letter, or an empty line before the first. */
export const beginnings: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte).filter(mayBegin);

/** A request line or a status line of version 1, or the preface of version 2, from either side. */
export function recogniseHttp(fromClient: Uint8Array, fromServer: Uint8Array): Recognition {
  const answers = [recogniseSide(fromClient), recogniseSide(fromServer)];
  if (answers.includes('no')) return 'no';
  return answers.includes('yes') ? 'yes' : 'more';
}

function recogniseSide(bytes: Uint8Array): Recognition {
  if (!mayBegin(bytes[0])) return bytes.length === 0 ? 'more' : 'no';
  const text = latin1(bytes, 0, Math.min(bytes.length, 2048)).replace(/^[\r\n]+/, '');
  if (text === '') return 'more';
  if ('HTTP/1.'.startsWith(text.slice(0, 7))) return text.length < 12 ? 'more' : statusLine(text);
  const method = methods.find((name) => name.startsWith(text.slice(0, name.length)));
  if (method === undefined) return 'no';
  return text.length <= method.length ? 'more' : requestLine(text);
}

function mayBegin(byte: number | undefined): boolean {
  return byte === 0x0d || byte === 0x0a || (byte !== undefined && byte >= 0x41 && byte <= 0x5a);
}

function statusLine(text: string): Recognition {
  return /^HTTP\/1\.\d \d{3}/.test(text) ? 'yes' : 'no';
}

/** RTSP, SIP and SSDP have the same shape but another protocol's name at the end of the line. */
function requestLine(text: string): Recognition {
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a request line holds none but its end
  if (/[\x00-\x08\x0e-\x1f]/.test(line)) return 'no';
  if (end >= 0) return / HTTP\/[12]\.\d\r?$/.test(line) ? 'yes' : 'no';
  return text.length >= 2000 && /^[A-Z]+ (\/|https?:)/.test(text) ? 'yes' : 'more';
}
