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
  from?: string;
  to?: string;
  user?: string;
  gather?: string;
  implicitTls?: boolean;
};

const examples = `
Examples:
  wardline alert receiver add siem syslog siem.hospital.example:6514 --ca siem-ca.pem --as cef --reason "the SIEM of the house"
  wardline alert receiver add desk https://desk.hospital.example/alerts --reason "tickets"
  wardline alert receiver add night mail relay.hospital.example:587 --from wardline@hospital.example --to duty@hospital.example --reason "who is on duty"
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
    .argument(
      '<where...>',
      'syslog host:port (over TLS), mail host:port (a relay), or an address that begins with https://',
    )
    .option('--as <form>', 'json, ocsf or cef (cef for syslog only)', 'ocsf')
    .option('--ca <file>', 'authority of its certificate, PEM; without it the system’s own are trusted')
    .option('--cert <file>', 'this server’s own certificate for it, PEM, where it asks for one')
    .option('--key <file>', 'and its key, PEM')
    .option('--from <address>', 'of mail: the sender')
    .option('--to <address>', 'of mail: who is told of grave stories')
    .option('--user <name>', 'of mail: who signs in at the relay; the password is in --secret')
    .option('--implicit-tls', 'of mail: TLS from the start (port 465) instead of STARTTLS')
    .option('--gather <minutes>', 'of mail: for how long what is not critical is gathered (15)')
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
  const where = placeWords(settings);
  // Nobody knows that one is well to whom nothing was sent yet.
  const well = lastSent === null ? 'nothing sent yet' : 'served';
  const state = paused ? 'paused' : trouble === null ? well : 'AWAY';
  return [
    `${name}: ${where}, ${state}`,
    `  sent up to ${sent}${sure === sent ? '' : ` (surely there: ${sure})`}, ${counted(waiting, 'number')} waiting, last sent ${lastSent === null ? 'never' : minute(lastSent)}`,
    ...(trouble === null ? [] : [`  since ${minute(trouble.since)}: ${trouble.text}`]),
    ...(missing === 0 ? [] : [`  ${counted(missing, 'number')} were no longer kept when it came back`]),
  ];
}

function placeWords(settings: AlertReceiver['settings']): string {
  if (settings.kind === 'webhook') return `${settings.url} as ${settings.form}`;
  const place = `${settings.kind} ${settings.host}:${settings.port}`;
  return settings.kind === 'syslog' ? `${place} as ${settings.form}` : `${place} to ${settings.to}`;
}

async function runAdd(name: string, where: readonly string[], flags: Adding): Promise<void> {
  const [kind = '', place = ''] = where;
  const settings = settingsOf[kind]?.(place, flags) ?? webhookOf(kind, flags);
  const secret = kind === 'syslog' ? read(flags.key) : read(flags.secret)?.trim();
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

function hostOf(place: string): { host: string; port?: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(place) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new CommandError(`${place}: expected host:port`);
  return { host, ...(port === undefined ? {} : { port: Number(port) }) };
}

function syslogOf(place: string, flags: Adding): object {
  const own = read(flags.cert) ?? null;
  const ca = read(flags.ca) ?? null;
  return { kind: 'syslog', ...hostOf(place), form: flags.as, ca, certificate: own };
}

function mailOf(place: string, flags: Adding): object {
  const { from, to, user = null, gather } = flags;
  if (from === undefined || to === undefined) throw new CommandError('mail needs --from and --to');
  const minutes = gather === undefined ? {} : { gather: Number(gather) };
  const tls = flags.implicitTls ? 'always' : 'required';
  return { kind: 'mail', ...hostOf(place), tls, ca: read(flags.ca) ?? null, from, to, user, ...minutes };
}

const settingsOf: Readonly<Record<string, (place: string, flags: Adding) => object>> = {
  syslog: syslogOf,
  mail: mailOf,
};

function webhookOf(url: string, flags: Adding): object {
  if (!url.startsWith('https://'))
    throw new CommandError(
      `${url}: expected syslog host:port, mail host:port, or an address that begins with https://`,
    );
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
