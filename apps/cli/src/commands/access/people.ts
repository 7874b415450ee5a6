import { invitationSchema, peopleResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerAccess, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted, minute } from '../../terminal/units.ts';
import { type Flags, type Given, type Person, personNamed, withReason, withServer } from './asking.ts';

export function addPeople(access: Command): void {
  withReason(
    access
      .command('link')
      .summary('make a one-time link for a person, the first administrator where nobody is named'),
  )
    .option('--person <who>', 'id, name or sign-in name of the person')
    .addHelpText('after', '\nExample:\n  wardline access link --reason "lost both keys"')
    .action(runLink);
  const person = access.command('person').description('Who uses Wardline.');
  withServer(person.command('list').summary('list people, how they sign in and their roles'))
    .addHelpText('after', '\nExample:\n  wardline access person list')
    .action(runPeople);
  withReason(
    person
      .command('add')
      .summary('add a person and print their one-time link')
      .argument('<name>', 'their name'),
  )
    .option('--email <address>', 'where to reach them')
    .addHelpText(
      'after',
      '\nExample:\n  wardline access person add "Anna Weber" --reason "new in biomedical engineering"',
    )
    .action(runAdd);
  for (const [verb, active, words] of [
    ['disable', false, 'shut a person out at once: sessions, links and tokens end'],
    ['enable', true, 'let a person in again'],
  ] as const)
    withReason(person.command(verb).summary(words).argument('<who>', 'id, name or sign-in name'))
      .addHelpText(
        'after',
        `\nExample:\n  wardline access person ${verb} "Anna Weber" --reason "left the hospital"`,
      )
      .action((who: string, flags: Given) => runState(who, active, flags));
}

async function firstAdministrator(access: ServerAccess): Promise<Person> {
  const { items } = await askFor(access, 'api/v1/people', peopleResponse);
  const found = items
    .filter(({ active, roles: held }) => active && held.includes('administrator'))
    .toSorted((a, b) => (a.created < b.created ? -1 : 1))[0];
  if (found !== undefined) return found;
  throw new CommandError(
    'there is no administrator yet: the server prints a link when it starts',
    exitCodes.failed,
  );
}

async function runLink({ reason, ...flags }: Given & { person?: string }): Promise<void> {
  const access = await serverAccess(flags);
  const person =
    flags.person === undefined ? await firstAdministrator(access) : await personNamed(access, flags.person);
  const made = await sendJson(access, `api/v1/people/${person.id}/invitation`, { reason }, invitationSchema);
  const text = `One-time link for ${person.name}, until ${minute(made.expires)}:\n\n  ${made.link}\n`;
  await writeOut(flags.json ? `${JSON.stringify(made)}\n` : text);
}

async function runPeople(flags: Flags): Promise<void> {
  const page = await askFor(await serverAccess(flags), 'api/v1/people', peopleResponse);
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const columns = [
    { heading: 'Name', value: (row: Person) => row.name, least: 12 },
    { heading: 'State', value: (row: Person) => (row.active ? '' : 'shut out'), least: 8 },
    { heading: 'Roles', value: (row: Person) => row.roles.join(', '), least: 12 },
    { heading: 'Signs in by', value: waysOf, least: 11 },
    {
      heading: 'Last seen',
      value: (row: Person) => (row.seen === null ? 'never' : minute(row.seen)),
      least: 16,
    },
    { heading: 'Id', value: (row: Person) => row.id, least: 8, rank: 1 },
  ];
  return writeOut(`${tableLines(page.items, columns, process.stdout.columns ?? 120).join('\n')}\n`);
}

const waysOf = ({ passkeys, password }: Person): string =>
  [passkeys > 0 ? counted(passkeys, 'passkey') : '', password ? 'password' : ''].filter(Boolean).join(', ') ||
  'nothing yet';

async function runAdd(name: string, flags: Given & { email?: string }): Promise<void> {
  const body = { name, email: flags.email ?? null, reason: flags.reason };
  const made = await sendJson(await serverAccess(flags), 'api/v1/people', body, invitationSchema);
  const text = `${name} was added (person:${made.id}), without a role. Their one-time link, until ${minute(made.expires)}:\n\n  ${made.link}\n`;
  await writeOut(flags.json ? `${JSON.stringify(made)}\n` : text);
}

async function runState(who: string, active: boolean, flags: Given): Promise<void> {
  const access = await serverAccess(flags);
  const person = await personNamed(access, who);
  await sendJson(
    access,
    `api/v1/people/${person.id}/state`,
    { active, reason: flags.reason },
    z.object({ id: z.string() }),
  );
  const text = active
    ? `${person.name} is let in again.\n`
    : `${person.name} is shut out; sessions, links and tokens have ended.\n`;
  await writeOut(flags.json ? `${JSON.stringify({ id: person.id, active })}\n` : text);
}
