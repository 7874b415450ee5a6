import { describe, expect, it, test } from 'vitest';
import { bytes } from '../../testing/frames.ts';
import { runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectNothingLeaks,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { rtsp } from './index.ts';
import { MAX_BODY, MAX_START_LINE } from './limits.ts';

const sdp = [
  'v=0',
  'o=- 1 1 IN IP4 10.0.0.2',
  's=ZZMARK room 4',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'm=audio 0 RTP/SAVP 0',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:ZZMARKkey|2^20',
  '',
].join('\r\n');

function message(start: string, fields: Record<string, string> = {}, body = ''): string {
  const length: Record<string, string> = body === '' ? {} : { 'Content-Length': String(body.length) };
  const lines = Object.entries({ CSeq: '1', ...fields, ...length });
  return [start, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n');
}
const ok = (fields: Record<string, string> = {}, body = '') =>
  message('RTSP/1.0 200 OK', { Server: 'ACME IPC 2.1', ...fields }, body);

const steps: Step[] = [
  [
    'client',
    message('OPTIONS rtsp://zzmark:zzmark1@10.0.0.2/zzmark RTSP/1.0', { 'User-Agent': 'LibVLC/3.0.18' }),
  ],
  [
    'server',
    message('RTSP/1.0 401 Unauthorized', {
      Server: 'ACME IPC 2.1',
      'WWW-Authenticate': 'Digest realm="IP Camera(12345)", nonce="abc"',
    }),
  ],
  [
    'client',
    message('DESCRIBE rtsp://10.0.0.2/zzmark RTSP/1.0', { Authorization: 'Basic enptYXJrOnp6bWFyaw==' }),
  ],
  ['server', ok({ 'Content-Type': 'application/sdp' }, sdp)],
  [
    'client',
    message('SETUP rtsp://10.0.0.2/zzmark RTSP/1.0', { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' }),
  ],
  ['server', ok({ Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=1' })],
  ['server', bytes('$', 0, 0, 5, 'RTSP/')],
  ['client', message('PLAY rtsp://10.0.0.2/zzmark RTSP/1.0')],
  ['server', `\r\n${ok({ Transport: 'RTP/SAVP;multicast' })}`],
];

const said = [
  'rtsp.agent client {"role":"client","method":"OPTIONS","software":"LibVLC/3.0.18"}',
  'credential.cleartext server {"protocol":"rtsp","field":"address","outcome":"unknown"}',
  'rtsp.agent server {"role":"server","software":"ACME IPC 2.1"}',
  'rtsp.challenge server {"scheme":"Digest","realm":"IP Camera(12345)"}',
  'rtsp.agent client {"role":"client","method":"DESCRIBE"}',
  'credential.cleartext server {"protocol":"rtsp","field":"authorization","outcome":"unknown"}',
  'rtsp.agent server {"role":"server","software":"ACME IPC 2.1"}',
  'rtsp.media server {"media":"video","keying":"none","codecs":["H264"]}',
  'rtsp.media server {"media":"audio","keying":"sdes","codecs":["PCMU"]}',
  'credential.cleartext client {"protocol":"rtsp","field":"SRTP key","outcome":"unknown"}',
  'rtsp.agent client {"role":"client","method":"SETUP"}',
  'rtsp.agent server {"role":"server","software":"ACME IPC 2.1"}',
  'rtsp.transport server {"profile":"AVP","lower":"TCP","delivery":"unicast"}',
  'rtsp.agent client {"role":"client","method":"PLAY"}',
  'rtsp.agent server {"role":"server","software":"ACME IPC 2.1"}',
  'rtsp.transport server {"profile":"SAVP","lower":"UDP","delivery":"multicast"}',
];

describe('rtsp', () => {
  it('tells products, logins, streams and how they are carried, packets of the streams between', () => {
    expect(factLines(runStream(rtsp, steps))).toEqual(said);
  });

  it('lets out no addresses, names or passwords', () => expectNothingLeaks(runStream(rtsp, steps), 'zzmark'));
  it('says the same in any segmentation', () => expectSameInAnySegmentation(rtsp, steps));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(rtsp, steps);
    expectDamageHolds(rtsp, steps);
  });

  it('reads a start line and a body within their bounds', () => {
    const line = (length: number) =>
      `OPTIONS ${'a'.repeat(length - 'OPTIONS  RTSP/1.0\r\n'.length)} RTSP/1.0\r\n\r\n`;
    const recognised = (text: string) => runStream(rtsp, [['client', text]]).recognised;
    expect(recognised(line(MAX_START_LINE))).toBe('yes');
    expect(recognised(line(MAX_START_LINE + 1))).toBe('no');
    const media = (length: number) =>
      runStream(rtsp, [
        ['server', ok({ 'Content-Type': 'application/sdp' }, sdp.padEnd(length, '\n'))],
      ]).sightings.filter(({ kind }) => kind === 'rtsp.media');
    expect(media(MAX_BODY)).toHaveLength(2);
    expect(media(MAX_BODY + 1)).toHaveLength(0);
  });

  test.each([
    'OPTIONS * HTTP/1.1\r\n\r\n',
    'OPTIONS sip:a SIP/2.0\r\n\r\n',
    'SETUPS rtsp://a RTSP/1.0\r\n\r\n',
    'RTSP/1.0 999 No\r\n\r\n',
    'RTSP/3.0 200 OK\r\n\r\n',
  ])('does not take %j for it', (text) => expect(runStream(rtsp, [['client', text]]).recognised).toBe('no'));

  it.each([
    ['content-length: -1', 'rtsp-length'],
    ['content-length: x', 'rtsp-length'],
  ])('leaves a stream with %s', (field, cause) => {
    const run = runStream(rtsp, [['client', `PLAY rtsp://a RTSP/1.0\r\n${field}\r\n\r\n`]]);
    expect([run.ended, run.malformed]).toEqual([true, { [cause]: 1 }]);
  });
});
