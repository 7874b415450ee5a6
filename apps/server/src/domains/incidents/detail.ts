import type { Playbook } from '@wardline/knowledge';
import {
  type DutyContact,
  formatMicros,
  type IncidentBreach,
  type IncidentDetail,
  type IncidentEntry,
  type IncidentRow,
  type IncidentStep,
  incidentRoleNames,
} from '@wardline/model';
import { assessBreach, breachClocks } from '@wardline/risk';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Executor } from '../../store/database.ts';
import { readIncident, type StoredIncident } from './records.ts';

const MINUTE = 60_000_000;

interface StoredStep {
  step: string;
  state: 'done' | 'skipped';
  at: number;
  by: string;
  note: string;
  at_bedside: string;
}

/** All incidents, those that are open first, then the latest. */
export async function listIncidents({ database, now }: Context): Promise<IncidentRow[]> {
  const { rows } = await sql<StoredIncident & { by: string; settled: number }>`
    select i.*, coalesce(p.name, i.opened_by) as by,
      (select count(*)::int from incident_step s where s.incident = i.number) as settled
    from incident i left join person p on i.opened_by = 'person:' || p.id::text
    order by i.state = 'closed', i.opened desc, i.number desc`.execute(database);
  return rows.map((row) => ({
    ...headOf(row, row.by, row.settled, now()),
    assets: row.assets.length,
    steps: row.playbook.steps.length,
  }));
}

function headOf(
  incident: StoredIncident,
  openedBy: string,
  stepsDone: number,
  now: number,
): Omit<IncidentRow, 'assets' | 'steps'> {
  const { number, title, drill, state, began, opened, changed, playbook } = incident;
  const open = breachOf(incident, now)?.clocks.filter(
    ({ notice, given }) => notice !== 'records' && given === null,
  );
  return {
    number,
    title,
    drill,
    state,
    playbook: playbook.id,
    playbookTitle: playbook.title,
    began: formatMicros(began),
    opened: formatMicros(opened),
    changed: formatMicros(changed),
    openedBy,
    stepsDone,
    nextClock: open?.[0]?.due ?? null,
  };
}

/** @throws Refusal where there is no such incident */
export async function incidentDetail({ database, now }: Context, number: number): Promise<IncidentDetail> {
  const incident = await readIncident(database, number);
  const at = now();
  const [settled, timeline, contacts, assets, by] = await Promise.all([
    readSteps(database, number),
    readTimeline(database, number),
    readContacts(database),
    readAssets(database, incident.assets),
    nameOf(database, incident.opened_by),
  ]);
  const duties = incidentRoleNames.flatMap((role) =>
    incident.duties[role] === undefined ? [] : [{ role, person: incident.duties[role] }],
  );
  return {
    ...headOf(incident, by, settled.length, at),
    asOf: formatMicros(at),
    when: incident.playbook.when,
    assets,
    steps: stepsOf(incident.playbook, incident.began, settled),
    duties,
    contacts,
    timeline,
    breach: breachOf(incident, at),
  };
}

function stepsOf({ steps }: Playbook, began: number, settled: readonly StoredStep[]): IncidentStep[] {
  const byId = new Map(settled.map((row) => [row.step, row]));
  return steps.map((step) => {
    const row = byId.get(step.id);
    const isReady = step.after.every((id) => byId.has(id));
    return {
      ...step,
      due: step.within === undefined ? null : formatMicros(began + step.within * MINUTE),
      bedside: step.bedside ?? null,
      stop: step.stop ?? null,
      state: row?.state ?? (isReady ? 'ready' : 'waiting'),
      at: row === undefined ? null : formatMicros(row.at),
      by: row?.by ?? null,
      note: row?.note ?? '',
      atBedside: row?.at_bedside ?? '',
    };
  });
}

function breachOf({ breach, notices }: StoredIncident, now: number): IncidentBreach | null {
  if (breach === null) return null;
  const today = formatMicros(now).slice(0, 10);
  const clocks = breachClocks(breach).map((clock) => {
    const given = notices[clock.notice] ?? null;
    return { ...clock, given, isOver: given === null && clock.notice !== 'records' && clock.due < today };
  });
  return { facts: breach, ...assessBreach(breach), clocks };
}

async function readSteps(database: Executor, number: number): Promise<StoredStep[]> {
  const { rows } = await sql<StoredStep>`
    select s.step, s.state, s.at, coalesce(p.name, s.actor) as by, s.note, s.at_bedside
    from incident_step s left join person p on s.actor = 'person:' || p.id::text where s.incident = ${number}`.execute(
    database,
  );
  return rows;
}

async function readTimeline(database: Executor, number: number): Promise<IncidentEntry[]> {
  const { rows } = await sql<Omit<IncidentEntry, 'at'> & { at: number }>`
    select e.sequence, e.at, coalesce(p.name, e.actor) as by, e.kind, e.text, e.evidence
    from incident_entry e left join person p on e.actor = 'person:' || p.id::text
    where e.incident = ${number} order by e.sequence`.execute(database);
  return rows.map((row) => ({ ...row, at: formatMicros(row.at) }));
}

export async function readContacts(database: Executor): Promise<DutyContact[]> {
  const { rows } = await sql<DutyContact>`select role, name, reach from duty_contact order by role`.execute(
    database,
  );
  return rows;
}

async function readAssets(database: Executor, ids: readonly string[]): Promise<IncidentDetail['assets']> {
  const { rows } = await sql<IncidentDetail['assets'][number]>`
    select id, name, criticality from asset where id = any(${[...ids]}::text[]) order by criticality_rank, name`.execute(
    database,
  );
  return rows;
}

async function nameOf(database: Executor, actor: string): Promise<string> {
  const { rows } = await sql<{
    name: string;
  }>`select name from person where 'person:' || id::text = ${actor}`.execute(database);
  return rows[0]?.name ?? actor;
}
