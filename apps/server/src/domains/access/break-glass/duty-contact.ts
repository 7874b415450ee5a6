import { createSocket } from 'node:dgram';
import { formatMicros, type noticeSchema } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { DutyConfig } from '../../../config/duty.ts';
import type { Context } from '../../../context.ts';
import { sendMail } from '../../../outgoing/index.ts';
import type { Entered } from './entry.ts';

type Notice = z.infer<typeof noticeSchema>;

/** A hospital's own gateway answers in a second; a person in an emergency does not wait for it at all. */
const TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;
const PAUSE_MS = 2000;

export function channelsOf({ webhook, mail, syslog }: DutyConfig): Notice['channel'][] {
  return [
    ...(webhook === null ? [] : (['webhook'] as const)),
    ...(mail === null ? [] : (['mail'] as const)),
    ...(syslog === null ? [] : (['syslog'] as const)),
  ];
}

/**
 * Tells whoever is on duty that the glass was broken, by each way that is configured, and keeps how that went. Nobody waits for
 * it, and its failure stops nothing. The free text stays here: it may name a patient.
 */
export async function tellDuty(context: Context, entered: Entered): Promise<void> {
  const { duty } = context.config;
  const notices = await Promise.all(channelsOf(duty).map((channel) => tryChannel(context, channel, entered)));
  if (notices.length === 0) return;
  for (const { channel, detail } of notices)
    if (detail !== null) context.log.error({ channel, detail }, 'the duty contact could not be told');
  await sql`update emergency set notices = ${JSON.stringify(notices)}::jsonb where id = ${entered.id}`.execute(
    context.database,
  );
  context.events.emit('access');
}

async function tryChannel(context: Context, channel: Notice['channel'], entered: Entered): Promise<Notice> {
  const message = messageOf(context.config.hospital, entered);
  let failure: string | null = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    failure = await send[channel](context, message).then(() => null, causeOf);
    if (failure === null) break;
    if (attempt < ATTEMPTS) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS).unref());
  }
  const state = failure === null ? 'sent' : 'failed';
  return { channel, state, detail: failure, at: formatMicros(context.now()) };
}

interface Message {
  subject: string;
  fields: Record<string, string | number[] | string[] | null>;
}

function messageOf(
  hospital: string,
  { id, name, role, sites, zones, code, started, until }: Entered,
): Message {
  return {
    subject: `Emergency access at ${hospital}: ${name} is ${role} until ${formatMicros(until)}`,
    fields: {
      event: 'emergency.start',
      emergency: id,
      hospital,
      name,
      role,
      sites,
      zones,
      code,
      started: formatMicros(started),
      until: formatMicros(until),
    },
  };
}

type Way = Pick<Context, 'config' | 'outgoing'>;

const send: Record<Notice['channel'], (way: Way, message: Message) => Promise<void>> = {
  webhook: async ({ config: { duty }, outgoing }, { subject, fields }) => {
    const response = await outgoing.request(duty.webhook!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subject, ...fields }),
      milliseconds: TIMEOUT_MS,
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
  },
  mail: async ({ config: { duty } }, { subject, fields }) => {
    const lines = Object.entries(fields).map(
      ([name, value]) => `${name}: ${value === null ? 'everywhere' : String(value)}`,
    );
    await sendMail(duty.mail!, { subject, text: lines.join('\n') }, TIMEOUT_MS);
  },
  syslog: ({ config: { duty } }, { subject }) => sendSyslog(duty.syslog!, subject),
};

/** RFC 5424 §6, over UDP (RFC 5426): facility 10 (security), severity 1 (alert). */
function sendSyslog({ host, port }: { host: string; port: number }, text: string): Promise<void> {
  const line = Buffer.from(`<81>1 - - wardline - emergency.start - \ufeff${text.replaceAll(/[\r\n]/g, ' ')}`);
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
