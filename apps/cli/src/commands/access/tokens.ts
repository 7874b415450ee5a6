import { readFile } from 'node:fs/promises';
import { tokenListResponse, tokenMadeResponse } from '@wardline/model';
import type { Command } from 'commander';
import type { z } from 'zod';
import { askFor, sendJson, serverAccess } from '../../api/client.ts';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted, minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, remove, withReason, withServer } from './asking.ts';

export function addTokens(access: Command): void {
  const token = access.command('token').description('Tokens of programs and sensors.');
  withServer(token.command('list').summary('list tokens; never their secrets'))
    .addHelpText('after', '\nExample:\n  wardline access token list')
    .action(runTokens);
  withReason(
    token
      .command('create')
      .summary('make a token; its secret is printed once')
      .argument('<name>', 'what it is for'),
  )
    .option('--role <role>', 'of a program')
    .option('--sensor <name>', 'for the sensor of this name, and nothing else')
    .option('--site <number>', 'where the sensor stands, of wardline site list (else at the first site)')
    .option('--certificate <file>', 'the sensor proves itself by this certificate (PEM); no secret is made')
    .option(
      '--asset <id>',
      'the sensor proves itself by the certificate that this asset is enrolled with; no secret is made',
    )
    .option('--days <number>', 'how long it lives', '90')
    .addHelpText(
      'after',
      '\nExample:\n  wardline access token create "mirror port, house B" --sensor house-b --reason "new sensor" > house-b.token\n  wardline sense --interface eth1 --sensor house-b --token-file house-b.token',
    )
    .action(runCreate);
  withReason(
    token
      .command('revoke')
      .summary('revoke a token at once')
      .argument('<id>', 'of wardline access token list'),
  )
    .addHelpText('after', '\nExample:\n  wardline access token revoke 1f2e… --reason "the laptop was stolen"')
    .action(runRevoke);
}

type Token = z.infer<typeof tokenListResponse>['items'][number];

async function runTokens(flags: Flags): Promise<void> {
  const page = await askFor(await serverAccess(flags), 'api/v1/tokens', tokenListResponse);
  if (flags.json) return writeOut(`${JSON.stringify(page)}\n`);
  const state = (row: Token) =>
    row.revoked ? `revoked ${minute(row.revoked)}` : `until ${minute(row.expires)}`;
  const columns = [
    { heading: 'Name', value: (row: Token) => row.name, least: 12 },
    { heading: 'Holder', value: (row: Token) => row.holder, least: 12 },
    { heading: 'State', value: state, least: 16 },
    { heading: 'Last used', value: (row: Token) => (row.used ? minute(row.used) : 'never'), least: 10 },
    { heading: 'Id', value: (row: Token) => row.id, least: 8, rank: 1 },
  ];
  return writeOut(`${tableLines(page.items, columns, process.stdout.columns ?? 120).join('\n')}\n`);
}

const DAY_MILLISECONDS = 86_400_000;

async function runCreate(
  name: string,
  flags: Given & {
    role?: string;
    sensor?: string;
    site?: string;
    certificate?: string;
    asset?: string;
    days: string;
  },
): Promise<void> {
  const days = Number(flags.days);
  if (!Number.isInteger(days) || days < 1)
    throw new CommandError(`--days ${flags.days}: expected a number of days`);
  if ((flags.role === undefined) === (flags.sensor === undefined))
    throw new CommandError('name --role or --sensor, one of them');
  const expires = new Date(Date.now() + days * DAY_MILLISECONDS).toISOString();
  const body = {
    name,
    role: flags.role ?? null,
    sensor: flags.sensor ?? null,
    sites: flags.site === undefined ? null : [Number(flags.site)],
    certificate: flags.certificate === undefined ? null : await certificateFile(flags.certificate),
    asset: flags.asset ?? null,
    expires,
    reason: flags.reason,
  };
  const made = await sendJson(await serverAccess(flags), 'api/v1/tokens', body, tokenMadeResponse);
  if (flags.json) return writeOut(`${JSON.stringify(made)}\n`);
  if (made.secret === null)
    return writeOut(
      `The sensor ${flags.sensor} comes in by its certificate, for ${counted(days, 'day')} (${made.id}).\n`,
    );
  process.stderr.write(
    `The token ${made.id} lives ${counted(days, 'day')}; this is the only time that its secret is shown.\n`,
  );
  return writeOut(`${made.secret}\n`);
}

async function certificateFile(path: string): Promise<string> {
  try {
    return await readFile(userPath(path), 'utf8');
  } catch (error) {
    throw new CommandError(`--certificate ${path} ${explainSystemError(error)}`);
  }
}

async function runRevoke(id: string, flags: Given): Promise<void> {
  await remove(await serverAccess(flags), `api/v1/tokens/${encodeURIComponent(id)}`, flags.reason);
  await writeOut(flags.json ? `${JSON.stringify({ id })}\n` : 'The token is revoked.\n');
}
