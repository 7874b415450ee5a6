import { describe, expect, it, test } from 'vitest';
import type { Side } from '../../dissector.ts';
import { allDamage } from '../../testing/damage.ts';
import { runDatagram, runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { sip, sipStream } from './index.ts';
import { hostOfUri, hostOfVia } from './message.ts';
import { readSdp } from './sdp.ts';

const sdp = [
  'v=0',
  'o=ZZMARK 1 1 IN IP4 10.0.0.1',
  's=ZZMARK',
  'c=IN IP4 10.0.0.1',
  'm=audio 49170 RTP/AVP 0 97',
  'a=rtpmap:97 iLBC/8000',
  'm=video 0 RTP/AVP 31',
  '',
].join('\r\n');
const secured = sdp.replace(
  'a=rtpmap',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:ZZMARKkey|2^20\r\na=rtpmap',
);

function message(start: string, fields: Record<string, string>, body = ''): string {
  const lines = Object.entries({ ...fields, 'Content-Length': String(body.length) });
  return [start, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}

const person = '"ZZMARK Miller" <sip:zzmark.miller@hospital.example>;tag=1';
const register = message('REGISTER sip:hospital.example SIP/2.0', {
  Via: 'SIP/2.0/UDP bed4-call.hospital.example:5060;branch=z9hG4bK1',
  From: person,
  To: person,
  CSeq: '1 REGISTER',
  'User-Agent': 'Ackermann NurseCall 3.1',
  Authorization: 'Basic enptYXJrOnp6bWFyaw==',
});
const challenge = message('SIP/2.0 401 Unauthorized', {
  Via: 'SIP/2.0/UDP bed4-call.hospital.example:5060;branch=z9hG4bK1',
  CSeq: '1 REGISTER',
  Server: 'Asterisk PBX 18.2',
  'WWW-Authenticate': 'Digest realm="ward 4", nonce="abc", algorithm=MD5',
});
const invite = (body: string) =>
  message(
    'INVITE sip:zzmark@10.0.0.2 SIP/2.0',
    { v: 'SIP/2.0/UDP 10.0.0.1', f: person, CSeq: '2 INVITE', c: 'application/sdp' },
    body,
  );
const steps: Step[] = [
  ['client', register],
  ['server', challenge],
  ['client', `\r\n\r\n${invite(sdp)}`],
  ['client', invite(secured)],
];
const datagrams: [Side, string][] = [
  ['client', register],
  ['server', challenge],
  ['client', invite(sdp)],
  ['client', invite(secured)],
];

const said = [
  'sip.agent client {"role":"client","method":"REGISTER","software":"Ackermann NurseCall 3.1","host":"bed4-call.hospital.example","domain":"hospital.example"}',
  'credential.cleartext server {"protocol":"sip","field":"authorization","outcome":"unknown"}',
  'sip.agent server {"role":"server","method":"REGISTER","software":"Asterisk PBX 18.2"}',
  'sip.challenge server {"scheme":"Digest","realm":"ward 4","algorithm":"MD5"}',
  'sip.agent client {"role":"client","method":"INVITE"}',
  'sip.media client {"media":"audio","keying":"none","codecs":["PCMU","ILBC"]}',
  'sip.agent client {"role":"client","method":"INVITE"}',
  'sip.media client {"media":"audio","keying":"sdes","codecs":["PCMU","ILBC"]}',
  'credential.cleartext server {"protocol":"sip","field":"SRTP key","outcome":"unknown"}',
];

describe('sip', () => {
  it('tells products, realms and how speech is protected, over UDP and TCP', () => {
    expect(factLines(runDatagram(sip, datagrams))).toEqual(said);
    expect(factLines(runStream(sipStream, steps))).toEqual(said);
  });

  it('lets out no names, numbers, passwords or keys', () => {
    expectNothingLeaks(runDatagram(sip, datagrams), 'zzmark');
    expectNothingLeaks(runStream(sipStream, steps), 'zzmark');
  });

  it('says the same in any segmentation', () => expectSameInAnySegmentation(sipStream, steps));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(sipStream, steps);
    expectDamageHolds(sipStream, steps);
    const bytes = Uint8Array.from(invite(secured), (character) => character.charCodeAt(0));
    for (const damaged of allDamage(bytes)) runDatagram(sip, [['client', damaged]], { force: true });
  });

  test.each([
    'OPTIONS * RTSP/1.0\r\n\r\n',
    'INVITEE sip:a SIP/2.0\r\n',
    'SIP/2.0 999 No\r\n',
    'NOTIFY * HTTP/1.1\r\n',
  ])('does not take %j for it', (text) => expect(runDatagram(sip, [['client', text]]).recognised).toBe('no'));

  it('shows who serves', () => {
    const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
    expect(sip.serverSide?.(bytes(register))).toBe('receiver');
    expect(sip.serverSide?.(bytes(challenge))).toBe('sender');
  });
});

test('hosts come without users and ports, and addresses are none', () => {
  expect(hostOfUri('sip:joe@PBX.example:5060;transport=udp')).toBe('pbx.example');
  expect(hostOfUri('sip:10.1.2.3')).toBeNull();
  expect(hostOfUri('tel:+491234')).toBeNull();
  expect(hostOfVia('SIP/2.0/TCP phone-7;branch=1')).toBe('phone-7');
});

test('a key agreed on by a handshake counts for all streams behind it', () => {
  const text = 'v=0\na=fingerprint:sha-256 00\nm=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\n';
  expect(readSdp(text)).toEqual([{ media: 'audio', keying: 'dtls', keys: [], codecs: ['OPUS'] }]);
});
