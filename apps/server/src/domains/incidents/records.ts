import type { Playbook } from '@wardline/knowledge';
import type { IncidentEntry } from '@wardline/model';
import type { BreachFacts, BreachNotice } from '@wardline/risk';
import { sql, type Transaction } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { act } from '../../ledger/append.ts';
import { INCIDENT_ENTRIES } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';
import type { Tables } from '../../store/tables.ts';

export interface StoredIncident {
  number: number;
  /** As it was when the incident was opened. */
  playbook: Playbook;
  title: string;
  drill: boolean;
  state: 'open' | 'contained' | 'recovered' | 'closed';
  began: number;
  opened: number;
  opened_by: string;
  changed: number;
  assets: string[];
  duties: Record<string, string>;
  breach: BreachFacts | null;
  notices: Partial<Record<BreachNotice, string>>;
}

/** @throws Refusal where there is no such incident */
export async function readIncident(database: Executor, number: number): Promise<StoredIncident> {
  const { rows } = await sql<StoredIncident>`select * from incident where number = ${number}`.execute(
    database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found');
  return rows[0];
}

/** One line of an incident's timeline, with what it changes. */
export interface Happening {
  number: number;
  actor: string;
  action: string;
  kind: IncidentEntry['kind'];
  /** A person's words, or a sentence of ours. */
  text: string;
  /** What the ledger keeps for ever: nothing by which a person could be known. */
  changes: Record<string, unknown>;
  evidence?: IncidentEntry['evidence'];
}

/**
 * Carries out a change of an incident, its line on the timeline and its act in the ledger in one transaction. A closed incident
 * takes notes and breach clocks only.
 * @throws Refusal where there is no such incident, it is closed, or its timeline is full
 */
export async function happen(
  context: Context,
  { number, actor, action, kind, text, changes, evidence = null }: Happening,
  change: (transaction: Transaction<Tables>, incident: StoredIncident) => Promise<unknown>,
): Promise<void> {
  const at = context.now();
  const entry = { at, actor, action, subject: `incident:${number}`, changes, reason: text };
  await act(context.database, entry, async (transaction) => {
    const { rows } =
      await sql<StoredIncident>`select * from incident where number = ${number} for update`.execute(
        transaction,
      );
    const [incident] = rows;
    if (incident === undefined) throw new Refusal('not-found');
    if (incident.state === 'closed' && !['note', 'breach', 'state'].includes(kind))
      throw new Refusal('conflict', 'The incident is closed: open it again first, or write a note.');
    await change(transaction, incident);
    await addEntry(transaction, { number, at, actor, kind, text, evidence });
    await sql`update incident set changed = ${at} where number = ${number}`.execute(transaction);
  });
  context.events.emit('incidents', 'ledger');
}

export async function addEntry(
  transaction: Transaction<Tables>,
  entry: {
    number: number;
    at: number;
    actor: string;
    kind: string;
    text: string;
    evidence: IncidentEntry['evidence'];
  },
): Promise<void> {
  const { number, at, actor, kind, text, evidence } = entry;
  const { rows } = await sql<{ next: number }>`
    select coalesce(max(sequence), 0)::int + 1 as next from incident_entry where incident = ${number}`.execute(
    transaction,
  );
  const sequence = rows[0]!.next;
  if (sequence > INCIDENT_ENTRIES)
    throw new Refusal('conflict', `The timeline has ${INCIDENT_ENTRIES} entries, and no more can be had.`);
  await sql`insert into incident_entry (incident, sequence, at, actor, kind, text, evidence)
    values (${number}, ${sequence}, ${at}, ${actor}, ${kind}, ${text}, ${evidence === null ? null : JSON.stringify(evidence)}::jsonb)`.execute(
    transaction,
  );
}
