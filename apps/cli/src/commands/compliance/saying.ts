import { basename } from 'node:path';
import { controlDecisionKinds, gapRiskResponse, riskLevels } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { digestOf } from '../../file-digest.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { serverVerb } from '../server-verb.ts';

type Flags = ServerFlags & { reason: string; until: string };

const examples = `
Examples:
  wardline compliance record --reason "before the audit"
  wardline compliance attest "hipaa-security:164.308(a)(2)" --statement "Dr. Ng is the security official" \\
    --owner person:… --document appointment.pdf --until 2027-10-31 --reason "yearly review"
  wardline compliance decide "hipaa-security:164.312(a)(2)(iii)" --as alternative --alternative "The rooms are locked" \\
    --rationale "A monitor that locks itself hides an alarm" --until 2027-10-31 --reason "risk analysis of November"
  wardline compliance risk "hipaa-security:164.308(a)(7)(ii)(A)" --level high --reason "audit of November"

The document stays where it is: only its name and its SHA-256 are kept. Owners are as in: wardline access person list.`;

/** What persons vouch for, decide and record. */
export function addSaying(noun: Command): void {
  const verb = (name: string, summary: string) =>
    serverVerb(noun, name, summary, examples).requiredOption('--reason <text>', 'goes into the ledger');
  verb('record', 'record how every control stands now, under the ledger').action(runRecord);
  verb('attest', 'vouch for a control by a document')
    .argument('<control>', 'catalogue and id')
    .requiredOption('--statement <text>', 'what is the case')
    .requiredOption('--owner <person>', 'who answers for it: person: and an id')
    .requiredOption('--document <file>', 'the document that shows it')
    .requiredOption('--until <day>', 'until when it holds, within a year')
    .action(runAttest);
  verb('decide', 'decide about what is addressable, or that a control does not apply')
    .argument('<control>', 'catalogue and id')
    .requiredOption('--as <decision>', controlDecisionKinds.join(', '))
    .requiredOption('--rationale <text>', 'why')
    .option('--alternative <text>', 'what is done instead')
    .requiredOption('--until <day>', 'until when it holds, within a year')
    .action(runDecide);
  verb('risk', 'open the risk of each gap of a control; the same again where it is open')
    .argument('<control>', 'catalogue and id')
    .requiredOption('--level <level>', riskLevels.join(', '))
    .action(runRisk);
}

async function runRisk(
  control: string,
  { level, reason, ...flags }: Omit<Flags, 'until'> & { level: string },
): Promise<void> {
  const path = `api/v1/compliance/controls/${encodeURIComponent(control)}/risks`;
  const found = await sendJson(await serverAccess(flags), path, { level, reason }, gapRiskResponse);
  await writeOut([
    `Risks of ${printable(control)}: ${found.risks.join(', ')}; ${found.opened} of them new.\n`,
  ]);
}

async function runRecord({ reason, ...flags }: ServerFlags & { reason: string }): Promise<void> {
  const made = z.object({ id: z.int() });
  const { id } = await sendJson(await serverAccess(flags), 'api/v1/compliance/records', { reason }, made);
  await writeOut([`Recorded as ${id}.\n`]);
}

const named = z.object({ id: z.string() });

async function runAttest(
  control: string,
  {
    statement,
    owner,
    document,
    until,
    reason,
    ...flags
  }: Flags & { statement: string; owner: string; document: string },
): Promise<void> {
  const sha256 = await digestOf(document);
  const body = { control, statement, owner, document: basename(document), sha256, until, reason };
  const { id } = await sendJson(await serverAccess(flags), 'api/v1/compliance/attestations', body, named);
  await writeOut([`${printable(control)} is vouched for until ${until}, attestation ${id}.\n`]);
}

async function runDecide(
  control: string,
  {
    as: decision,
    rationale,
    alternative,
    until,
    reason,
    ...flags
  }: Flags & { as: string; rationale: string; alternative?: string },
): Promise<void> {
  const body = {
    control,
    decision,
    rationale,
    ...(alternative === undefined ? {} : { alternative }),
    until,
    reason,
  };
  const { id } = await sendJson(await serverAccess(flags), 'api/v1/compliance/decisions', body, named);
  await writeOut([`${printable(control)}: ${printable(decision)} until ${until}, decision ${id}.\n`]);
}
