import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AssetRow, type mapResponse, type Overview, type Role, roles } from '@wardline/model';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { routeFacts } from '../openapi.ts';
import { permissionsText } from '../permissions.ts';
import { openStage, type Stage } from '../testing/acts/stage.ts';
import type { RouteFact } from './routes.ts';

// Every route is asked as every role, everywhere and within a scope, over HTTP; who gets through is held against the page of
// permissions, which people have reviewed. A route that is not on the page fails.

const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/permissions.md'), 'utf8');
const facts = (await routeFacts()).filter(
  ({ url, open, action }) => url.startsWith('/api/') && !open && action !== 'platform.docs',
);
let stage: Stage;
let client: pg.Client;
const now = () => Date.now() * 1000;

beforeAll(async () => {
  stage = await openStage();
  ({ client } = stage);
});
afterAll(async () => {
  await client?.end();
  await stage?.server.close();
});

type NetworkMap = z.infer<typeof mapResponse>;
type Limits = { sites: number[] | null; zones: string[] | null };

/** A person with a role and a session without a fresh proof; the cookie of it. */
async function signIn(role: Role | null, limits: Limits, steppedUp = false): Promise<string> {
  const [person, secret] = [randomUUID(), randomUUID()];
  await client.query('insert into person (id, name, created) values ($1, $2, 1)', [person, `a ${role}`]);
  if (role !== null)
    await client.query(
      `insert into role_grant (id, holder, role, sites, zones, since, origin, given_by) values ($1, $2, $3, $4, $5, 1, 'assigned', 'test')`,
      [randomUUID(), `person:${person}`, role, limits.sites, limits.zones],
    );
  const digest = createHash('sha256').update(secret).digest('hex');
  await client.query(
    `insert into session (id, digest, person, method, since, seen, expires, stepped_up, agent, address)
     values ($1, $2, $3, 'passkey', $4, $4, $5, $6, '', '')`,
    [randomUUID(), digest, person, now(), now() + 3600e6, steppedUp ? now() : null],
  );
  return `wardline=${secret}`;
}

/** Asks without a body: what gets through to its handler is told to be wrong, what does not is forbidden. */
async function ask({ method, url }: Pick<RouteFact, 'method' | 'url'>, cookie: string): Promise<string> {
  const path = url.replaceAll(/:\w+/g, '1').replace('*', 'checkpoint');
  const controller = new AbortController();
  const answer = await fetch(`${stage.server.url}${path}`, {
    method,
    headers: { cookie },
    signal: controller.signal,
  });
  const type = answer.headers.get('content-type') ?? '';
  // A directory is told in the words of its own protocol.
  if (type.includes('scim') && answer.status === 403) return 'forbidden';
  if (!type.includes('problem')) {
    controller.abort();
    return 'through';
  }
  const { code } = (await answer.json()) as { code: string };
  return code === 'forbidden' || code === 'step-up-required' ? code : 'through';
}

it('is what the routes and policies say today', async () => {
  expect(await permissionsText(), 'run: npm run generate, and review the difference').toBe(page);
});

/** Roles that the page lets through, by action. */
const reviewed = new Map(
  page.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const action = /^`([\w.-]+)`$/.exec(cells[1] ?? '')?.[1];
    return action === undefined ? [] : [[action, cells] as const];
  }),
);
const headings = page
  .split('\n')
  .find((line) => line.startsWith('| action'))!
  .split('|')
  .map((cell) => cell.trim());
const columns: Record<Role, string> = {
  administrator: 'admin',
  'biomedical-engineer': 'biomed',
  'security-analyst': 'security',
  'network-engineer': 'network',
  'compliance-officer': 'compliance',
  governance: 'governance',
  supplier: 'supplier',
  sensor: 'sensor',
  device: 'device',
  provisioning: 'directory',
};
const lets = (action: string, role: Role): boolean =>
  reviewed.get(action)?.[headings.indexOf(columns[role])] === '●';
const isOwn = (action: string): boolean => roles.every((role) => lets(action, role));

// The long ones end nothing here: a stream of events goes on, a walk through the ledger is limited in number.
const asked = facts.filter(({ action }) => !['session.close', 'ledger.verify'].includes(action!));

describe.each([...roles])('%s', (role) => {
  it('everywhere', async () => {
    const cookie = await signIn(role, { sites: null, zones: null }, true);
    for (const fact of asked) {
      const expected = lets(fact.action!, role) ? 'through' : 'forbidden';
      expect(await ask(fact, cookie), `${fact.method} ${fact.url} (${fact.action})`).toBe(expected);
    }
  }, 180_000);

  it.each([
    ['one site', { sites: [1], zones: null }],
    ['one zone', { sites: null, zones: ['vlan:10'] }],
  ])(
    'within %s',
    async (_name, limits) => {
      const cookie = await signIn(role, limits, true);
      for (const fact of asked) {
        const within = fact.scope !== undefined && lets(fact.action!, role);
        const expected = within || isOwn(fact.action!) ? 'through' : 'forbidden';
        expect(await ask(fact, cookie), `${fact.method} ${fact.url} (${fact.action})`).toBe(expected);
      }
    },
    60_000,
  );
});

it('nobody without a role gets further than their own session', async () => {
  const cookie = await signIn(null, { sites: null, zones: null }, true);
  for (const fact of asked)
    expect(await ask(fact, cookie), fact.url).toBe(isOwn(fact.action!) ? 'through' : 'forbidden');
});

it('a dangerous act asks for a fresh proof', async () => {
  const cookie = await signIn('administrator', { sites: null, zones: null });
  expect(await ask({ method: 'POST', url: '/api/v1/ledger/erasures' }, cookie)).toBe('step-up-required');
  expect(await ask({ method: 'GET', url: '/api/v1/assets' }, cookie)).toBe('through');
});

describe('a scope cuts', () => {
  const get = async <T>(path: string, cookie: string) =>
    (await (await fetch(`${stage.server.url}/api/v1/${path}`, { headers: { cookie } })).json()) as T;

  it('lists, counts, facets and exports alike, and pages outside it do not exist', async () => {
    const all = stage.assets;
    const vlan = all.find((asset) => asset.vlans.length > 0)!.vlans[0]!;
    const inside = all.filter((asset) => asset.vlans.includes(vlan));
    const outside = all.find((asset) => !asset.vlans.includes(vlan));
    const cookie = await signIn('biomedical-engineer', { sites: null, zones: [`vlan:${vlan}`] });
    const list = await get<{ items: AssetRow[]; total: number }>('assets', cookie);
    expect(list.items.map(({ id }) => id).toSorted()).toEqual(inside.map(({ id }) => id).toSorted());
    expect(list.total).toBe(inside.length);
    const { facets } = await get<{ facets: { field: string; values: { count: number }[] }[] }>(
      'assets/facets',
      cookie,
    );
    const classes = facets.find(({ field }) => field === 'class')!.values;
    expect(classes.reduce((sum, { count }) => sum + count, 0)).toBe(inside.length);
    const csv = await (await fetch(`${stage.server.url}/api/v1/assets.csv`, { headers: { cookie } })).text();
    expect(csv.trim().split('\n')).toHaveLength(inside.length + 1);
    if (outside !== undefined) {
      const answer = await fetch(`${stage.server.url}/api/v1/assets/${outside.id}`, { headers: { cookie } });
      expect(answer.status).toBe(404);
    }
  });

  it('acts on secrets, risks and codes as it cuts lists', async () => {
    const [mine, other] = [stage.assets[0]!, stage.assets[1]!];
    await client.query('update asset set site = case when id = $1 then 1 else 2 end', [mine.id]);
    const secret = async (asset: string) => {
      const id = randomUUID();
      await client.query(
        `insert into device_secret (id, asset_id, account, kind, zone, added, added_by, changed) values ($1, $2, 'root', 'kept', 'x', 1, 'test', 1)`,
        [id, asset],
      );
      return id;
    };
    const [inside, outside] = [await secret(mine.id), await secret(other.id)];
    const risk = async (id: string, assets: string[]) => {
      await client.query(
        `insert into risk (id, kind, source, product, title, opened, changed) values ($1, 'finding', $1, '', 'a risk', 1, 1)`,
        [id],
      );
      for (const asset of assets)
        await client.query(
          `insert into risk_score values ($1, 'finding', $2, $2, 'yes', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)`,
          [asset, id],
        );
    };
    await risk('risk-mine', [mine.id]);
    await risk('risk-both', [mine.id, other.id]);
    const cookie = await signIn('biomedical-engineer', { sites: [1], zones: null }, true);
    const send = async (path: string, body: object) => {
      const answer = await fetch(`${stage.server.url}/api/v1/${path}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ reason: 'a test', ...body }),
      });
      return answer.status;
    };
    expect((await get<{ items: { id: string }[] }>('secrets', cookie)).items.map(({ id }) => id)).toEqual([
      inside,
    ]);
    expect(await get(`secrets/${inside}`, cookie)).toMatchObject({ asset: mine.id });
    expect(await get(`secrets/${outside}`, cookie)).toMatchObject({ code: 'not-found' });
    expect(await send(`secrets/${outside}/checkouts`, { minutes: 30 })).toBe(404);
    expect(await send(`secrets/${outside}/removal`, {})).toBe(404);
    expect(await send(`secrets/${inside}/removal`, {})).toBe(200);
    expect(await send('risks/risk-both/comments', { text: 'seen' })).toBe(404);
    expect(await send('risks/risk-mine/comments', { text: 'seen' })).toBe(200);
    expect(await send('enrolments/codes', { asset: other.id })).toBe(404);
    expect(await send('enrolments/codes', { asset: mine.id })).toBe(200);
    for (const more of [{ zone: 'icu' }, { profile: 'server' }, { hosts: ['other.hospital.example'] }])
      expect(await send('enrolments/codes', { asset: mine.id, ...more }), JSON.stringify(more)).toBe(403);
    await client.query('update asset set site = 1');
  });

  /** What each asset is known for here: a finding, a line of the register, a weakness; and one registered device that nobody saw. */
  async function furnish(): Promise<void> {
    const [first, second, third] = stage.assets.map(({ id }) => id);
    await client.query(
      `update asset set department = case when id = $1 then 'Radiology' else '' end, site = case when id = $2 then 2 else 1 end,
        grp = case when id = $3 then 'imaging' else 'infusion' end, findings = '{"high": 1}'`,
      [first, second, third],
    );
    await client.query('delete from finding; delete from reconciliation');
    await client.query(
      `insert into finding (id, scope, rule, title, severity, severity_rank, harms, asset_id, summary, remedy, first_seen,
        last_seen, count, evidence, opened_at)
       select 'f-' || id, 'asset', 'r', 'A finding', 'high', 1, '{}', id, 's', 'r', 1, 1, 1, '[]'::jsonb, 1 from asset where not gone`,
    );
    await client.query(
      `insert into reconciliation (key, state, asset_id, reason, differences, search)
       select 'k-' || id, 'shadow', id, 'r', '[]'::jsonb, '' from asset where not gone
       union all select 'missing', 'missing', null, 'r', '[]'::jsonb, ''`,
    );
    await client.query(
      `insert into vulnerability (id, title, summary, score, scores, weaknesses, ssvc, advisories)
       values ('CVE-1', '', '', -1, '[]', '{}', '{}', '{}')`,
    );
    await client.query(
      `insert into vulnerability_match (id, asset_id, vulnerability, verdict, concluded, confidence, reason, advisory, issuer, others, changed_at)
       select 'm-' || id, id, 'CVE-1', 'affected', 'affected', 1, 'r', '', '', '[]'::jsonb, 1 from asset where not gone`,
    );
  }

  /** Puts a policy with these zones into force, as two people do. */
  const enforce = async (zones: string) => {
    await client.query(`update policy_version set state = 'superseded' where state = 'approved'`);
    await client.query(
      `insert into policy_version (number, name, text, digest, state, authors, effect, proposed, proposed_by, proposed_act)
       values ((select coalesce(max(number), 0) + 1 from policy_version), 'p', $1, md5($1), 'approved', '{}', '{}', 1, 'person:x', 1)`,
      [`policy "P" version 1\nundeclared observe\n\n${zones}\n`],
    );
  };

  interface Told {
    overview: Overview;
    map: NetworkMap;
    conversations: { items: { client: { asset: string }; server: { asset: string } }[]; total: number };
    findings: { items: { asset: string }[] };
    lines: { items: { asset: string | null }[]; counts: Record<string, number> };
    weakness: { affected: number };
  }

  const tellAll = async (cookie: string): Promise<Told> => ({
    overview: await get('overview', cookie),
    map: await get('map', cookie),
    conversations: await get('conversations?limit=500', cookie),
    findings: await get('findings?limit=500', cookie),
    lines: await get('reconciliation?limit=500', cookie),
    weakness: await get('vulnerabilities/CVE-1', cookie),
  });

  it('what the first screen counts, the map shows and every list tells, whatever kind of zone it is', async () => {
    await furnish();
    const [first, second, third, ...rest] = stage.assets;
    const last = rest.at(-1)!;
    await enforce(`zone pumps\n  members department contains radio\n  addresses ${last.ips[0]}`);
    const everything = await tellAll(await signIn('biomedical-engineer', { sites: null, zones: null }));
    expect(everything.overview).toMatchObject({
      within: null,
      assets: { total: 7 },
      register: { missing: 1 },
    });
    const places: [Limits, AssetRow[]][] = [
      [{ sites: null, zones: ['department:radiology'] }, [first!]],
      [{ sites: [2], zones: null }, [second!]],
      [{ sites: null, zones: ['group:imaging'] }, [third!]],
      [{ sites: null, zones: [`net:${last.ips[0]}/32`, 'group:imaging'] }, [third!, last]],
      [{ sites: [2], zones: ['group:imaging'] }, []],
      [{ sites: null, zones: ['zone:pumps'] }, [first!, last]],
      [{ sites: [2], zones: ['zone:pumps', 'zone:cold-store'] }, []],
      [{ sites: null, zones: ['zone:of-no-policy'] }, []],
      [{ sites: null, zones: ['what-nobody-can-read'] }, []],
    ];
    for (const [limits, inside] of places) {
      const what = JSON.stringify(limits);
      const ids = inside.map(({ id }) => id);
      const told = await tellAll(await signIn('biomedical-engineer', limits));
      const talks = everything.conversations.items.filter(
        ({ client: from, server: to }) => ids.includes(from.asset) || ids.includes(to.asset),
      );
      expect(told.overview, what).toMatchObject({
        within: [limits],
        assets: { total: ids.length },
        conversations: { total: talks.length },
        findings: { high: ids.length },
        register: { shadow: ids.length, missing: 0 },
      });
      expect(told.conversations.items, what).toHaveLength(talks.length);
      expect(told.findings.items.map(({ asset }) => asset).toSorted(), what).toEqual(ids.toSorted());
      expect(told.lines.items.map(({ asset }) => String(asset)).toSorted(), what).toEqual(ids.toSorted());
      expect(told.lines.counts, what).toMatchObject({ shadow: ids.length, missing: 0 });
      expect(told.weakness.affected, what).toBe(ids.length);
      const own = told.map.nodes.filter(({ outside }) => !outside);
      expect(own.map(({ id }) => id).toSorted(), what).toEqual(ids.toSorted());
      const ends = new Set(talks.flatMap(({ client: from, server: to }) => [from.asset, to.asset]));
      const beyond = told.map.nodes.filter(({ outside }) => outside);
      const peers = [...ends].filter((id) => !ids.includes(id));
      expect(beyond.map(({ id }) => id).toSorted(), what).toEqual(peers.toSorted());
      expect(
        beyond.every(({ findings }) => findings === 0),
        what,
      ).toBe(true);
      const stray = told.map.edges.filter(
        ({ source, target }) => !ids.includes(source) && !ids.includes(target),
      );
      expect(stray, what).toEqual([]);
      // A name may be the beginning of another's: 10.0.0.1 and 10.0.0.106.
      const says = (name: string) =>
        told.overview.todo.some(({ why }) =>
          why
            .split(name)
            .slice(1)
            .some((after) => !/^\d/.test(after)),
        );
      expect(
        stage.assets.filter(({ id, name }) => !ids.includes(id) && says(name)),
        what,
      ).toEqual([]);
    }
  });

  it('by the policy in force at this moment, and not by one that was', async () => {
    const cookie = await signIn('biomedical-engineer', { sites: null, zones: ['zone:pumps'] });
    const seen = async () => (await get<{ items: AssetRow[] }>('assets', cookie)).items.map(({ id }) => id);
    const [first, second] = stage.assets;
    await enforce(`zone pumps\n  addresses ${first!.ips[0]}`);
    expect(await seen()).toEqual([first!.id]);
    await enforce(`zone pumps\n  addresses ${second!.ips[0]}`);
    expect(await seen()).toEqual([second!.id]);
    await enforce(`zone others\n  addresses ${second!.ips[0]}`);
    expect(await seen()).toEqual([]);
  });

  it('the map also where it is folded, its own groups apart from those beyond', async () => {
    const zones = ['department:radiology'];
    const cookie = await signIn('biomedical-engineer', { sites: null, zones });
    const map = await get<NetworkMap>('map?limit=1', cookie);
    expect(map.folded).toBe(true);
    expect(map.nodes.filter(({ outside }) => !outside).map(({ assets }) => assets)).toEqual([1]);
    const everything = await get<NetworkMap>(
      'map?limit=1',
      await signIn('biomedical-engineer', { sites: null, zones: null }),
    );
    expect(everything.nodes.some(({ outside }) => outside)).toBe(false);
  });

  it('by a zone that can be read, and takes no other', async () => {
    const cookie = await signIn('administrator', { sites: null, zones: null }, true);
    const body = {
      holder: `person:${randomUUID()}`,
      role: 'supplier',
      zones: ['pumps'],
      reason: 'a typing error',
    };
    const answer = await fetch(`${stage.server.url}/api/v1/grants`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('vlan:20');
  });

  it('everything for a site that is not there', async () => {
    const cookie = await signIn('supplier', { sites: [99], zones: null });
    expect(await get('assets', cookie)).toMatchObject({ total: 0 });
    expect(await get('findings', cookie)).toMatchObject({ total: 0 });
    const engineer = await signIn('network-engineer', { sites: [99], zones: null });
    expect(await get('conversations', engineer)).toMatchObject({ total: 0 });
  });
});

describe('a role', () => {
  const reason = 'a test of roles';

  it('is taken back at once, and the last administrator stays', async () => {
    const cookie = await signIn('governance', { sites: null, zones: null });
    expect(await ask({ method: 'GET', url: '/api/v1/assets' }, cookie)).toBe('through');
    const { items } = await stage.server.get<{ items: { id: string; role: Role; ended: string | null }[] }>(
      'grants',
    );
    const mine = items.find(({ role, ended }) => role === 'governance' && ended === null)!;
    for (const { id, role, ended } of items)
      if (role === 'governance' && ended === null) await stage.server.remove(`grants/${id}?reason=${reason}`);
    expect(mine).toBeDefined();
    expect(await ask({ method: 'GET', url: '/api/v1/assets' }, cookie)).toBe('forbidden');
    const administrators = items.filter(({ role, ended }) => role === 'administrator' && ended === null);
    const answers = [];
    for (const { id } of administrators)
      answers.push((await stage.server.remove(`grants/${id}?reason=${reason}`)).status);
    expect(answers.filter((status) => status === 409)).toHaveLength(1);
  });

  it('ends by itself at its time', async () => {
    const cookie = await signIn('governance', { sites: null, zones: null });
    await client.query(`update role_grant set until = $1 where role = 'governance' and ended is null`, [
      now() + 300_000,
    ]);
    expect(await ask({ method: 'GET', url: '/api/v1/assets' }, cookie)).toBe('through');
    await new Promise((done) => setTimeout(done, 400));
    expect(await ask({ method: 'GET', url: '/api/v1/assets' }, cookie)).toBe('forbidden');
  });

  it('is given to nobody by themselves, nor to nobody', async () => {
    const cookie = await signIn('administrator', { sites: null, zones: null }, true);
    const { actor } = (await (
      await fetch(`${stage.server.url}/api/v1/session`, { headers: { cookie } })
    ).json()) as { actor: string };
    const give = (holder: string) =>
      fetch(`${stage.server.url}/api/v1/grants`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ holder, role: 'security-analyst', reason }),
      });
    expect((await give(actor)).status).toBe(409);
    expect((await give(`person:${randomUUID()}`)).status).toBe(409);
  });
});
