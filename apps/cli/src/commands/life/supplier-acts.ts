import { readFile } from 'node:fs/promises';
import { type Supplier, supplierDetailsSchema, supplierListResponse } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { askFor, type ServerAccess, type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { explainSystemError } from '../../assessment/captures.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { userPath } from '../../working-directory.ts';
import { serverVerb } from '../server-verb.ts';

const examples = `
Examples:
  wardline supplier show "Acme Medical" > acme.json      what is known, as a file to edit
  wardline supplier change "Acme Medical" acme.json --reason "the agreement was renewed"
  wardline supplier add acme.json --reason "new supplier of pumps"
  wardline supplier keep-security-txt "Acme Medical" acme.txt --reason "from its web site"

Exit codes: 0 done, 1 the server could not be asked or refused it, 2 bad usage, 3 the file is none.`;

/** What persons say of suppliers. An entry has many parts, so it is a file: shown, edited, handed back. */
export function addSupplierActs(noun: Command): void {
  serverVerb(noun, 'show', 'print what is known of one, as a file to edit', examples)
    .argument('<supplier>', 'its name or id')
    .action(runShow);
  serverVerb(noun, 'add', 'add a supplier from a file', examples)
    .argument('<file>', 'JSON, as supplier show prints it')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runAdd);
  serverVerb(noun, 'change', 'change a supplier to what a file says', examples)
    .argument('<supplier>', 'its name or id')
    .argument('<file>', 'JSON, as supplier show prints it')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runChange);
  serverVerb(noun, 'keep-security-txt', "keep a supplier's security.txt", examples)
    .argument('<supplier>', 'its name or id')
    .argument('<file>', 'the file')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runKeep);
}

type Acting = ServerFlags & { reason: string };
const at = (id: string, act = '') => `api/v1/suppliers/${encodeURIComponent(id)}${act}`;
// What the server tells beside, as what of a security.txt is wrong, is shown by supplier list and the console.
const anything = z.looseObject({});

async function named(access: ServerAccess, name: string): Promise<Supplier> {
  const { items } = await askFor(access, 'api/v1/suppliers', supplierListResponse);
  const found = items.find(
    ({ id, details }) => id === name || details.name.toLowerCase() === name.toLowerCase(),
  );
  if (found === undefined)
    throw new CommandError(`${printable(name)}: there is no such supplier`, exitCodes.failed);
  return found;
}

async function runShow(name: string, flags: ServerFlags): Promise<void> {
  const { details } = await named(await serverAccess(flags), name);
  await writeOut([`${JSON.stringify(details, null, 2)}\n`]);
}

async function runAdd(file: string, flags: Acting): Promise<void> {
  const details = await detailsIn(file);
  await sendJson(
    await serverAccess(flags),
    'api/v1/suppliers',
    { ...details, reason: flags.reason },
    anything,
  );
  await writeOut([`${printable(details.name)} is added.\n`]);
}

async function runChange(name: string, file: string, flags: Acting): Promise<void> {
  const access = await serverAccess(flags);
  const { id, revision } = await named(access, name);
  const body = { ...(await detailsIn(file)), revision, reason: flags.reason };
  await sendJson(access, at(id), body, anything, 'PUT');
  await writeOut([`${printable(name)} is changed.\n`]);
}

async function runKeep(name: string, file: string, flags: Acting): Promise<void> {
  const access = await serverAccess(flags);
  const { id } = await named(access, name);
  const body = { text: await textOf(file), reason: flags.reason };
  await sendJson(access, at(id, '/security-txt'), body, anything);
  await writeOut([`${printable(name)}: its security.txt is kept.\n`]);
}

/** @throws CommandError with the place of what is wrong */
async function detailsIn(file: string) {
  const text = await textOf(file);
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new CommandError(
      printable(`${file} is no JSON: ${(error as Error).message}`),
      exitCodes.nothingRead,
    );
  }
  const parsed = supplierDetailsSchema.safeParse(read);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(
    printable(`${file} is no supplier: /${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}`),
    exitCodes.nothingRead,
  );
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(userPath(file), 'utf8');
  } catch (error) {
    throw new CommandError(printable(`${file} ${explainSystemError(error)}`), exitCodes.nothingRead);
  }
}
