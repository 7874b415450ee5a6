import type { EvidenceFact, EvidenceMember } from '@wardline/model';
import { sql } from 'kysely';
import { countAssets, factOf, type Gatherer, lastHeard, MEMBERS_TOLD } from '../../evidence/index.ts';
import type { Executor } from '../../store/database.ts';

/** By question, the rules whose open findings say no. */
const rulesOf: Readonly<Record<string, readonly string[]>> = {
  'traffic.phi-protected': ['cleartext-phi'],
  'traffic.clinical-integrity': ['cleartext-clinical-protocol'],
  'traffic.passwords-protected': ['cleartext-credential', 'cleartext-token', 'cleartext-session'],
  'devices.default-passwords': ['default-credential', 'default-credential-accepted'],
  'devices.authenticated': ['unauthenticated-service'],
  'crypto.current': [
    'obsolete-tls',
    'weak-certificate',
    'expired-certificate',
    'weak-kerberos',
    'weak-wifi',
    'obsolete-smb',
  ],
  'devices.supported': ['end-of-life-os'],
  'devices.hardened': [
    'telnet-service',
    'ftp-service',
    'unneeded-service',
    'debug-interface-open',
    'obsolete-smb',
    'remote-screen-in-clear',
    'weak-remote-desktop',
    'snmp-community',
  ],
  'devices.media': ['removable-media'],
  'network.separated': ['flat-network', 'unexpected-peer-group', 'life-critical-reachable'],
  'network.internet': ['internet-exposure'],
  'network.wireless': ['open-wifi', 'weak-wifi', 'unprotected-wifi-management'],
  'network.admission': ['forgeable-radius', 'mac-address-login'],
  'devices.update-path': ['firmware-cleartext'],
};

/** Questions of which each failing device has a finding, and with it a risk of its own. */
export const questionsOfFindings: readonly string[] = Object.keys(rulesOf);

/** What findings say of all devices: none open means that nothing of the kind was seen. */
export const findingsEvidence: Gatherer = async ({ database }) => {
  const [asOf, population] = [await lastHeard(database), await countAssets(database)];
  const facts = Object.entries(rulesOf).map(async ([query, rules]) => {
    const { members, failing } = await failingOf(database, rules);
    return factOf(query, { asOf, population, members, failing });
  });
  return [...(await Promise.all(facts)), await sharedAccounts(database, asOf, population)];
};

async function failingOf(
  database: Executor,
  rules: readonly string[],
): Promise<{ members: EvidenceMember[]; failing: number }> {
  const { rows } = await sql<{ id: string; name: string; note: string; total: number }>`
    select a.id, a.name, (array_agg(f.title || ': ' || f.summary order by f.severity_rank, f.id))[1] as note,
      (count(*) over ())::int as total
    from finding f join asset a on a.id = f.asset_id
    where f.closed_at is null and not a.gone and f.rule = any(${[...rules]}::text[])
    group by a.id, a.name, a.criticality_rank order by a.criticality_rank, a.name limit ${MEMBERS_TOLD}`.execute(
    database,
  );
  const members = rows.map(
    ({ id, name, note }): EvidenceMember => ({
      kind: 'asset',
      id,
      name,
      answer: 'fails',
      note: note.slice(0, 2000),
    }),
  );
  return { members, failing: rows[0]?.total ?? 0 };
}

/** How long a login counts for whether an account is shared: a machine that was replaced is no second user. */
const RECENT_MICROS = 30 * 86_400_000_000;

/** Accounts that were let in from more than one device. Names of accounts are never known here, only keyed hashes of them. */
async function sharedAccounts(
  database: Executor,
  asOf: number | null,
  population: number,
): Promise<EvidenceFact> {
  const { rows } = await sql<{ id: string; name: string; protocol: string; places: number }>`
    select a.id, a.name, s.facts ->> 'protocol' as protocol, count(distinct p.asset_id)::int as places
    from sighting s join endpoint e on e.id = s.endpoint_id join asset a on a.id = e.asset_id
      join endpoint p on p.id = s.peer_id
    where s.kind = 'credential.cleartext' and s.facts ? 'userHash' and s.facts ->> 'outcome' <> 'refused' and not a.gone
      and s.last_seen >= ${(asOf ?? 0) - RECENT_MICROS}
    group by a.id, a.name, s.facts ->> 'protocol', s.facts ->> 'userHash' having count(distinct p.asset_id) > 1
    order by a.name, places desc`.execute(database);
  const members = rows.map(
    ({ id, name, protocol, places }): EvidenceMember => ({
      kind: 'asset',
      id,
      name,
      answer: 'fails',
      note: `One account of it was used over ${protocol} from ${places} devices.`,
    }),
  );
  return factOf('devices.shared-accounts', { asOf, population, members });
}
