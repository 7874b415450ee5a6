import type { LogLine, SensorBatch } from '@wardline/model';
import { logLineSchema } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SYSLOG_MESSAGE_BYTES } from '../limits.ts';
import { SyslogSplitter } from './framing.ts';
import { LogMask } from './mask.ts';
import { readSyslogMessage } from './message.ts';
import { readSyslog, type SyslogArrival } from './read.ts';

const NOON = Date.UTC(2026, 10, 26, 12) * 1000;
const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (some: Uint8Array[]) => some.map((one) => new TextDecoder().decode(one));
const read = (text: string) => readSyslogMessage(bytes(text), NOON);

describe('reading a message', () => {
  it('of RFC 5424: all of its head, structured data with its escapes, and the text behind a mark of byte order', () => {
    const message =
      '<165>1 2026-10-11T22:14:15.003Z pump-7.ward.example infusiond 812 ID47 [x@32473 iut="3" source="a\\"b\\]c\\\\"][y k="v"] \uFEFFstopped';
    expect(read(message)).toEqual({
      form: 'rfc5424',
      facility: 20,
      severity: 5,
      stated: Date.UTC(2026, 9, 11, 22, 14, 15, 3) * 1000,
      host: 'pump-7.ward.example',
      application: 'infusiond',
      process: '812',
      messageId: 'ID47',
      data: [
        ['x@32473.iut', '3'],
        ['x@32473.source', 'a"b]c\\'],
        ['y.k', 'v'],
      ],
      text: 'stopped',
    });
    expect(read('<13>1 - - - - - - hello')).toMatchObject({
      host: null,
      application: null,
      stated: null,
      text: 'hello',
    });
  });

  it.each([
    [
      '<34>Oct 11 22:14:15 monitor-3 su[712]: failed',
      { host: 'monitor-3', application: 'su', process: '712', text: 'failed' },
    ],
    [
      '<38>2026-11-26T11:00:00.1+00:00 gate sshd[1]: x',
      { host: 'gate', application: 'sshd', stated: (Date.UTC(2026, 10, 26, 11) + 100) * 1000 },
    ],
    [
      '<13>Nov  6 01:02:03 gate text without a tag',
      { host: null, text: 'gate text without a tag', stated: Date.UTC(2026, 10, 6, 1, 2, 3) * 1000 },
    ],
    [
      '<189>Nov 26 11:00:00 sw1 %SYS-5-CONFIG_I: Configured',
      { messageId: '%SYS-5-CONFIG_I', application: null, text: 'Configured' },
    ],
    ['<13>plain words', { host: null, text: 'plain words' }],
  ])('of RFC 3164 and its relatives: %s', (message, expected) => {
    expect(read(message)).toMatchObject({ form: 'rfc3164', ...expected });
  });

  it('takes a month without a year for the last one that it can be', () => {
    expect(read('<34>Dec 31 23:59:59 h su: x').stated).toBe(Date.UTC(2025, 11, 31, 23, 59, 59) * 1000);
  });

  it.each(['<192>1 - - - - - - x', 'no priority at all', ''])('%j is a text of no form', (message) => {
    expect(read(message)).toMatchObject({ form: 'other', facility: null, text: message });
  });
});

describe('cutting a stream', () => {
  const split = (...chunks: string[]) => {
    const lost: string[] = [];
    const splitter = new SyslogSplitter((cause) => lost.push(cause));
    const messages = [...chunks.flatMap((chunk) => splitter.push(bytes(chunk))), ...splitter.end()];
    return { messages: textOf(messages), lost };
  };

  it('by octet counts and by lines, each message by itself', () => {
    expect(split('5 <1>ab<2>c\n9 <3>x\ny z\n<4>d').messages).toEqual([
      '<1>ab',
      '<2>c',
      '<3>x\ny z\n',
      '<4>d',
    ]);
    expect(split('<1>a\0<2>b\n').messages).toEqual(['<1>a', '<2>b']);
  });

  it('the same wherever the network cuts it', () => {
    const whole = '11 <34>1 - a b<13>line one\n7 <1>\nabc<2>end\n';
    const expected = split(whole).messages;
    for (let at = 1; at < whole.length; at += 1)
      expect(split(whole.slice(0, at), whole.slice(at)).messages).toEqual(expected);
  });

  it.each([SYSLOG_MESSAGE_BYTES, SYSLOG_MESSAGE_BYTES + 1])(
    'takes %i bytes if that is within its bound, and goes on behind',
    (length) => {
      const fits = length <= SYSLOG_MESSAGE_BYTES;
      const long = 'x'.repeat(length);
      for (const message of [`${length} ${long}`, `${long}\n`]) {
        const { messages, lost } = split(message.slice(0, 100), message.slice(100), '<1>next\n');
        expect([messages.length, messages.at(-1), lost]).toEqual([
          fits ? 2 : 1,
          '<1>next',
          fits ? [] : ['syslog-too-long'],
        ]);
      }
    },
  );

  it('counts what is cut off, and a count that none can be, and finds the next line', () => {
    expect(split('20 <1>ab')).toEqual({ messages: [], lost: ['syslog-cut-off'] });
    expect(split('12345678 x\n<1>a\n')).toEqual({ messages: ['<1>a'], lost: ['syslog-damaged-count'] });
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const splitter = new SyslogSplitter(() => {});
        for (const chunk of chunks) splitter.push(chunk);
        splitter.end();
      }),
    );
  });
});

describe('masking', () => {
  const mask = new LogMask((value) => `${value.length}aaaaaaaaa`);

  it.each([
    ['opened record for mrn=00231 by nurse', '00231'],
    ['patient name: "Ada Quill" admitted', 'Quill'],
    ['user bob password=Sesame7 accepted', 'Sesame7'],
    ['got PID|1||4711^^^H||QUILL^ADA', 'QUILL'],
    ['C-FIND (0010,0010)=QUILL^ADA', 'QUILL'],
    ['mail to ada@quill.example bounced', 'quill'],
    ['study 10293847 stored', '10293847'],
    ['born 01.02.1980 in', '1980'],
    ['Authorization: Bearer eyJhbGciOi.xyz', 'eyJhbGciOi'],
    ['{"patientName":"Quill","x":1}', 'Quill'],
  ])('%j loses %s', (text, secret) => {
    const masked = mask.text(text);
    expect(masked).not.toContain(secret);
    expect(masked).toMatch(/\[#\d+a+\]/);
  });

  it.each([
    'Failed password for root from 10.0.0.5 port 22 ssh2',
    'pid=1234567 comm="sh" exe="/usr/bin/sh"',
    'conn 2026-11-26T10:00:00 fe80::12:34567:1 up',
    'sentbyte=12345678 rcvdbyte=99999999 action=deny',
  ])('%j stays as it is', (text) => {
    expect(mask.text(text).replace(/pid=\[#[^\]]*\]/, 'pid=1234567')).toBe(text);
  });
});

async function lines(
  ...arrivals: Partial<SyslogArrival>[]
): Promise<{ logs: LogLine[]; batches: SensorBatch[] }> {
  const source = (async function* () {
    for (const one of arrivals)
      yield { at: NOON, from: '10.0.0.7', transport: 'tcp' as const, bytes: null, ...one };
  })();
  const batches: SensorBatch[] = [];
  const redactor = { mark: (value: string) => `${value.length}aaaaaaaaa`, knownDefault: () => null };
  const lost = new Map([['lost-before-reading', 3]]);
  for await (const batch of readSyslog(source, {
    file: 'syslog',
    sensor: 's',
    stream: 't',
    redactor,
    lostByCause: () => lost,
  }))
    batches.push(batch);
  return { logs: batches.flatMap((batch) => batch.logs ?? []), batches };
}

describe('lines', () => {
  it('hold what a rule asks, tell who logs, and count what was lost', async () => {
    const { logs, batches } = await lines({
      bytes: bytes(
        '<86>1 2026-11-26T11:59:59Z gate sshd 99 - [o@1 user="root" mrn="77"] Failed password for root src=10.0.0.5',
      ),
    });
    expect(logs).toMatchObject([
      {
        at: NOON,
        source: { ip: '10.0.0.7', mac: null },
        facility: 10,
        severity: 6,
        application: 'sshd',
        fields: { 'o@1.user': 'root', 'o@1.mrn': '[#2aaaaaaa]', src: '10.0.0.5' },
        evidence: { capture: 'syslog', packet: 1 },
      },
    ]);
    expect(batches.flatMap(({ sightings }) => sightings)).toMatchObject([
      {
        kind: 'syslog.sender',
        subject: { ip: '10.0.0.7' },
        facts: { hostname: 'gate', application: 'sshd', facility: 10 },
      },
    ]);
    expect(batches[0]!.statistics).toMatchObject({ packets: 1, dropped: { 'lost-before-reading': 3 } });
  });

  it('of whatever bytes are what intake takes', async () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ maxLength: 90 }).map((text) => bytes(`<13>1 - ${text}`)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (messages) => {
        const { logs } = await lines(...messages.map((one) => ({ bytes: one })));
        for (const line of logs) expect(logLineSchema.safeParse(line).error).toBeUndefined();
      }),
    );
    const long = await lines({
      bytes: bytes(`<13>1 - ${'h'.repeat(200)} - - - [${'x='.repeat(5000)}] ${'a=b '.repeat(900)}`),
    });
    expect(logLineSchema.safeParse(long.logs[0]).success).toBe(true);
  });
});
