import { readFileSync } from 'node:fs';
import {
  type RuleTrialResult,
  ruleListResponse,
  ruleMadeResponse,
  ruleTryResponse,
  type WatchRule,
} from '@wardline/model';
import { parseAnyRule } from '@wardline/watch';
import type { Command } from 'commander';
import { askFor, type ServerAccess, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted, minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

type Trying = Flags & { site: string; days: string };
type Saving = Given & { site?: string };
type Enabling = Given & { days: string; anyway?: boolean };

const examples = `
A rule is a text of a few lines:

  alert high "A pump sends much at night"
  from class infusion-pump, zone "Ward 3"
  to outside except address 203.0.113.0/24
  over tcp/443
  at Mon-Fri 22:00-06:00
  more than 10 MB sent in 1 h
  advice "Call biomedical engineering."

or a rule of Sigma (YAML) for what devices log, and for facts of protocols.

Examples:
  wardline alert rule check night.rule
  wardline alert rule try ssh-guessing.yml --days 7
  wardline alert rule try night.rule --days 14
  wardline alert rule save pumps-at-night night.rule --reason "after the audit"
  wardline alert rule enable pumps-at-night --reason "two weeks of it are clean"`;

/** Rules for conversations and logs that the hospital wrote itself. */
export function addRules(noun: Command): void {
  const rules = noun
    .command('rule')
    .summary('rules for conversations and logs that the hospital wrote itself')
    .description(
      'Rules for conversations and logs that the hospital wrote itself: tried on what was recorded, then switched on.',
    );
  rules
    .command('check')
    .summary('tell what is wrong with a rule, without a server')
    .argument('<file>', 'the rule')
    .addHelpText('after', examples)
    .action(runCheck);
  withServer(
    rules.command('try').summary('tell what a rule would have told of the last days; nothing is stored'),
  )
    .argument('<file>', 'the rule')
    .option('--days <count>', 'of what was recorded, 31 at the most', '7')
    .option('--site <number>', 'of which site', '1')
    .addHelpText('after', examples)
    .action(runTry);
  withServer(rules.command('list').summary('rules, and what each has told'))
    .addHelpText('after', examples)
    .action(runList);
  withReason(rules.command('save').summary('keep a rule, switched off; one of the same name becomes this'))
    .argument('<name>', 'what it is called: small letters, digits, hyphens')
    .argument('<file>', 'the rule')
    .option('--site <number>', 'for one site only')
    .addHelpText('after', examples)
    .action(runSave);
  withReason(rules.command('enable').summary('switch a rule on; it is held against the last days first'))
    .argument('<name>', 'of wardline alert rule list')
    .option('--days <count>', 'that it is held against first, 31 at the most', '7')
    .option('--anyway', 'also where it would have told more than people can look at')
    .addHelpText('after', examples)
    .action(runEnable);
  for (const [verb, path, summary] of [
    ['disable', 'disable', 'switch a rule off'],
    ['remove', 'removal', 'remove a rule'],
  ] as const)
    withReason(rules.command(verb).summary(summary))
      .argument('<name>', 'of wardline alert rule list')
      .addHelpText('after', examples)
      .action((name: string, flags: Given) => change(name, path, flags, { reason: flags.reason }));
}

async function runCheck(file: string): Promise<void> {
  const parsed = parseAnyRule(textOf(file));
  if (parsed.ok) return writeOut(`${file}: nothing is wrong with it.\n`);
  const faults = parsed.faults.map(({ message, place }) => ({ message, ...place }));
  throw new CommandError(faultLines(file, faults), exitCodes.failed);
}

const faultLines = (file: string, faults: readonly { line: number; column: number; message: string }[]) =>
  faults.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n');

async function runTry(file: string, flags: Trying): Promise<void> {
  const body = { text: textOf(file), site: Number(flags.site), days: Number(flags.days) };
  const { faults, trial } = await sendJson(
    await serverAccess(flags),
    'api/v1/watch/rules/trial',
    body,
    ruleTryResponse,
  );
  if (trial === null) throw new CommandError(faultLines(file, faults), exitCodes.failed);
  return writeOut(
    flags.json ? `${JSON.stringify(trial)}\n` : trialLines(trial).map((line) => `${printable(line)}\n`),
  );
}

function trialLines({ from, until, conversations, lines, cut, alerts, shown }: RuleTrialResult): string[] {
  const more = alerts - shown.length;
  const looked =
    lines > 0 ? counted(lines, 'line or fact', 'lines and facts') : counted(conversations, 'conversation');
  return [
    `${minute(from)} to ${minute(until)}, ${looked}${cut ? ' (there are more, which were not looked at)' : ''}: ${counted(alerts, 'alert')}`,
    ...shown.map(
      ({ firstSeen, summary, count }) =>
        `  ${minute(firstSeen)}  ${summary}${count > 1 ? ` (${count} times)` : ''}`,
    ),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

async function runList(flags: Flags): Promise<void> {
  const found = await list(await serverAccess(flags));
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  if (found.items.length === 0) return writeOut('No rule yet.\n');
  return writeOut(found.items.flatMap(ruleLines).map((line) => `${printable(line)}\n`));
}

const list = (access: ServerAccess) => askFor(access, 'api/v1/watch/rules', ruleListResponse);

function ruleLines({ name, site, title, severity, enabled, told, trial, changed }: WatchRule): string[] {
  const where = site === null ? '' : `, site ${site} only`;
  return [
    `${name}: ${enabled ? 'on' : 'off'}, ${severity}, “${title}”${where}`,
    `  changed ${minute(changed)}, ${counted(told, 'alert')} told`,
    ...(trial === null
      ? []
      : [
          `  switched on ${minute(trial.at)}, when ${counted(trial.days, 'day')} would have brought ${counted(trial.alerts, 'alert')}`,
        ]),
  ];
}

async function runSave(name: string, file: string, flags: Saving): Promise<void> {
  const site = flags.site === undefined ? null : Number(flags.site);
  const body = { name, site, text: textOf(file), reason: flags.reason };
  const answer = await sendJson(await serverAccess(flags), 'api/v1/watch/rules', body, ruleMadeResponse);
  return writeOut(
    flags.json ? `${JSON.stringify(answer)}\n` : `${name} is kept, and off until it is switched on.\n`,
  );
}

const runEnable = (name: string, flags: Enabling) =>
  change(name, 'enable', flags, {
    days: Number(flags.days),
    anyway: flags.anyway ?? false,
    reason: flags.reason,
  });

async function change(name: string, path: string, flags: Flags, body: object): Promise<void> {
  const access = await serverAccess(flags);
  const found = (await list(access)).items.find((one) => one.name === name);
  if (found === undefined) throw new CommandError(`there is no rule ${name}`, exitCodes.failed);
  const answer = await sendJson(access, `api/v1/watch/rules/${found.id}/${path}`, body, ruleMadeResponse);
  const done = { enable: 'on', disable: 'off', removal: 'gone' }[path];
  return writeOut(flags.json ? `${JSON.stringify(answer)}\n` : `${name} is ${done}.\n`);
}

/** @throws CommandError where it cannot be read */
function textOf(file: string): string {
  try {
    return readFileSync(userPath(file), 'utf8');
  } catch (cause) {
    throw new CommandError(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`);
  }
}
