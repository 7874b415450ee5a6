import { Buffer } from 'node:buffer';
import type { Reporter, Side } from '../../dissector.ts';
import { factText, latin1, present } from '../../text/wire-text.ts';
import { MAX_BODY, MAX_TEXT } from './limits.ts';
import { hostOfVia, type SipMessage } from './message.ts';
import { type Media, readSdp } from './sdp.ts';

type Agent = {
  role: 'client' | 'server';
  method?: string;
  software?: string;
  host?: string;
  domain?: string;
};

/** States what one message shows of who sent it. User parts of URIs and display names are personal: never stated. */
export function stateMessage(message: SipMessage, bytes: Uint8Array, from: Side, report: Reporter): void {
  report.protection('clear');
  stateAgent(message, from, report);
  if (message.status === 401 || message.status === 407) stateChallenge(message, from, report);
  stateCredentials(message, from, report);
  if (/^application\/sdp\b/i.test(message.fields.get('content-type') ?? '')) {
    const text = latin1(bytes, message.body, Math.min(bytes.length, message.body + MAX_BODY));
    for (const media of readSdp(text)) stateMedia(media, from, report);
  }
}

function stateAgent({ method, target, fields }: SipMessage, from: Side, report: Reporter): void {
  const isRequest = method !== null;
  const software = fields.get('user-agent') ?? fields.get('server') ?? '';
  const facts = {
    role: isRequest ? ('client' as const) : ('server' as const),
    method: method ?? methodOf(fields.get('cseq')),
    software: factText(software, MAX_TEXT),
    host: (isRequest ? hostOfVia(fields.get('via') ?? '') : null) ?? undefined,
    // The domain that a device registers at is that of the organisation; of other requests it is a person's.
    domain: (method === 'REGISTER' ? target : null) ?? undefined,
  };
  report.sight('sip.agent', from, present<Agent>(facts as { [K in keyof Agent]: Agent[K] }));
}

function methodOf(cseq: string | undefined): string | undefined {
  const word = cseq?.split(/\s+/, 2)[1];
  return word !== undefined && /^[A-Z]{3,12}$/.test(word) ? word : undefined;
}

function stateChallenge({ fields }: SipMessage, from: Side, report: Reporter): void {
  const challenge = fields.get('www-authenticate') ?? fields.get('proxy-authenticate') ?? '';
  const scheme = factText(challenge.split(' ', 1)[0] ?? '', 16);
  const realm = factText(parameter(challenge, 'realm') ?? '', MAX_TEXT);
  if (scheme === undefined) return;
  const algorithm = factText(parameter(challenge, 'algorithm') ?? '', 16);
  report.sight('sip.challenge', from, present({ scheme, realm, algorithm } as { scheme: string }));
}

/** `name="value"` or `name=value` of a challenge. */
export function parameter(text: string, name: string): string | null {
  const at = text.toLowerCase().indexOf(`${name}=`);
  if (at < 0) return null;
  const rest = text.slice(at + name.length + 1);
  return rest.startsWith('"')
    ? (rest.slice(1).split('"', 1)[0] ?? null)
    : (rest.split(/[,\s]/, 1)[0] ?? null);
}

/** Digest proves a secret without showing it; Basic shows it. */
function stateCredentials({ fields }: SipMessage, from: Side, report: Reporter): void {
  const acceptedBy = from === 'client' ? 'server' : 'client';
  for (const field of ['authorization', 'proxy-authorization']) {
    const [scheme = '', encoded = ''] = (fields.get(field) ?? '').split(' ', 2);
    if (!/^basic$/i.test(scheme)) continue;
    const pair = Buffer.from(encoded, 'base64').toString('latin1');
    const [user, secret] = [pair.split(':', 1)[0] ?? '', pair.slice(pair.indexOf(':') + 1)];
    report.credential({ protocol: 'sip', field, user, secret, acceptedBy, outcome: 'unknown' });
  }
}

/** The key of an encrypted stream that stands in clear beside it opens it (RFC 4568 §7). */
function stateMedia({ media, keying, codecs, keys }: Media, from: Side, report: Reporter): void {
  report.sight('sip.media', from, { media, keying, codecs });
  const acceptedBy = from === 'client' ? 'server' : 'client';
  for (const secret of keys) {
    report.credential({
      protocol: 'sip',
      field: 'SRTP key',
      user: null,
      secret,
      acceptedBy,
      outcome: 'unknown',
    });
  }
}
