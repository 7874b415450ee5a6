import { type Role, roles } from '@wardline/model';
import { Authorisation } from './domains/access/index.ts';
import { routeFacts } from './openapi.ts';

const marks: readonly [role: Role, heading: string][] = [
  ['administrator', 'admin'],
  ['biomedical-engineer', 'biomed'],
  ['security-analyst', 'security'],
  ['network-engineer', 'network'],
  ['compliance-officer', 'compliance'],
  ['governance', 'governance'],
  ['supplier', 'supplier'],
  ['sensor', 'sensor'],
  ['device', 'device'],
  ['provisioning', 'directory'],
];

/** Who may do what, as a page that people can review: each route of the API with the roles that its policies let through. */
export async function permissionsText(): Promise<string> {
  const authorisation = new Authorisation();
  const facts = (await routeFacts()).filter(
    ({ url, open }) => (url.startsWith('/api/') || url === '/metrics') && !open,
  );
  const rows = facts
    .filter(({ action }) => action !== undefined && action !== 'platform.docs')
    .map((fact) => ({ ...fact, allowed: new Set(authorisation.rolesFor(fact.action!)) }))
    .toSorted((a, b) => (a.action! < b.action! ? -1 : a.action! > b.action! ? 1 : 0));
  const everybody = (allowed: ReadonlySet<Role>) => roles.every((role) => allowed.has(role));
  const cells = rows.map(({ action, method, url, scope, allowed }) => [
    `\`${action}\``,
    `${method} ${url.replace('/api/v1', '')}`,
    scope ?? 'everything',
    ...(everybody(allowed) ? marks.map(() => '●') : marks.map(([role]) => (allowed.has(role) ? '●' : ''))),
  ]);
  const headings = ['action', 'route', 'scope', ...marks.map(([, heading]) => heading)];
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  return [
    '# Who may do what',
    '',
    'Made by `npm run generate` from the routes and the policies in `apps/server/policies`; a test asks every route as every role and holds',
    'the answers against this page. *rows*: a list is cut to the sites and zones of the role; *asset*: the asset must lie within them; *secret*, *certificate*, *risk*, *named*: every asset',
    'that it concerns must, the one that is named in the request among them;',
    '*none*: it tells nothing of any asset, so that no limit matters; *everything*: only a role without limits of site and zone counts. Acts in the group `dangerous` ask for a fresh proof besides.',
    '',
    line(headings),
    line(headings.map(() => '---')),
    ...cells.map(line),
    '',
  ].join('\n');
}

/** What a benchmark of decisions needs: the engine with every action of the API. */
export async function loadAuthorisation() {
  const actions = [
    ...new Set((await routeFacts()).map(({ action }) => action).filter((action) => action !== undefined)),
  ];
  return { authorisation: new Authorisation(), actions, roles };
}
