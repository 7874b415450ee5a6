import type { EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer } from '../../evidence/index.ts';
import { readStatus } from './status.ts';

const DAY = 86_400_000_000;
/** How far back rollouts that have ended are looked at: until the yearly look. */
const YEAR = 366 * DAY;

interface Row {
  id: string;
  name: string;
  state: string;
  withdrawn: boolean;
  done: number;
  waiting: number;
  failed: number;
}

/**
 * Whether what is rolled out is still what its owners sign. That a release was signed when it was published, our own client has
 * checked; here it counts whether it still is, and whether the devices, which check it again, told that they took it.
 */
export const firmwareEvidence: Gatherer = async ({ database }, at) => {
  const { rows } = await sql<Row>`
    select o.id, r.manufacturer || ' ' || r.model || ' ' || r.version as name, o.state, r.withdrawn is not null as withdrawn,
      (count(*) filter (where d.state = 'done'))::int as done, (count(*) filter (where d.state in ('waiting', 'installing')))::int as waiting,
      (count(*) filter (where d.state = 'failed'))::int as failed
    from firmware_rollout o join firmware_release r using (path, sha256) left join firmware_rollout_device d on d.rollout = o.id
    where o.state <> 'stopped' and (o.state <> 'finished' or o.begun > ${at - YEAR})
    group by o.id, r.manufacturer, r.model, r.version, o.state, r.withdrawn, o.begun order by o.begun desc`.execute(
    database,
  );
  const over = rows.some(({ state }) => state !== 'finished') ? await overRoles(database, at) : [];
  return [
    factOf('updates.signed', {
      asOf: at,
      population: rows.length,
      members: rows.flatMap((row) => memberOf(row, over)),
    }),
  ];
};

/** Roles whose signatures are over, so that devices refuse what they list. */
async function overRoles(database: Parameters<typeof readStatus>[0], at: number): Promise<string[]> {
  const { roles, asOf } = await readStatus(database, at);
  return roles.filter(({ expires }) => Date.parse(expires) <= Date.parse(asOf)).map(({ role }) => role);
}

function memberOf(
  { id, name, state, withdrawn, done, waiting, failed }: Row,
  over: readonly string[],
): EvidenceMember[] {
  const say = (answer: EvidenceMember['answer'], note: string): EvidenceMember[] => [
    { kind: 'other', id: `rollout:${id}`, name, answer, note },
  ];
  const isUnderWay = state !== 'finished';
  if (isUnderWay && withdrawn) return say('fails', 'It goes on, and its owners no longer sign the image.');
  if (isUnderWay && over.length > 0)
    return say('fails', `It goes on, and these signatures are over: ${over.join(', ')}.`);
  if (failed > 0) return say('unknown', `On ${failed} of its devices the installation failed.`);
  if (waiting > 0)
    return say(
      'unknown',
      `${done} of its devices told that they checked and took it; ${waiting} have not yet.`,
    );
  return [];
}
