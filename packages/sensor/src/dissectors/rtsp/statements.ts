import { Buffer } from 'node:buffer';
import type { Facts } from '@wardline/model';
import type { Reporter, Side } from '../../dissector.ts';
import { factText, latin1, present } from '../../text/wire-text.ts';
import { readSdp } from '../sip/sdp.ts';
import { parameter } from '../sip/statements.ts';
import { MAX_BODY, MAX_TEXT } from './limits.ts';
import type { RtspMessage } from './message.ts';

/** States what one message shows of who sent it. Addresses name rooms and hold logins: never stated. */
export function stateMessage(message: RtspMessage, bytes: Uint8Array, from: Side, report: Reporter): void {
  report.protection('clear');
  stateAgent(message, from, report);
  if (message.status === 401) stateChallenge(message, from, report);
  if (message.status === 200) stateTransport(message, from, report);
  stateCredentials(message, from, report);
  if (!/^application\/sdp\b/i.test(message.fields.get('content-type') ?? '')) return;
  const text = latin1(bytes, message.body, Math.min(bytes.length, message.body + MAX_BODY));
  for (const { media, keying, codecs, keys } of readSdp(text, { isPortOpen: true })) {
    report.sight('rtsp.media', from, { media, keying, codecs });
    for (const secret of keys) credential('SRTP key', null, secret, from, report);
  }
}

function stateAgent({ method, fields }: RtspMessage, from: Side, report: Reporter): void {
  const software = factText(fields.get(method === null ? 'server' : 'user-agent') ?? '', MAX_TEXT);
  if (method === null && software === undefined) return;
  const role = method === null ? 'server' : 'client';
  const facts = { role, method: method ?? undefined, software };
  report.sight('rtsp.agent', from, present(facts as Facts['rtsp.agent']));
}

function stateChallenge({ fields }: RtspMessage, from: Side, report: Reporter): void {
  const challenge = fields.get('www-authenticate') ?? '';
  const scheme = factText(challenge.split(' ', 1)[0] ?? '', 16);
  if (scheme === undefined) return;
  const realm = factText(parameter(challenge, 'realm') ?? '', MAX_TEXT);
  report.sight('rtsp.challenge', from, present({ scheme, realm } as Facts['rtsp.challenge']));
}

/** RFC 2326 §12.39: `RTP/AVP/TCP;unicast;interleaved=0-1`. The answer holds the one that was agreed on. */
function stateTransport({ fields }: RtspMessage, from: Side, report: Reporter): void {
  const [specification = '', ...options] = (fields.get('transport') ?? '').split(',', 1)[0]!.split(';');
  const [protocol, profile, lower = 'UDP'] = specification.trim().toUpperCase().split('/');
  if (protocol !== 'RTP' || profile === undefined || !/^S?AVPF?$/.test(profile)) return;
  if (lower !== 'UDP' && lower !== 'TCP') return;
  // §12.39: multicast where nothing is said.
  const delivery = options.some((option) => option.trim() === 'unicast') ? 'unicast' : 'multicast';
  report.sight('rtsp.transport', from, { profile, lower, delivery });
}

/** Digest proves a secret without showing it; Basic shows it, and so does an address that holds it. */
function stateCredentials({ fields, address }: RtspMessage, from: Side, report: Reporter): void {
  const [scheme = '', encoded = ''] = (fields.get('authorization') ?? '').split(' ', 2);
  if (/^basic$/i.test(scheme)) {
    const pair = Buffer.from(encoded, 'base64').toString('latin1');
    credential('authorization', before(pair), behind(pair), from, report);
  }
  const login = /^rtspu?s?:\/\/([^/?#]*)@/i.exec(address)?.[1];
  if (login?.includes(':')) credential('address', before(login), behind(login), from, report);
}

const before = (pair: string) => pair.split(':', 1)[0]!;
const behind = (pair: string) => (pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : '');

function credential(field: string, user: string | null, secret: string, from: Side, report: Reporter): void {
  const acceptedBy = from === 'client' ? 'server' : 'client';
  report.credential({ protocol: 'rtsp', field, user, secret, acceptedBy, outcome: 'unknown' });
}
