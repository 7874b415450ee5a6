import type { MailReceiver, Severity, Story } from '@wardline/model';
import { sql } from 'kysely';
import { sendMail } from '../../outgoing/index.ts';
import type { Database } from '../../store/database.ts';
import { numbersKept } from '../watch/index.ts';
import { placeOf, served } from './cursor.ts';
import { MAIL_MILLISECONDS, MAIL_STORIES } from './limits.ts';
import { openSecret } from './secret.ts';
import { rest, type SendingNeeds, type Served, type Way } from './sending.ts';

const MINUTE_MICROS = 60_000_000;

/** Something grave that the receiver was not told of, or that is graver than it was. */
interface Grave {
  id: string;
  site: string;
  severity: Severity;
  severity_rank: number;
  /** When its first alert was told, µs. */
  told: number;
  body: Pick<Story, 'title' | 'meaning' | 'advice'>;
}

/**
 * Mail is quiet: it tells grave stories, each once unless it becomes graver, gathered into one mail; what is critical is not gathered. What is
 * critical ends the gathering of the others, too.
 */
export const mailWay: Way = async (needs, receiver, ending) => {
  const { database, pace, now } = needs;
  const { gather } = receiver.settings as MailReceiver;
  // Since when something waits to be told together with what comes.
  let gathering: number | null = null;
  for (let { sure } = await placeOf(database, receiver.id); !ending.aborted; await rest(pace.poll, ending)) {
    const { latest } = await numbersKept(database);
    if (latest === sure) continue;
    const grave = await graveSince(database, receiver.id, sure);
    gathering = grave.length === 0 ? null : (gathering ?? now());
    const isDue = gathering !== null && now() - gathering >= gather * MINUTE_MICROS;
    const waits = grave.length > 0 && !isDue && grave.every(({ severity }) => severity !== 'critical');
    if (waits) continue;
    if (grave.length > 0) await tell(needs, receiver, { grave, from: sure + 1, upTo: latest });
    await keep(needs, receiver.id, grave, latest);
    [sure, gathering] = [latest, null];
  }
};

async function graveSince(database: Database, receiver: string, number: number): Promise<Grave[]> {
  const { rows } = await sql<Grave>`
    select s.id, p.name as site, s.severity, s.severity_rank, s.told, s.body from watch_story s join site p on p.id = s.site
    left join alert_receiver_mailed m on m.story = s.id and m.receiver = ${receiver}
    where s.severity in ('critical', 'high') and s.state <> 'resolved' and (m.story is null or s.severity_rank < m.severity_rank)
      and exists (select from watch_alert a where a.story = s.id and a.number > ${number})
    order by s.urgency, s.id`.execute(database);
  return rows;
}

interface Telling {
  grave: readonly Grave[];
  from: number;
  upTo: number;
}

/** @throws where the relay did not take it */
async function tell(needs: SendingNeeds, receiver: Served, telling: Telling): Promise<void> {
  const { host, port, tls, ca, from, to, user } = receiver.settings as MailReceiver;
  const password = await openSecret(needs.keys, receiver);
  const login = user === null || password === null ? {} : { login: { user, password } };
  const lookup = needs.outgoing.lookupOf(host, port);
  await sendMail(
    { host, port, tls, ca: ca ?? undefined, from, to, lookup, ...login },
    { subject: subjectOf(telling), text: textOf(telling) },
    MAIL_MILLISECONDS,
  );
}

function subjectOf({ grave, from, upTo }: Telling): string {
  const critical = grave.filter(({ severity }) => severity === 'critical').length;
  const first = grave.length === 1 ? grave[0]!.body.title : `${grave.length} grave stories`;
  return `Wardline: ${critical > 0 ? 'CRITICAL, ' : ''}${first} (alerts ${from}–${upTo})`;
}

/** No device and no address is named: mail is read on telephones and kept by others. */
function textOf({ grave, from, upTo }: Telling): string {
  const named = grave
    .slice(0, MAIL_STORIES)
    .flatMap(({ id, site, severity, body }) => [
      `${severity.toUpperCase()} at ${site}: ${body.title}`,
      `  ${body.meaning}`,
      `  First: ${body.advice}`,
      `  Story ${id}`,
      '',
    ]);
  const more = grave.length - MAIL_STORIES;
  return [
    ...named,
    ...(more > 0 ? [`and ${more} more.`, ''] : []),
    `Look at them in the console under Watch, Stories. This mail covers alerts ${from} to ${upTo}; the mail after it begins with ${upTo + 1}.`,
    'What is not grave, and what you were told of already, is in no mail.',
    '',
  ].join('\n');
}

/** Where this is lost after the relay took the mail, the mail is sent again; its subject holds the same first number. */
async function keep(
  { database, now, changed }: SendingNeeds,
  receiver: string,
  grave: readonly Grave[],
  latest: number,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`insert into alert_receiver_mailed (receiver, story, severity_rank)
      select ${receiver}, s.id, n.severity_rank from watch_story s
      join jsonb_to_recordset(${JSON.stringify(grave)}::jsonb) as n (id text, severity_rank smallint) on n.id = s.id
      on conflict (receiver, story) do update set severity_rank = excluded.severity_rank`.execute(
      transaction,
    );
    const at = grave.length === 0 ? null : now();
    await served(transaction, receiver, { sent: latest, sure: latest, at });
  });
  changed();
}
