import type { EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { factOf, type Gatherer } from '../../evidence/index.ts';

interface Row {
  id: string;
  name: string;
  asset: string | null;
  profile: string;
  ended: boolean;
  isKnown: boolean;
  left: string | null;
}

/**
 * Certificates that were issued and neither revoked nor followed by another of the same holder: one that is over fails while its
 * device is in use, one that holds fails where its device has left, and one of a device that nobody knows is open.
 */
export const identityEvidence: Gatherer = async ({ database }, at) => {
  const { rows } = await sql<Row>`
    select c.id, coalesce(a.name, c.holder) as name, c.asset, c.profile, c.not_after <= ${at} as ended,
      coalesce(not a.gone, false) as "isKnown",
      case when l.state in ('lost', 'decommissioned') then l.state end as left
    from certificate c left join asset a on a.id = c.asset left join lifecycle l on l.asset_id = c.asset
    where c.revoked is null and c.renewed is null and not exists (select 1 from certificate n
      where n.zone = c.zone and n.holder = c.holder and n.revoked is null and n.not_after > ${at} and n.issued > c.issued)
    order by c.not_after`.execute(database);
  const used = rows.filter(({ ended, isKnown, left }) => !ended || (isKnown && left === null));
  return [
    factOf('certificates.valid', { asOf: at, population: used.length, members: used.flatMap(memberOf) }),
  ];
};

function memberOf({ id, name, asset, profile, ended, isKnown, left }: Row): EvidenceMember[] {
  const say = (answer: EvidenceMember['answer'], note: string): EvidenceMember[] => [
    asset === null
      ? { kind: 'other', id, name, answer, note }
      : { kind: 'asset', id: asset, name, answer, note },
  ];
  if (ended) return say('fails', 'Its certificate is over, and it is still in use.');
  if (left !== null) return say('fails', `It is ${left}, and its certificate still holds.`);
  if (profile === 'device' && !isKnown)
    return say('unknown', 'Its certificate holds, and no device that is known belongs to it.');
  return [];
}
