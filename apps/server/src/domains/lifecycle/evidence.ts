import type { Check, DeviceBackup, EvidenceFact, EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer } from '../../evidence/index.ts';
import type { Executor } from '../../store/database.ts';
import { backupStanding, dayOf } from './backups.ts';

interface Row {
  id: string;
  name: string;
  wiped: boolean;
}

/** Whether devices were checked before they came, and wiped when they went, and that is written down. */
export const lifecycleEvidence: Gatherer = async ({ database }, at) => [
  await disposedFact(database, at),
  await commissionedFact(database, at),
  await backedUpFact(database, at),
];

/** Whether what was taken out of service was wiped. */
async function disposedFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<Row>`
    select l.asset_id as id, coalesce(a.name, l.asset_id) as name, exists (select 1 from lifecycle_event e
      where e.asset_id = l.asset_id and e."to" = 'decommissioned' and e.sanitisation is not null) as wiped
    from lifecycle l left join asset a on a.id = l.asset_id where l.state = 'decommissioned' order by name`.execute(
    database,
  );
  const members = rows
    .filter(({ wiped }) => !wiped)
    .map(
      ({ id, name }): EvidenceMember => ({
        kind: 'asset',
        id,
        name,
        answer: 'fails',
        note: 'It is out of service, and nothing says that its memory was wiped.',
      }),
    );
  return factOf('lifecycle.disposed', { asOf: at, population: rows.length, members, holdsOfNone: true });
}

/**
 * How the checklist stood when a device was last moved into service. What was open is seen to, and the device moved through
 * maintenance into service again: its checklist is then recorded anew. What nobody looked at is open here too.
 */
async function commissionedFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<{ id: string; name: string; checks: Check[] }>`
    select l.asset_id as id, a.name, e.checks from lifecycle l join asset a on a.id = l.asset_id and not a.gone
    join lateral (select checks from lifecycle_event where asset_id = l.asset_id and "to" in ('commissioned', 'in-service')
      order by id desc limit 1) e on true
    where l.state in ('commissioned', 'in-service') order by a.criticality_rank, a.name`.execute(database);
  const members = rows.flatMap(({ id, name, checks }): EvidenceMember[] => {
    const titles = (answer: Check['answer']) =>
      checks.filter((one) => one.answer === answer).map(({ title }) => title.toLowerCase());
    const [open, unknown] = [titles('open'), titles('unknown')];
    if (open.length > 0)
      return [{ kind: 'asset', id, name, answer: 'fails', note: `Not so: ${open.join('; ')}.` }];
    if (unknown.length === 0) return [];
    return [{ kind: 'asset', id, name, answer: 'unknown', note: `Nobody knows: ${unknown.join('; ')}.` }];
  });
  return factOf('lifecycle.commissioned', { asOf: at, population: rows.length, members });
}

/** Whether devices in service could be set up again as they are. */
async function backedUpFact(database: Executor, at: number): Promise<EvidenceFact> {
  const { rows } = await sql<{ id: string; name: string; software: string; newest: DeviceBackup | null }>`
    select a.id, a.name, a.software, (select jsonb_build_object('made', to_char(b.made, 'YYYY-MM-DD'), 'kind', b.kind,
        'software', b.software, 'tried', to_char(b.tried, 'YYYY-MM-DD'), 'addedBy', b.added_by)
      from device_backup b where b.asset_id = a.id and b.lost is null order by b.made desc, b.id desc limit 1) as newest
    from lifecycle l join asset a on a.id = l.asset_id and not a.gone
    where l.state in ('commissioned', 'in-service', 'maintenance') order by a.criticality_rank, a.name`.execute(
    database,
  );
  const members = rows.flatMap(({ id, name, software, newest }): EvidenceMember[] => {
    const { answer, reason } = backupStanding(newest, software, dayOf(at));
    if (answer === 'done') return [];
    return [{ kind: 'asset', id, name, answer: answer === 'open' ? 'fails' : 'unknown', note: reason }];
  });
  return factOf('devices.backed-up', { asOf: at, population: rows.length, members });
}
