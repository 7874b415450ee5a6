import { createSocket } from 'node:dgram';
import { formatMicros, type noticeSchema } from '@wardline/model';
import type { z } from 'zod';
import type { DutyConfig, DutySyslog } from '../config/duty.ts';
import { sendMail } from './mail.ts';
import type { Outgoing } from './outgoing.ts';
import { SyslogConnection } from './syslog-connection.ts';

type Notice = z.infer<typeof noticeSchema>;

/** A hospital's own gateway answers in a second; whoever tells does not wait for it at all. */
const TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;
const PAUSE_MS = 2000;

export interface DutyMessage {
  /** As `emergency.start`: MSGID of RFC 5424 §6.2.7. */
  event: string;
  subject: string;
  fields: Record<string, string | number[] | string[] | null>;
}

/** By which the duty contact is told. */
export interface DutyWay {
  duty: DutyConfig;
  outgoing: Pick<Outgoing, 'request'>;
  now: () => number;
}

export function channelsOf({ webhook, mail, syslog }: DutyConfig): Notice['channel'][] {
  return [
    ...(webhook === null ? [] : (['webhook'] as const)),
    ...(mail === null ? [] : (['mail'] as const)),
    ...(syslog === null ? [] : (['syslog'] as const)),
  ];
}

/** Tells whoever is on duty by each way that is configured, and how that went. Never throws. */
export function tellDutyContact(way: DutyWay, message: DutyMessage): Promise<Notice[]> {
  return Promise.all(channelsOf(way.duty).map((channel) => tryChannel(way, channel, message)));
}

async function tryChannel(way: DutyWay, channel: Notice['channel'], message: DutyMessage): Promise<Notice> {
  let failure: string | null = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    failure = await send[channel](way, message).then(() => null, causeOf);
    if (failure === null) break;
    if (attempt < ATTEMPTS) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
  }
  const state = failure === null ? 'sent' : 'failed';
  return { channel, state, detail: failure, at: formatMicros(way.now()) };
}

const send: Record<Notice['channel'], (way: DutyWay, message: DutyMessage) => Promise<void>> = {
  webhook: async ({ duty, outgoing }, { event, subject, fields }) => {
    const response = await outgoing.request(duty.webhook!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subject, event, ...fields }),
      milliseconds: TIMEOUT_MS,
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
  },
  mail: async ({ duty }, { event, subject, fields }) => {
    const lines = Object.entries({ event, ...fields }).map(
      ([name, value]) => `${name}: ${value ?? 'everywhere'}`,
    );
    await sendMail(duty.mail!, { subject, text: lines.join('\n') }, TIMEOUT_MS);
  },
  syslog: ({ duty }, message) => sendSyslog(duty.syslog!, message),
};

/** RFC 5424 §6: facility 10 (security), severity 1 (alert). */
function sendSyslog(place: DutySyslog, { event, subject }: DutyMessage): Promise<void> {
  const line = Buffer.from(`<81>1 - - wardline - ${event} - \ufeff${subject.replaceAll(/[\r\n]/g, ' ')}`);
  return place.over === 'tls' ? overTls(place, line) : overUdp(place, line);
}

/** RFC 5425 §4.3: each message behind its length. @throws where the other side did not end in order, so that it may be lost */
async function overTls(place: DutySyslog, line: Buffer): Promise<void> {
  const connection = await SyslogConnection.open({ ...place, certificate: undefined, key: undefined });
  await connection.send(Buffer.concat([Buffer.from(`${line.length} `), line]));
  if (!(await connection.end())) throw new Error('it did not say that it took it');
}

/** RFC 5426. */
function overUdp({ host, port }: DutySyslog, line: Buffer): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  return new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.send(line, port, host, (error) => (error ? reject(error) : resolve()));
  }).finally(() => socket.close());
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = (cause ?? {}) as { code?: string; message?: string };
  return (typeof code === 'string' ? code : message || 'no answer').slice(0, 200);
}
