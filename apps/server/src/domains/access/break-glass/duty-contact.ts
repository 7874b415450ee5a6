import { formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { type DutyMessage, tellDutyContact } from '../../../outgoing/index.ts';
import type { Entered } from './entry.ts';

/**
 * Tells whoever is on duty that the glass was broken, by each way that is configured, and keeps how that went. Nobody waits for
 * it, and its failure stops nothing. The free text stays here: it may name a patient.
 */
export async function tellDuty(context: Context, entered: Entered): Promise<void> {
  const { config, outgoing, now } = context;
  const way = { duty: config.duty, outgoing, now };
  const notices = await tellDutyContact(way, messageOf(config.hospital, entered));
  if (notices.length === 0) return;
  for (const { channel, detail } of notices)
    if (detail !== null) context.log.error({ channel, detail }, 'the duty contact could not be told');
  await sql`update emergency set notices = ${JSON.stringify(notices)}::jsonb where id = ${entered.id}`.execute(
    context.database,
  );
  context.events.emit('access');
}

function messageOf(
  hospital: string,
  { id, name, role, sites, zones, code, started, until }: Entered,
): DutyMessage {
  return {
    event: 'emergency.start',
    subject: `Emergency access at ${hospital}: ${name} is ${role} until ${formatMicros(until)}`,
    fields: {
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
