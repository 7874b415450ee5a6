import { storyMadeResponse } from '@wardline/model';
import type { Command } from 'commander';
import { sendJson, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

type Resolving = Given & { allowUntil?: string; allow?: boolean };
type Opening = Given & { drill?: boolean };

/** What people do with a story. */
export function addActs(noun: Command): void {
  withServer(noun.command('take').summary('work on a story'))
    .argument('<story>', 'as "wardline alert list" names it')
    .addHelpText('after', '\nExample:\n  wardline alert take 1-5b2f3c9a7d1e4f60a8c2b4d6')
    .action((id: string, flags: Flags) => made(flags, id, 'take', {}, 'Taken.'));
  withReason(noun.command('acknowledge').summary('say that you looked at it, and what you know'))
    .argument('<story>', 'the story')
    .addHelpText(
      'after',
      '\nExample:\n  wardline alert acknowledge 1-5b2f… --reason "the auditors, until Friday"',
    )
    .action((id: string, flags: Given) =>
      made(flags, id, 'acknowledge', { reason: flags.reason }, 'Acknowledged.'),
    );
  withServer(noun.command('note').summary('write a note on a story'))
    .argument('<story>', 'the story')
    .argument('<text>', 'what you found; without patients’ names')
    .addHelpText('after', '\nExample:\n  wardline alert note 1-5b2f… "port 14 of the switch in ward 3"')
    .action((id: string, text: string, flags: Flags) => made(flags, id, 'notes', { text }, 'Written down.'));
  withReason(noun.command('resolve').summary('say what it turned out to be'))
    .argument('<story>', 'the story')
    .argument('<verdict>', 'true, benign or false-alarm')
    .option('--allow', 'tell it no more when these devices only depart from habit so')
    .option('--allow-until <time>', 'tell it no more until then, RFC 3339, within a year')
    .addHelpText(
      'after',
      '\nExample:\n  wardline alert resolve 1-5b2f… benign --reason "audit" --allow-until 2026-12-31T00:00:00Z',
    )
    .action(runResolve);
  withReason(noun.command('open').summary('open a resolved story again'))
    .argument('<story>', 'the story')
    .addHelpText('after', '\nExample:\n  wardline alert open 1-5b2f… --reason "it was no audit"')
    .action((id: string, flags: Given) => made(flags, id, 'open', { reason: flags.reason }, 'Open again.'));
  withReason(noun.command('incident').summary('make an incident of a story'))
    .argument('<story>', 'the story')
    .argument('<playbook>', 'as "wardline incident playbooks" names it')
    .option('--drill', 'it is a drill')
    .addHelpText(
      'after',
      '\nExample:\n  wardline alert incident 1-5b2f… ransomware --reason "shares rewritten"',
    )
    .action(runIncident);
}

async function send(flags: Flags, id: string, act: string, body: object) {
  const path = `api/v1/watch/stories/${encodeURIComponent(id)}/${act}`;
  return await sendJson(await serverAccess(flags), path, body, storyMadeResponse);
}

async function made(flags: Flags, id: string, act: string, body: object, done: string): Promise<void> {
  const answer = await send(flags, id, act, body);
  return writeOut(flags.json ? `${JSON.stringify(answer)}\n` : `${done}\n`);
}

function runResolve(id: string, verdict: string, flags: Resolving): Promise<void> {
  const { reason, allowUntil: until, allow } = flags;
  const teaching = until !== undefined ? { until } : allow ? { until: null } : null;
  return made(flags, id, 'resolve', { verdict, reason, allow: teaching }, `Resolved: ${verdict}.`);
}

async function runIncident(id: string, playbook: string, flags: Opening): Promise<void> {
  const { reason, drill = false } = flags;
  const answer = await send(flags, id, 'incident', { playbook, drill, reason });
  return writeOut(
    flags.json
      ? `${JSON.stringify(answer)}\n`
      : `Incident ${answer.incident} is open: wardline incident show ${answer.incident}\n`,
  );
}
