import { riskStates, riskTreatments } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import { type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted } from '../../terminal/units.ts';
import { withServer } from './register.ts';

type Flags = ServerFlags & { json?: boolean; reason: string };
type TreatFlags = Flags & { by: string; plan: string; owner: string; until: string; review?: string };

const examples = `
Examples:
  wardline risk assign r-1f2e3d4c5b6a7988 r-00aa11bb22cc33dd --owner person:… --until 2026-12-31 --reason "ward round"
  wardline risk treat r-1f2e3d4c5b6a7988 --by mitigate --plan "update in the night shift" --owner person:… \\
    --until 2026-12-31 --reason "vendor has a patch"
  wardline risk accept r-1f2e3d4c5b6a7988 --approve --reason "a second pump stands by"

Owners are as in: wardline access person list. An acceptance is approved by somebody else than the owner and whoever asks.`;

/** What persons decide about risks. */
export function addTreat(noun: Command): void {
  act(noun, 'assign', 'give risks to a person', 'Gives risks to a person, which triages those that are new.')
    .argument('<risks...>', 'ids in the list')
    .requiredOption('--owner <person>', 'person: and an id')
    .option('--until <day>', 'when it is due')
    .action(runAssign);
  act(noun, 'treat', 'decide what is done', 'Decides what is done about a risk, or asks that it be accepted.')
    .argument('<risk>', 'id in the list')
    .requiredOption('--by <treatment>', riskTreatments.join(', '))
    .requiredOption('--plan <text>', 'what is done, or why nothing is')
    .requiredOption('--owner <person>', 'person: and an id')
    .requiredOption('--until <day>', 'when it is done; for an acceptance, until when it holds')
    .option('--review <day>', 'when it is looked at again')
    .action(runTreat);
  act(
    noun,
    'accept',
    'approve or refuse an acceptance',
    'Decides on the acceptance of a risk that waits for it.',
  )
    .argument('<risk>', 'id in the list')
    .option('--approve', 'the risk is accepted for the time asked for')
    .option('--refuse', 'it is not')
    .action(runAccept);
  act(noun, 'done', 'the treatment is carried out', 'Says that the treatment of a risk is carried out.')
    .argument('<risk>', 'id in the list')
    .action(runDone);
  act(noun, 'comment', 'comment on a risk', 'Comments on a risk.')
    .argument('<risk>', 'id in the list')
    .argument('<text>', 'the comment')
    .action(runComment);
}

const act = (noun: Command, name: string, summary: string, description: string): Command =>
  withServer(noun.command(name).summary(summary).description(description))
    .requiredOption('--reason <text>', 'goes into the ledger')
    .addHelpText('after', examples);

const stated = z.object({ id: z.string(), state: z.enum(riskStates).optional() });
const pathOf = (risk: string, what: string): string => `api/v1/risks/${encodeURIComponent(risk)}/${what}`;

async function send(
  flags: Flags,
  path: string,
  body: object,
  told: (answer: z.infer<typeof stated>) => string,
): Promise<void> {
  const answer = await sendJson(await serverAccess(flags), path, body, stated);
  await writeOut([flags.json ? JSON.stringify(answer) : printable(told(answer)), '\n']);
}

async function runAssign(risks: string[], flags: Flags & { owner: string; until?: string }): Promise<void> {
  const { owner, until, reason } = flags;
  const body = { risks, owner, reason, ...(until === undefined ? {} : { deadline: until }) };
  const answer = await sendJson(
    await serverAccess(flags),
    'api/v1/risks/assignment',
    body,
    z.object({ risks: z.int() }),
  );
  await writeOut([
    flags.json ? JSON.stringify(answer) : printable(`${counted(answer.risks, 'risk')} given to ${owner}.`),
    '\n',
  ]);
}

async function runTreat(risk: string, flags: TreatFlags): Promise<void> {
  const { by: treatment, plan, owner, until: deadline, review, reason } = flags;
  if (!(riskTreatments as readonly string[]).includes(treatment))
    throw new CommandError(`--by ${treatment}: expected one of ${riskTreatments.join(', ')}`);
  const body = { treatment, plan, owner, deadline, reason, ...(review === undefined ? {} : { review }) };
  await send(flags, pathOf(risk, 'treatment'), body, ({ id, state }) =>
    state === 'waiting'
      ? `${id} waits for somebody else to approve that it is accepted.`
      : `${id} is ${state}.`,
  );
}

async function runAccept(
  risk: string,
  flags: Flags & { approve?: boolean; refuse?: boolean },
): Promise<void> {
  if (flags.approve === flags.refuse) throw new CommandError('expected either --approve or --refuse');
  const body = { decision: flags.approve ? 'approve' : 'refuse', reason: flags.reason };
  await send(flags, pathOf(risk, 'acceptance'), body, ({ id, state }) => `${id} is ${state}.`);
}

const runDone = (risk: string, flags: Flags): Promise<void> =>
  send(
    flags,
    pathOf(risk, 'completion'),
    { reason: flags.reason },
    ({ id }) => `${id} is done; it closes when nothing shows it any more.`,
  );

const runComment = (risk: string, text: string, flags: Flags): Promise<void> =>
  send(flags, pathOf(risk, 'comments'), { text, reason: flags.reason }, ({ id }) => `Commented on ${id}.`);
