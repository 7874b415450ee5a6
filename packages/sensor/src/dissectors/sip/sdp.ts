import { MAX_CODECS, MAX_MEDIA, MAX_SDP_LINES } from './limits.ts';

export interface Media {
  media: 'audio' | 'video';
  /** How its key is agreed on: not at all (in clear), in this very text, or by a handshake of its own. */
  keying: 'none' | 'sdes' | 'dtls' | 'mikey';
  codecs: string[];
  /** Keys that stand in the description (RFC 4568 §9.1). */
  keys: string[];
}

/** Static payload types (RFC 3551 §6) that are in use. */
const STATIC: Readonly<Record<string, string>> = {
  0: 'PCMU',
  3: 'GSM',
  4: 'G723',
  8: 'PCMA',
  9: 'G722',
  13: 'CN',
  18: 'G729',
  26: 'JPEG',
  31: 'H261',
  34: 'H263',
};
const CRYPTO = 'a=crypto:';

interface Draft extends Media {
  formats: string[];
  names: Map<string, string>;
}

/**
 * The streams of sound and pictures of a session description (RFC 8866). Port 0 refuses a stream (RFC 3264 §6), but where the port
 * is agreed on elsewhere it is left open (RFC 2326 appendix C.1.1).
 */
export function readSdp(text: string, { isPortOpen = false } = {}): Media[] {
  const streams: Draft[] = [];
  let sessionKeying: Media['keying'] = 'none';
  for (const raw of text.split('\n', MAX_SDP_LINES)) {
    const line = raw.trimEnd();
    if (line.startsWith('m=')) {
      const draft = readMediaLine(line, sessionKeying, isPortOpen);
      if (streams.length >= MAX_MEDIA) break;
      streams.push(draft);
    } else if (streams.length === 0) sessionKeying = keyingOf(line) ?? sessionKeying;
    else readAttribute(streams.at(-1)!, line);
  }
  return streams.filter(({ media, formats }) => isWanted(media) && formats.length > 0).map(finish);
}

function isWanted(media: string): boolean {
  return media === 'audio' || media === 'video';
}

/** `m=audio 49170 RTP/AVP 0 8 97`. */
function readMediaLine(line: string, keying: Media['keying'], isPortOpen: boolean): Draft {
  const [media = '', port = '', , ...formats] = line.slice(2).split(' ', MAX_CODECS + 3);
  const offered = port === '0' && !isPortOpen ? [] : formats;
  return { media: media as Media['media'], keying, codecs: [], keys: [], formats: offered, names: new Map() };
}

function readAttribute(stream: Draft, line: string): void {
  stream.keying = keyingOf(line) ?? stream.keying;
  if (line.startsWith(CRYPTO) && stream.keys.length < MAX_MEDIA) {
    const key = line.split('inline:', 2)[1]?.split(/[|;\s]/, 1)[0];
    if (key !== undefined && key !== '') stream.keys.push(key);
  } else if (line.startsWith('a=rtpmap:') && stream.names.size < MAX_CODECS) {
    const [format = '', encoding = ''] = line.slice('a=rtpmap:'.length).split(' ', 2);
    stream.names.set(format, encoding.split('/', 1)[0] ?? '');
  }
}

function keyingOf(line: string): Media['keying'] | null {
  if (line.startsWith(CRYPTO)) return 'sdes';
  if (line.startsWith('a=fingerprint:')) return 'dtls';
  return line.startsWith('a=key-mgmt:mikey') ? 'mikey' : null;
}

function finish({ media, keying, formats, names, keys }: Draft): Media {
  const codecs = formats.map((format) => names.get(format) ?? STATIC[format] ?? `TYPE-${format}`);
  return { media, keying, keys, codecs: codecs.map((codec) => codec.slice(0, 32).toUpperCase()) };
}
