import { readFileSync } from 'node:fs';
import {
  type AlertReceiver,
  receiverChangedResponse,
  receiverListResponse,
  receiverMadeResponse,
} from '@wardline/model';
import type { Command } from 'commander';
import { askFor, type ServerAccess, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { counted, minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

type Adding = Given & {
  as?: string;
  ca?: string;
  cert?: string;
  key?: string;
  secret?: string;
  after?: string;
};

const examples = `
Examples:
  wardline alert receiver add siem syslog siem.hospital.example:6514 --ca siem-ca.pem --as cef --reason "the SIEM of the house"
  wardline alert receiver add desk https://desk.hospital.example/alerts --reason "tickets"
  wardline alert receiver list
  wardline alert receiver pause siem --reason "it moves to another room"

Numbers have no gaps, and each message holds its own (externalId, metadata.sequence, number). After a broken connection what may be lost is
sent again: a receiver drops what it has by its number, and lacks nothing where each number is one more than the one before.`;

/** Who is sent every alert by the server itself. */
export function addReceivers(noun: Command): void {
  const receivers = noun
    .command('receiver')
    .summary('who is sent every alert by the server itself')
    .description(
      'Who is sent every alert by the server itself, numbered, and kept for as long as a receiver is away.',
    );
  withServer(receivers.command('list').summary('receivers, how far each was served, and what is in the way'))
    .addHelpText('after', examples)
    .action(runList);
  withReason(receivers.command('add').summary('send every alert to a receiver from now on'))
    .argument('<name>', 'what it is called')
    .argument('<where...>', 'syslog host:port (over TLS), or an address that begins with https://')
    .option('--as <form>', 'json, ocsf or cef (cef for syslog only)', 'ocsf')
    .option('--ca <file>', 'authority of its certificate, PEM; without it the system’s own are trusted')
    .option('--cert <file>', 'this server’s own certificate for it, PEM, where it asks for one')
    .option('--key <file>', 'and its key, PEM')
    .option(
      '--secret <file>',
      'what a webhook’s messages are signed with; without it one is made and printed once',
    )
    .option('--after <number>', 'begin behind this number instead of now; 0 for everything that is kept')
    .addHelpText('after', examples)
    .action(runAdd);
  for (const [verb, summary] of [
    ['pause', 'send it nothing for now; what comes is kept for it'],
    ['resume', 'go on with what it lacks'],
    ['remove', 'send it nothing any more'],
  ] as const)
    withReason(receivers.command(verb).summary(summary))
      .argument('<name>', 'of wardline alert receiver list')
      .addHelpText('after', examples)
      .action((name: string, flags: Given) => runChange(verb, name, flags));
}

async function runList(flags: Flags): Promise<void> {
  const found = await list(await serverAccess(flags));
  if (flags.json) return writeOut(`${JSON.stringify(found)}\n`);
  if (found.items.length === 0) return writeOut('No receiver: alerts are sent nowhere by themselves.\n');
  const lines = found.items.flatMap(receiverLines);
  return writeOut(lines.map((line) => `${printable(line)}\n`));
}

const list = (access: ServerAccess) => askFor(access, 'api/v1/watch/receivers', receiverListResponse);

function receiverLines(receiver: AlertReceiver): string[] {
  const { name, settings, paused, sent, sure, waiting, missing, lastSent, trouble } = receiver;
  const where = settings.kind === 'syslog' ? `syslog ${settings.host}:${settings.port}` : settings.url;
  const state = paused ? 'paused' : trouble === null ? 'served' : 'AWAY';
  return [
    `${name}: ${where} as ${settings.form}, ${state}`,
    `  sent up to ${sent}${sure === sent ? '' : ` (surely there: ${sure})`}, ${counted(waiting, 'number')} waiting, last sent ${lastSent === null ? 'never' : minute(lastSent)}`,
    ...(trouble === null ? [] : [`  since ${minute(trouble.since)}: ${trouble.text}`]),
    ...(missing === 0 ? [] : [`  ${counted(missing, 'number')} were no longer kept when it came back`]),
  ];
}

async function runAdd(name: string, where: readonly string[], flags: Adding): Promise<void> {
  const isSyslog = where[0] === 'syslog';
  const settings = isSyslog ? syslogOf(where[1] ?? '', flags) : { ...webhookOf(where[0] ?? '', flags) };
  const secret = isSyslog ? read(flags.key) : read(flags.secret)?.trim();
  const after = flags.after === undefined ? undefined : Number(flags.after);
  const body = { name, settings, secret, after, reason: flags.reason };
  const answer = await sendJson(
    await serverAccess(flags),
    'api/v1/watch/receivers',
    body,
    receiverMadeResponse,
  );
  if (flags.json) return writeOut(`${JSON.stringify(answer)}\n`);
  const told =
    answer.secret === null
      ? ''
      : `Its messages are signed with this secret, which is told this once:\n${answer.secret}\n`;
  return writeOut(`${name} is sent every alert from now on.\n${told}`);
}

function syslogOf(place: string, flags: Adding) {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(place) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new CommandError(`${place}: expected host:port behind syslog`);
  const at = port === undefined ? {} : { port: Number(port) };
  const own = read(flags.cert) ?? null;
  return { kind: 'syslog', host, ...at, form: flags.as, ca: read(flags.ca) ?? null, certificate: own };
}

function webhookOf(url: string, flags: Adding) {
  if (!url.startsWith('https://'))
    throw new CommandError(`${url}: expected syslog host:port, or an address that begins with https://`);
  return { kind: 'webhook', url, form: flags.as, ca: read(flags.ca) ?? null };
}

/** @throws CommandError where it cannot be read */
function read(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(userPath(file), 'utf8');
  } catch (cause) {
    throw new CommandError(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`);
  }
}

async function runChange(verb: 'pause' | 'resume' | 'remove', name: string, flags: Given): Promise<void> {
  const access = await serverAccess(flags);
  const found = (await list(access)).items.find((one) => one.name === name);
  if (found === undefined) throw new CommandError(`there is no receiver ${name}`, exitCodes.failed);
  const { reason } = flags;
  const [path, body] =
    verb === 'remove' ? ['removal', { reason }] : ['change', { paused: verb === 'pause', reason }];
  const address = `api/v1/watch/receivers/${found.id}/${path}`;
  const answer = await sendJson(access, address, body, receiverChangedResponse);
  const done = { pause: 'Paused.', resume: 'Served again.', remove: 'Sent nothing any more.' }[verb];
  return writeOut(flags.json ? `${JSON.stringify(answer)}\n` : `${done}\n`);
}
