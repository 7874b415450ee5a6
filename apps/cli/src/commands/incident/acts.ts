import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { dutyContactsResponse, incidentMadeResponse } from '@wardline/model';
import type { Command } from 'commander';
import { sendJson, serverAccess } from '../../api/client.ts';
import { writeOut } from '../../terminal/output.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';
import { incidentNumber } from './reading.ts';

type Opening = Given & { title: string; drill?: boolean; asset?: string[] };
type Settling = Flags & { note?: string; bedside?: string; skip?: boolean };
type Noting = Flags & { evidence?: string; decision?: boolean };

/** What people do in an incident. */
export function addActs(noun: Command): void {
  withReason(noun.command('open').summary('open an incident or a drill'))
    .argument('<playbook>', 'as "wardline incident playbooks" names it')
    .requiredOption('--title <text>', 'in a few words, without patients’ names')
    .option('--asset <id...>', 'devices that it is about')
    .option('--drill', 'it is a drill')
    .addHelpText(
      'after',
      '\nExample:\n  wardline incident open ransomware --title "Shares rewritten" --reason "call from ward 3"',
    )
    .action(runOpen);
  withServer(noun.command('step').summary('settle a step of the playbook'))
    .argument('<number>', 'the incident')
    .argument('<step>', 'as "wardline incident show" names it')
    .option('--note <text>', 'what was done, or why it is left out')
    .option('--bedside <who>', 'who is at the bedside')
    .option('--skip', 'leave it out')
    .addHelpText(
      'after',
      '\nExample:\n  wardline incident step 3 replace --bedside "Nurse Weber, Nurse Klein"',
    )
    .action(runStep);
  withServer(noun.command('note').summary('write on the timeline'))
    .argument('<number>', 'the incident')
    .argument('<text>', 'what happened; without patients’ names')
    .option('--decision', 'it was decided')
    .option('--evidence <file>', 'a file that stays where it is: its name, length and SHA-256 are kept')
    .addHelpText('after', '\nExample:\n  wardline incident note 3 "first packets" --evidence excerpt.pcapng')
    .action(runNote);
  withReason(noun.command('state').summary('contained, recovered, closed, or open again'))
    .argument('<number>', 'the incident')
    .argument('<state>', 'open, contained, recovered or closed')
    .addHelpText(
      'after',
      '\nExample:\n  wardline incident state 3 contained --reason "policy version 12 is in force"',
    )
    .action(runState);
  withServer(noun.command('contact').summary('say who is on duty for a role'))
    .argument('<role>', 'commander, clinical, biomedical, security, network or privacy')
    .argument('<name>', 'who')
    .argument('<reach>', 'how to reach them')
    .addHelpText('after', '\nExample:\n  wardline incident contact clinical "Night supervisor" "phone 4711"')
    .action(runContact);
}

async function made(
  flags: Flags,
  path: string,
  body: object,
  done: (number: number) => string,
): Promise<void> {
  const answer = await sendJson(
    await serverAccess(flags),
    `api/v1/incidents${path}`,
    body,
    incidentMadeResponse,
  );
  return writeOut(flags.json ? `${JSON.stringify(answer)}\n` : `${done(answer.number)}\n`);
}

function runOpen(playbook: string, flags: Opening): Promise<void> {
  const { title, reason, asset = [], drill = false } = flags;
  return made(
    flags,
    '',
    { playbook, title, reason, assets: asset, drill },
    (number) => `Incident ${number} is open: wardline incident show ${number}`,
  );
}

function runStep(text: string, step: string, flags: Settling): Promise<void> {
  const body = {
    state: flags.skip ? 'skipped' : 'done',
    note: flags.note ?? '',
    atBedside: flags.bedside ?? '',
  };
  return made(
    flags,
    `/${incidentNumber(text)}/steps/${encodeURIComponent(step)}`,
    body,
    () => `${flags.skip ? 'Left out' : 'Done'}: ${step}`,
  );
}

async function runNote(text: string, words: string, flags: Noting): Promise<void> {
  const evidence = flags.evidence === undefined ? null : await hashed(flags.evidence);
  const kind = evidence === null ? (flags.decision ? 'decision' : 'note') : 'evidence';
  return made(
    flags,
    `/${incidentNumber(text)}/entries`,
    { kind, text: words, evidence },
    () => 'Written down.',
  );
}

async function hashed(path: string): Promise<{ name: string; sha256: string; bytes: number }> {
  const bytes = await readFile(userPath(path));
  return {
    name: basename(path),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
  };
}

function runState(text: string, state: string, flags: Given): Promise<void> {
  return made(
    flags,
    `/${incidentNumber(text)}/state`,
    { state, reason: flags.reason },
    (number) => `Incident ${number} is ${state}.`,
  );
}

async function runContact(role: string, name: string, reach: string, flags: Flags): Promise<void> {
  const answer = await sendJson(
    await serverAccess(flags),
    'api/v1/duty-contacts',
    { role, name, reach },
    dutyContactsResponse,
  );
  return writeOut(flags.json ? `${JSON.stringify(answer)}\n` : `${role}: ${name}, ${reach}\n`);
}
