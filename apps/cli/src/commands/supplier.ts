import { readFile } from 'node:fs/promises';
import { readSecurityTxt, type SecurityContacts } from '@wardline/formats';
import { type Reminder, type Supplier, supplierListResponse } from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerFlags, serverAccess } from '../api/client.ts';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { writeOut } from '../terminal/output.ts';
import { printable } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';
import { counted } from '../terminal/units.ts';
import { userPath } from '../working-directory.ts';
import { addSupplierActs } from './life/supplier-acts.ts';
import { serverVerb } from './server-verb.ts';

const examples = `
Examples:
  wardline supplier list
  wardline supplier due --json | jq '.reminders[] | select(.state == "overdue")'
  curl -s https://acme.example/.well-known/security.txt > acme.txt && wardline supplier security-txt acme.txt

Exit codes: 0 done, 1 the server or file could not be read, 2 bad usage, 3 no security.txt.`;

export function addSupplier(program: Command): void {
  const noun = program.command('supplier').description('Suppliers: agreements, ways in, and what runs out.');
  serverVerb(noun, 'list', 'list suppliers', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runList);
  serverVerb(noun, 'due', 'show what runs out, has run out or is missing', examples)
    .option('--json', 'print one JSON object and nothing else')
    .action(runDue);
  noun
    .command('security-txt')
    .summary('read a security.txt (RFC 9116) from a file')
    .description('Shows whom a vulnerability is reported to, and what breaks a rule of RFC 9116.')
    .argument('<file>', 'the file')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', examples)
    .action(runSecurityTxt);
  addSupplierActs(noun);
}

type Flags = ServerFlags & { json?: boolean };

const ask = async (flags: Flags) =>
  askFor(await serverAccess(flags), 'api/v1/suppliers', supplierListResponse);

async function runList(flags: Flags): Promise<void> {
  const found = await ask(flags);
  if (flags.json) return await writeOut([`${JSON.stringify(found, null, 2)}\n`]);
  const columns = [
    { heading: 'Supplier', value: ({ details }: Supplier) => details.name, least: 12 },
    { heading: 'Patient data', value: ({ details }: Supplier) => details.handlesPatientData, least: 12 },
    { heading: 'Ways in', value: ({ details }: Supplier) => String(details.channels.length), least: 7 },
    { heading: 'Agreements', value: ({ details }: Supplier) => String(details.agreements.length), least: 10 },
    { heading: 'Due', value: ({ reminders }: Supplier) => String(reminders.length), least: 4 },
  ];
  const lines = tableLines(found.items, columns, process.stdout.columns ?? 120);
  await writeOut([`${[`${counted(found.total, 'supplier')}.`, ...lines].join('\n')}\n`]);
}

async function runDue(flags: Flags): Promise<void> {
  const { reminders } = await ask(flags);
  if (flags.json) return await writeOut([`${JSON.stringify({ reminders }, null, 2)}\n`]);
  const line = ({ state, supplierName, text }: Reminder) =>
    printable(`${state.padEnd(8)} ${supplierName}: ${text}`);
  const lines = reminders.length === 0 ? ['Nothing runs out, and nothing is missing.'] : reminders.map(line);
  await writeOut([`${lines.join('\n')}\n`]);
}

async function runSecurityTxt(file: string, flags: { json?: boolean }): Promise<void> {
  const read = readSecurityTxt(await textOf(file));
  if (read.contacts.length === 0) process.exitCode = exitCodes.nothingRead;
  if (flags.json) return await writeOut([`${JSON.stringify(read, null, 2)}\n`]);
  await writeOut([`${securityLines(read).map(printable).join('\n')}\n`]);
}

const securityLines = ({ contacts, expires, policy, csaf, faults }: SecurityContacts): string[] => [
  ...contacts.map((one) => `Report to   ${one}`),
  ...(expires === null ? [] : [`Holds until ${expires}`]),
  ...policy.map((one) => `Policy      ${one}`),
  ...csaf.map((one) => `Advisories  ${one}`),
  ...faults.map(({ line, message }) => `Line ${line}: ${message}`),
];

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(userPath(file), 'utf8');
  } catch (error) {
    throw new CommandError(`${file} ${explainSystemError(error)}`, exitCodes.failed);
  }
}
