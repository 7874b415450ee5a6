import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AuthorityRow,
  authorityChangedResponse,
  authorityPublishedResponse,
  authorityRequestedResponse,
  type Trust,
  trustResponse,
} from '@wardline/model';
import { fingerprintOf, PkiError, toPem } from '@wardline/pki';
import { type Command, Option } from 'commander';
import { askFor, type ServerAccess, sendJson, serverAccess } from '../../api/client.ts';
import { makeRoot, nowMoment, openRoot, signZone } from '../../ceremony/root.ts';
import { authorityWhys, makeRootList } from '../../ceremony/root-list.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted, minute } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { type Flags, type Given, withReason, withServer } from '../access/asking.ts';

const examples = `
Examples:
  wardline pki init /media/root --organization "General Hospital" --passphrase-file passphrase
  wardline pki request icu --organization "General Hospital" --domain icu.devices.hospital.example --out icu.csr --reason "first authority"
  wardline pki sign icu.csr --root /media/root --zone icu --domain icu.devices.hospital.example --passphrase-file passphrase --out icu.pem
  wardline pki install icu.pem --root /media/root/root.pem --reason "ceremony of Monday"
  wardline pki list --root /media/root --passphrase-file passphrase --out root.crl
  wardline pki publish root.crl --reason "ceremony of Monday"
  wardline pki status

"init", "sign" and "list" belong on a machine without a network; they ask no server. Only requests, certificates and lists travel between the two.`;

/** The root's ceremony, far from the server, and the authorities of zones on it. */
export function addPki(program: Command): void {
  const pki = program
    .command('pki')
    .description('Authorities: the root and those of zones.')
    .addHelpText('after', examples);
  addRoot(pki);
  withReason(
    pki
      .command('request')
      .summary('make the key of a zone’s authority on the server, and a request for the root')
      .argument('<zone>', 'as the policy names it'),
  )
    .requiredOption('--organization <name>', 'as the root names it')
    .requiredOption('--domain <name>', 'below which all names of the zone lie')
    .option('--mail-domain <name>', 'mailboxes that it may vouch for; only where people get certificates')
    .requiredOption('--out <file>', 'where the request goes')
    .addHelpText(
      'after',
      '\nExample:\n  wardline pki request icu --organization "General Hospital" --domain icu.devices.hospital.example --out icu.csr --reason "first authority"',
    )
    .action(runRequest);
  withReason(
    pki
      .command('install')
      .summary('take what the root signed; it issues for its zone from then on')
      .argument('<certificate>', 'PEM'),
  )
    .requiredOption('--root <file>', 'the root’s certificate, PEM')
    .addHelpText(
      'after',
      '\nExample:\n  wardline pki install icu.pem --root root.pem --reason "ceremony of Monday"',
    )
    .action(runInstall);
  withReason(
    pki
      .command('publish')
      .summary('tell the root’s own list; zones’ authorities on it are taken no more')
      .argument('<list>', 'of wardline pki list, PEM'),
  )
    .addHelpText('after', '\nExample:\n  wardline pki publish root.crl --reason "ceremony of Monday"')
    .action(runPublish);
  withReason(
    pki
      .command('withdraw')
      .summary('take nothing any more that an authority issued')
      .argument('<authority>', 'its id, of wardline pki status'),
  )
    .addHelpText('after', '\nExample:\n  wardline pki withdraw 0b6c… --reason "its key was stolen"')
    .action(runWithdraw);
  withServer(pki.command('status').summary('show authorities, and what ends next'))
    .addHelpText('after', '\nExample:\n  wardline pki status')
    .action(runStatus);
}

function addRoot(pki: Command): void {
  pki
    .command('init')
    .summary('make a root, on a machine without a network')
    .argument('<folder>', 'a new folder, as on a stick that lies in a safe')
    .requiredOption('--organization <name>', 'the hospital, as certificates name it')
    .option(
      '--passphrase-file <file>',
      'file with a passphrase of at least 16 characters, for a key in the folder',
    )
    .option('--pkcs11 <uri>', 'a key on P-384 in a security module (RFC 7512), made there before')
    .option('--years <number>', 'how long it holds', '20')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  wardline pki init /media/root --organization "General Hospital" --passphrase-file passphrase',
    )
    .action(runInit);
  pki
    .command('sign')
    .summary('sign a zone’s authority with the root, bound to what the zone may speak for')
    .argument('<request>', 'of wardline pki request')
    .requiredOption('--root <folder>', 'of wardline pki init')
    .requiredOption('--zone <name>', 'as it was requested')
    .requiredOption('--domain <name>', 'as it was requested')
    .option('--mail-domain <name>', 'as it was requested')
    .option('--passphrase-file <file>', 'file with the passphrase of the root’s key')
    .option('--days <number>', 'how long it holds', '1825')
    .option(
      '--lists <address>',
      'of WARDLINE_REVOCATION_URL: the certificate names it as the place of the root’s list',
    )
    .requiredOption('--out <file>', 'where the certificate goes')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  wardline pki sign icu.csr --root /media/root --zone icu --domain icu.devices.hospital.example --passphrase-file passphrase --out icu.pem',
    )
    .action(runSign);
  pki
    .command('list')
    .summary('make the root’s own list, of authorities that hold no more')
    .requiredOption('--root <folder>', 'of wardline pki init')
    .option('--passphrase-file <file>', 'file with the passphrase of the root’s key')
    .option(
      '--revoke <serials...>',
      'authorities by serial number, of record.jsonl or wardline pki status',
      [],
    )
    .addOption(
      new Option('--why <why>', 'as lists of revocation say it')
        .choices(authorityWhys)
        .default('authority-compromise'),
    )
    .option('--days <number>', 'until when it holds; the next ceremony has to be before', '400')
    .requiredOption('--out <file>', 'where the list goes')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      '\nExamples:\n  wardline pki list --root /media/root --passphrase-file passphrase --out root.crl\n  wardline pki list --root /media/root --passphrase-file passphrase --revoke 4f3a… --out root.crl',
    )
    .action(runRootList);
}

const lineOf = (file: string): string => textOf(file).split('\n')[0]!.trim();

function textOf(file: string): string {
  try {
    return readFileSync(userPath(file), 'utf8');
  } catch {
    throw new CommandError(`${file} cannot be read`, exitCodes.failed);
  }
}

function whole(text: string, option: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new CommandError(`${option}: a number from 1 to ${most} is expected`);
  return value;
}

function writeNew(file: string, content: string): void {
  if (existsSync(userPath(file))) throw new CommandError(`${file} is there already`, exitCodes.failed);
  writeFileSync(userPath(file), content, { flag: 'wx' });
}

interface InitFlags {
  organization: string;
  passphraseFile?: string;
  pkcs11?: string;
  years: string;
  json?: boolean;
}

async function runInit(
  folder: string,
  { organization, passphraseFile, pkcs11, years, json }: InitFlags,
): Promise<void> {
  if ((passphraseFile === undefined) === (pkcs11 === undefined))
    throw new CommandError('name --passphrase-file or --pkcs11, one of them');
  const key = pkcs11 === undefined ? { passphrase: lineOf(passphraseFile!) } : { module: pkcs11 };
  const order = { organization, years: whole(years, '--years', 40), key };
  const certificate = await refusing(makeRoot(userPath(folder), order, nowMoment()));
  const made = {
    folder: userPath(folder),
    fingerprint: fingerprintOf(certificate),
    until: new Date(certificate.notAfter / 1000).toISOString(),
  };
  await writeOut(
    json
      ? `${JSON.stringify(made)}\n`
      : `The root is made. Write its fingerprint into the minutes, by hand:\n  ${spaced(made.fingerprint)}\nKeep ${folder} offline, twice, in two places; without its key no zone can be given a new authority.\n`,
  );
}

/** In groups of four, so that two people can read it to each other. */
const spaced = (hex: string): string => hex.match(/.{4}/g)!.join(' ');

interface SignFlags {
  root: string;
  zone: string;
  domain: string;
  mailDomain?: string;
  passphraseFile?: string;
  days: string;
  lists?: string;
  out: string;
  json?: boolean;
}

async function runSign(request: string, flags: SignFlags): Promise<void> {
  const { zone, domain, mailDomain = null, passphraseFile, out, json } = flags;
  const folder = userPath(flags.root);
  const root = await openRoot(folder, passphraseFile === undefined ? null : lineOf(passphraseFile));
  const lists = flags.lists === undefined ? null : listsAddress(flags.lists);
  const order = { zone, domain, mailDomain, lists, days: whole(flags.days, '--days', 3650) };
  const certificate = await refusing(signZone(folder, root, textOf(request), order, nowMoment()));
  writeNew(out, toPem('CERTIFICATE', certificate.der));
  const made = {
    file: userPath(out),
    serial: certificate.serial,
    until: new Date(certificate.notAfter / 1000).toISOString(),
  };
  await writeOut(
    json
      ? `${JSON.stringify(made)}\n`
      : `${zone} has an authority for names below ${domain}, until ${made.until.slice(0, 10)}. It is in ${out}; what was signed stands in ${join(flags.root, 'record.jsonl')}.\n`,
  );
}

/** In clear, since whoever checks a certificate must not need another one for it. */
function listsAddress(text: string): string {
  if (!/^https?:\/\/[a-z0-9.-]{1,200}(:\d{1,5})?$/i.test(text))
    throw new CommandError('--lists: an address as http://pki.hospital.example:7403 is expected');
  return text;
}

/** What the engine refuses is said in its words. */
async function refusing<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof PkiError ? new CommandError(error.message, exitCodes.failed) : error;
  });
}

async function runRequest(
  zone: string,
  flags: Given & { organization: string; domain: string; mailDomain?: string; out: string },
): Promise<void> {
  const { organization, domain, mailDomain = null, reason, out } = flags;
  if (existsSync(userPath(out))) throw new CommandError(`${out} is there already`, exitCodes.failed);
  const body = { zone, organization, domain, mailDomain, reason };
  const made = await sendJson(
    await serverAccess(flags),
    'api/v1/trust/authorities',
    body,
    authorityRequestedResponse,
  );
  writeNew(out, made.request);
  await writeOut(
    flags.json
      ? `${JSON.stringify({ id: made.id, file: userPath(out) })}\n`
      : `The key is made and sealed on the server. Carry ${out} to the root.\n`,
  );
}

async function runInstall(file: string, flags: Given & { root: string }): Promise<void> {
  const body = { certificate: textOf(file), root: textOf(flags.root), reason: flags.reason };
  const installed = await sendJson(
    await serverAccess(flags),
    'api/v1/trust/authorities/certificate',
    body,
    authorityChangedResponse,
  );
  await writeOut(
    flags.json
      ? `${JSON.stringify(installed)}\n`
      : `${printable(`${installed.zone} has an authority that issues.`)}\n`,
  );
}

interface RootListFlags {
  root: string;
  passphraseFile?: string;
  revoke: string[];
  why: (typeof authorityWhys)[number];
  days: string;
  out: string;
  json?: boolean;
}

async function runRootList(flags: RootListFlags): Promise<void> {
  const { passphraseFile, revoke, why, out, json } = flags;
  if (existsSync(userPath(out))) throw new CommandError(`${out} is there already`, exitCodes.failed);
  const folder = userPath(flags.root);
  const root = await openRoot(folder, passphraseFile === undefined ? null : lineOf(passphraseFile));
  const order = { revoke, why, days: whole(flags.days, '--days', 1100) };
  const made = await refusing(makeRootList(folder, root, order, nowMoment()));
  writeNew(out, made.pem);
  const { number, revoked } = made;
  await writeOut(
    json
      ? `${JSON.stringify({ file: userPath(out), number, revoked: revoked.map(({ serial }) => serial) })}\n`
      : `List ${number} is in ${out}, with ${counted(revoked.length, 'authority', 'authorities')} revoked. Write number and day into the minutes; it holds ${order.days} days.\n`,
  );
}

async function runPublish(file: string, flags: Given): Promise<void> {
  const body = { list: textOf(file), reason: flags.reason };
  const published = await sendJson(
    await serverAccess(flags),
    'api/v1/trust/roots/list',
    body,
    authorityPublishedResponse,
  );
  const ended =
    published.withdrawn.length === 0
      ? ''
      : ` Authorities of ${published.withdrawn.join(', ')} are withdrawn.`;
  await writeOut(
    flags.json
      ? `${JSON.stringify(published)}\n`
      : `${printable(`List ${published.number} is told from now on.${ended}`)}\n`,
  );
}

async function runWithdraw(id: string, flags: Given): Promise<void> {
  const path = `api/v1/trust/authorities/${encodeURIComponent(id)}/withdrawal`;
  const withdrawn = await sendJson(
    await serverAccess(flags),
    path,
    { reason: flags.reason },
    authorityChangedResponse,
  );
  await writeOut(
    flags.json
      ? `${JSON.stringify(withdrawn)}\n`
      : `${printable(`Nothing that this authority of ${withdrawn.zone} issued is taken any more.`)}\n`,
  );
}

const columns = [
  { heading: 'Zone', value: (row: AuthorityRow) => row.zone, least: 10 },
  {
    heading: 'State',
    value: (row: AuthorityRow) => (row.open ? row.state : `${row.state}, key closed`),
    least: 9,
  },
  { heading: 'Holding', value: (row: AuthorityRow) => String(row.holding), least: 7 },
  { heading: 'Revoked', value: (row: AuthorityRow) => String(row.revoked), least: 7 },
  { heading: 'Until', value: (row: AuthorityRow) => row.until?.slice(0, 10) ?? '–', least: 10 },
  { heading: 'Serial', value: (row: AuthorityRow) => row.serial ?? '–', least: 12, rank: 1 },
  { heading: 'Id', value: (row: AuthorityRow) => row.id, least: 8, rank: 1 },
];

async function runStatus(flags: Flags): Promise<void> {
  const trust = await overview(await serverAccess(flags));
  if (flags.json) return writeOut(`${JSON.stringify(trust)}\n`);
  const lines = [
    ...tableLines(trust.authorities, columns, process.stdout.columns ?? 120),
    '',
    ...summary(trust),
  ];
  return writeOut(`${lines.map(printable).join('\n')}\n`);
}

const overview = (access: ServerAccess): Promise<Trust> => askFor(access, 'api/v1/trust', trustResponse);

function* summary({ counts, next }: Trust): Generator<string> {
  const { valid, due, expired, revoked, waiting } = counts;
  yield `${counted(valid, 'certificate')} valid, ${due} due, ${expired} expired, ${revoked} revoked; ${counted(waiting, 'enrolment')} waiting.`;
  if (next.length > 0) yield 'What ends next:';
  for (const { at, text } of next.slice(0, 8)) yield `  ${minute(at)}  ${text}`;
}
