import { type AuthorityRow, formatMicros, type Trust } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { mustParse, type StoredAuthority } from './authorities/authorities.ts';
import { stateAt } from './certificates/plan.ts';
import { CALENDAR_DAYS, NEXT_EVENTS } from './limits.ts';

const DAY_MICROS = 86_400_000_000;

/** What is trusted, and what expires, waits or fails next. */
export async function trustOverview(context: Context): Promise<Trust> {
  const { database, authorities, now } = context;
  const at = now();
  const rows = await authorities.all();
  const roots = await readRoots(context);
  const described = await describe(context, rows, at);
  return {
    asOf: formatMicros(at),
    roots: roots.map((root) => ({
      ...root,
      until: formatMicros(root.until),
      added: formatMicros(root.added),
      list: { ...root.list, until: instant(root.list.until) },
    })),
    authorities: described,
    counts: await counts(context, at),
    calendar: await calendar(context, at),
    next: [...ofRoots(roots), ...ofAuthorities(rows), ...(await ofCertificates(database, at))]
      .toSorted((a, b) => a.at - b.at)
      .slice(0, NEXT_EVENTS)
      .map((event) => ({ ...event, at: formatMicros(event.at) })),
  };
}

interface Root {
  fingerprint: string;
  subject: string;
  until: number;
  added: number;
  list: { number: number; until: number | null; revoked: number };
}

async function readRoots({ database }: Context): Promise<Root[]> {
  const { rows } = await sql<Root>`
    select fingerprint, subject, not_after as until, added,
      json_build_object('number', list_number, 'until', list_until, 'revoked', cardinality(revoked)) as list
    from trust_root order by added`.execute(database);
  return rows;
}

async function describe(
  context: Context,
  rows: readonly StoredAuthority[],
  at: number,
): Promise<AuthorityRow[]> {
  const { rows: counted } = await sql<{
    authority: string;
    holding: number;
    revoked: number;
  }>`select authority::text,
    (count(*) filter (where revoked is null and not_after > ${at}))::int as holding,
    (count(*) filter (where revoked is not null))::int as revoked from certificate group by authority`.execute(
    context.database,
  );
  const byId = new Map(counted.map((row) => [row.authority, row]));
  return Promise.all(
    rows.map(async (row) => ({
      ...namesOf(row, at),
      open: row.certificate === null || (await context.authorities.open(row)) !== null,
      holding: byId.get(row.id)?.holding ?? 0,
      revoked: byId.get(row.id)?.revoked ?? 0,
    })),
  );
}

const instant = (micros: number | null): string | null => (micros === null ? null : formatMicros(micros));

const namesOf = (row: StoredAuthority, at: number) => ({
  id: row.id,
  zone: row.zone,
  domain: row.domain,
  organization: row.organization,
  state: isOver(row, at) ? ('expired' as const) : row.state,
  root: row.root,
  serial: row.certificate === null ? null : mustParse(row.certificate).serial,
  added: formatMicros(row.added),
  from: instant(row.not_before),
  until: instant(row.not_after),
  list: { number: row.list_number, until: instant(row.list_until) },
  responderUntil: instant(row.responder_until),
});

const isOver = ({ state, not_after: end }: StoredAuthority, at: number): boolean =>
  state !== 'withdrawn' && end !== null && end <= at;

async function counts({ database }: Context, at: number): Promise<Trust['counts']> {
  const { rows } = await sql<Trust['counts']>`
    with c as (select assurance, ${stateAt(at)} as state from certificate c)
    select (count(*) filter (where state = 'valid'))::int as valid, (count(*) filter (where state = 'due'))::int as due,
      (count(*) filter (where state = 'expired'))::int as expired, (count(*) filter (where state = 'revoked'))::int as revoked,
      (count(*) filter (where state in ('valid', 'due') and assurance = 'software'))::int as software,
      (count(*) filter (where state in ('valid', 'due') and assurance = 'hardware-claimed'))::int as claimed,
      (count(*) filter (where state in ('valid', 'due') and assurance = 'hardware-proved'))::int as proved,
      (select count(*)::int from enrolment where state = 'waiting') as waiting
    from c`.execute(database);
  return rows[0]!;
}

/** By the day in UTC: how many end that nobody renewed, and how many are due for renewal. */
async function calendar({ database }: Context, at: number): Promise<Trust['calendar']> {
  const { rows } = await sql<Trust['calendar'][number]>`
    with days as (
      select not_after as at, 1 as ends, 0 as renewals from certificate where revoked is null and renewed is null
      union all
      select renew_at, 0, 1 from certificate where revoked is null and renewed is null
    )
    select to_char(to_timestamp(at / 1000000.0) at time zone 'UTC', 'YYYY-MM-DD') as day, sum(ends)::int as ends, sum(renewals)::int as renewals
    from days where at >= ${at} and at < ${at + CALENDAR_DAYS * DAY_MICROS} group by 1 order by 1`.execute(
    database,
  );
  return rows;
}

type NextEvent = Omit<Trust['next'][number], 'at'> & { at: number };

const ofRoots = (roots: readonly Root[]): NextEvent[] =>
  roots.flatMap(({ subject, until, list }) => [
    ...event(until, 'root', `The root ${subject} ends.`),
    ...event(
      list.until,
      'list',
      `The list of what ${subject} itself revoked ends; make the next one in a ceremony, or whoever checks whole chains trusts nobody.`,
    ),
  ]);

function ofAuthorities(rows: readonly StoredAuthority[]): NextEvent[] {
  return rows
    .filter(({ state }) => state === 'issuing' || state === 'retiring')
    .flatMap(({ zone, state, not_after: end, list_until: list, responder_until: responder }) => [
      ...event(
        end,
        'authority',
        state === 'issuing'
          ? `The authority of ${zone} ends; make the next one two years before.`
          : `The earlier authority of ${zone} ends.`,
      ),
      ...event(list, 'list', `The list of what ${zone} revoked ends, unless it is signed anew.`),
      ...event(responder, 'answers', `The certificate by which ${zone} answers ends, unless it is renewed.`),
    ]);
}

const event = (at: number | null, kind: NextEvent['kind'], text: string): NextEvent[] =>
  at === null ? [] : [{ at, kind, text, certificate: null }];

/** Those that are due and that nobody renewed. */
async function ofCertificates(database: Context['database'], at: number): Promise<NextEvent[]> {
  const { rows } = await sql<{ id: string; holder: string; zone: string; end: number; name: string | null }>`
    select c.id, c.holder, c.zone, c.not_after as end, a.name from certificate c left join asset a on a.id = c.asset
    where c.revoked is null and c.renewed is null and c.not_after > ${at} and c.renew_at <= ${at}
    order by c.not_after limit ${NEXT_EVENTS}`.execute(database);
  return rows.map(({ id, holder, zone, end, name }) => ({
    at: end,
    kind: 'certificate',
    text: `The certificate of ${name ?? holder} in ${zone} ends and has not been renewed.`,
    certificate: id,
  }));
}
