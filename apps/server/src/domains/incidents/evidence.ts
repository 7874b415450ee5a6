import { type EvidenceFact, type EvidenceMember, formatMicros } from '@wardline/model';
import { type BreachClock, breachClocks } from '@wardline/risk';
import { sql } from 'kysely';
import { factOf, type Gatherer } from '../../evidence/index.ts';
import type { Executor } from '../../store/database.ts';
import type { StoredIncident } from './records.ts';

const MINUTE = 60_000_000;
const DAY = 86_400_000_000;
/** For how long a drill shows that incidents can be handled, and a notice that came late stays named: until the yearly look (164.308(a)(8)). */
const YEAR = 366 * DAY;

type Kept = StoredIncident & { settled: string[] };

/** Whether incidents go on as their playbooks say, and whether breaches were told in time. */
export const incidentsEvidence: Gatherer = async ({ database }, at) => {
  const incidents = await incidentsOf(database);
  return [handledFact(incidents, at), toldFact(incidents, at)];
};

async function incidentsOf(database: Executor): Promise<Kept[]> {
  const { rows } = await sql<Kept>`
    select i.*, coalesce((select array_agg(s.step) from incident_step s where s.incident = i.number), '{}') as settled
    from incident i order by i.number desc`.execute(database);
  return rows;
}

const member = (
  { number, title }: StoredIncident,
  answer: EvidenceMember['answer'],
  note: string,
): EvidenceMember => ({ kind: 'other', id: `incident:${number}`, name: `#${number} ${title}`, answer, note });

/** 45 CFR 164.308(a)(6)(ii). Where nothing ever happened, a drill of the last year shows that it can be done; without one nothing is known. */
function handledFact(incidents: readonly Kept[], at: number): EvidenceFact {
  const looked = incidents.filter(({ drill, opened }) => !drill || opened > at - YEAR);
  return factOf('incidents.handled', {
    asOf: at,
    population: looked.length,
    members: looked.flatMap((one) => {
      const late = lateSteps(one, at);
      const more = late.length > 2 ? ` and ${late.length - 2} more` : '';
      return late.length === 0
        ? []
        : [member(one, 'fails', `Overdue: ${late.slice(0, 2).join('; ')}${more}.`)];
    }),
  });
}

/** Steps of what is not closed that nobody has settled in their time. Who closes an incident has settled all of them. */
function lateSteps({ state, playbook, began, settled }: Kept, at: number): string[] {
  if (state === 'closed') return [];
  return playbook.steps
    .filter(({ id, within }) => within !== undefined && began + within * MINUTE < at && !settled.includes(id))
    .map(({ title }) => title);
}

/** 45 CFR 164.404 to 164.410. An incident that was closed without a word on patients' data is open here. */
function toldFact(incidents: readonly Kept[], at: number): EvidenceFact {
  const real = incidents.filter(({ drill }) => !drill);
  return factOf('incidents.breaches-told', {
    asOf: at,
    population: real.length,
    members: real.flatMap((one) => noticesOf(one, at)),
    holdsOfNone: true,
  });
}

function noticesOf(incident: Kept, at: number): EvidenceMember[] {
  const { breach, notices, state } = incident;
  if (breach === null)
    return state === 'closed'
      ? [
          member(
            incident,
            'unknown',
            'It is closed, and nobody wrote down whether data of patients were concerned.',
          ),
        ]
      : [];
  const late = breachClocks(breach)
    .filter(({ notice }) => notice !== 'records')
    .flatMap((clock) => lateness(clock, notices[clock.notice] ?? null, at));
  return late.length === 0 ? [] : [member(incident, 'fails', late.join(' '))];
}

function lateness({ notice, clause, due }: BreachClock, given: string | null, at: number): string[] {
  const today = formatMicros(at).slice(0, 10);
  const yearAgo = formatMicros(at - YEAR).slice(0, 10);
  const whom = `The notice to the ${notice.replaceAll('-', ' ')} (${clause})`;
  if (given === null) return due < today ? [`${whom} was due on ${due} and is not sent.`] : [];
  return given > due && given > yearAgo ? [`${whom} was due on ${due} and sent on ${given}.`] : [];
}
