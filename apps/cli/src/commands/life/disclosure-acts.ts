import { disclosureOutcomes, disclosureSteps } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { serverVerb } from '../server-verb.ts';

const examples = `
Examples:
  wardline disclosure add "Open port" --received 2026-11-20 --vendor "B. Braun" --model IP-7 \\
    --description "Port 9100 answers without a login." --contact "extension 4711" --reason "told by telephone"
  wardline disclosure step 7 acknowledge --day 2026-11-21 --reason "called back"
  wardline disclosure step 7 assess --day 2026-11-25 --outcome valid --reason "tried it"
  wardline disclosure step 7 hand-over --day 2026-11-26 --supplier 6b1f… --address mailto:psirt@acme.example --reason "by its security.txt"

Exit codes: 0 done, 1 the server could not be asked or refused it, 2 bad usage.`;

/** Reports are taken in, and their steps entered; who told of it stays out of the ledger. */
export function addDisclosureActs(noun: Command): void {
  serverVerb(noun, 'add', 'take in a report of a weakness', examples)
    .argument('<title>', 'in short')
    .requiredOption('--received <day>', 'as 2026-12-31; the clocks count from it')
    .requiredOption('--description <text>', 'what was told, without data of patients')
    .option('--vendor <name>', "whose product; left out where it is the hospital's own network", '')
    .option('--model <name>', 'which product', '')
    .option('--reporter <name>', 'who told it', '')
    .option('--contact <text>', 'how to reach them; left out where it came without a name')
    .option('--may-be-named', 'the supplier may be told their name')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runAdd);
  serverVerb(noun, 'step', 'enter that a step was done; it stays', examples)
    .argument('<number>', 'of the report')
    .argument('<step>', disclosureSteps.join(', '))
    .requiredOption('--day <day>', 'when, as 2026-12-31')
    .option('--note <text>', 'what was done', '')
    .option('--outcome <outcome>', `of the assessment: ${disclosureOutcomes.join(', ')}`)
    .option('--supplier <id>', 'to whom it was handed over')
    .option('--address <address>', 'by which address, as disclosure show names it')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runStep);
}

interface AddFlags extends ServerFlags {
  received: string;
  description: string;
  vendor: string;
  model: string;
  reporter: string;
  contact?: string;
  mayBeNamed?: boolean;
  reason: string;
}

async function runAdd(title: string, flags: AddFlags): Promise<void> {
  const { received, description, vendor, model, reporter: name, contact, mayBeNamed, reason } = flags;
  const reporter = contact === undefined ? null : { name, contact, mayBeNamed: mayBeNamed === true };
  const body = { received, details: { title, vendor, model, description }, reporter, reason };
  const made = z.object({ number: z.int() });
  const { number } = await sendJson(await serverAccess(flags), 'api/v1/disclosures', body, made);
  await writeOut([`Report ${number} is taken in, and its clocks run.\n`]);
}

interface StepFlags extends ServerFlags {
  day: string;
  note: string;
  outcome?: string;
  supplier?: string;
  address?: string;
  reason: string;
}

async function runStep(number: string, step: string, flags: StepFlags): Promise<void> {
  const { day, note, outcome, supplier, address, reason } = flags;
  const body = { day, note, outcome, supplier, address, reason };
  const path = `api/v1/disclosures/${encodeURIComponent(number)}/steps/${encodeURIComponent(step)}`;
  await sendJson(await serverAccess(flags), path, body, z.object({ done: z.literal(true) }));
  await writeOut([`${printable(`Report ${number}: ${step} was done on ${day}.`)}\n`]);
}
