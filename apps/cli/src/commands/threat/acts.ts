import type { Command } from 'commander';
import { z } from 'zod';
import { type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { serverVerb } from '../server-verb.ts';

type Flags = ServerFlags & { json?: boolean; reason: string };
type AnswerFlags = Flags & { asset?: string; class?: string };
type VerifyFlags = Flags & { evidence: string; days: string };

const examples = `
Examples:
  wardline threat answer drive-infected "the ports are sealed" --class infusion-pump --reason "round of June"
  wardline threat verify 0b0e… --evidence "looked at 12 of 40 pumps" --days 180 --reason "spot check"
  wardline threat remove 0b0e… --reason "seals were taken off for service"

Whoever says that something answers a threat does not verify it: somebody else has to look, and until then it does not count.`;

/** What persons say answers a threat. */
export function addThreatActs(noun: Command): void {
  act(noun, 'answer', 'say what answers a threat at an asset or at every device of a class')
    .argument('<threat>', 'its id')
    .argument('<text>', 'what is in place, or why the threat is none there')
    .option('--asset <id>', 'at this asset')
    .option('--class <class>', 'at every device of this class')
    .action(runAnswer);
  act(noun, 'verify', 'say how it was seen that it works')
    .argument('<answer>', 'its id')
    .requiredOption('--evidence <text>', 'how it was seen')
    .option('--days <number>', 'for how many days that holds', '180')
    .action(runVerify);
  act(noun, 'remove', 'it is no more')
    .argument('<answer>', 'its id')
    .action(async (id: string, flags: Flags) =>
      send(
        flags,
        `threat-answers/${encodeURIComponent(id)}/removal`,
        { reason: flags.reason },
        'Taken away.',
      ),
    );
}

const act = (noun: Command, name: string, summary: string): Command =>
  serverVerb(noun, name, summary, examples)
    .option('--json', 'print one JSON object and nothing else')
    .requiredOption('--reason <text>', 'goes into the ledger');

async function send(flags: Flags, path: string, body: object, said: string): Promise<void> {
  const answer = await sendJson(
    await serverAccess(flags),
    `api/v1/${path}`,
    body,
    z.object({ id: z.string() }),
  );
  await writeOut([flags.json ? JSON.stringify(answer) : printable(`${said} ${answer.id}`), '\n']);
}

async function runAnswer(threat: string, text: string, flags: AnswerFlags): Promise<void> {
  if ((flags.asset === undefined) === (flags.class === undefined))
    throw new CommandError('expected either --asset or --class');
  const on =
    flags.asset === undefined ? { kind: 'class', id: flags.class } : { kind: 'asset', id: flags.asset };
  const path = `threats/${encodeURIComponent(threat)}/answers`;
  await send(
    flags,
    path,
    { on, text, reason: flags.reason },
    'It counts once somebody else has verified it:',
  );
}

async function runVerify(id: string, { evidence, days, ...flags }: VerifyFlags): Promise<void> {
  const body = { evidence, days: Number(days), reason: flags.reason };
  await send(flags, `threat-answers/${encodeURIComponent(id)}/verification`, body, 'Verified:');
}
