import {
  formatNote,
  type Judgement,
  parseCheckpoint,
  parseNote,
  parseVerifier,
  type Verifier,
  verifierText,
} from '@wardline/ledger';
import { ledgerConsistencySchema, ledgerHeadSchema } from '@wardline/model';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  askFor,
  dataOption,
  type ServerAccess,
  sendJson,
  serverAccess,
  tokenOption,
} from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { writeOut } from '../../terminal/output.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { keyFrom } from './key.ts';
import { listenAsWitness } from './witness-server.ts';
import { WitnessState } from './witness-state.ts';

const witnessExamples = `
Examples:
  wardline ledger witness --state /srv/witness --name auditor.example          make a key and print it
  wardline ledger witness --state /srv/witness --name auditor.example --server https://wardline.hospital.example
  wardline ledger witness --state /srv/witness --name auditor.example --key log.key --listen 127.0.0.1:7401

A witness belongs to somebody who can't change the ledger, on a machine of their own. It signs a head only where that
continues the last head it signed: a ledger that was rewritten or put back is refused, and the command ends with 1.
With --listen it takes heads as C2SP tlog-witness says; put a web server with TLS before it.`;

export function addWitness(ledger: Command): void {
  ledger
    .command('witness')
    .summary('sign the head of a ledger as an outsider, where it continues the last')
    .requiredOption('--state <folder>', 'where the witness keeps its key and the last head')
    .requiredOption('--name <name>', 'the witness’s name, without spaces')
    .option('--key <key>', 'the ledger’s public key, or a file with it; else the first that is met is kept')
    .option('--server <url>', 'the ledger to witness; without it only the key is made and printed')
    .option('--listen <host:port>', 'take heads over HTTP until interrupted')
    .option(...tokenOption)
    .option(...dataOption)
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText('after', witnessExamples)
    .action(runWitness);
}

interface WitnessFlags {
  state: string;
  name: string;
  key?: string;
  server?: string;
  listen?: string;
  tokenFile?: string;
  data?: string;
  json?: boolean;
}

async function runWitness(flags: WitnessFlags): Promise<void> {
  const state = new WitnessState(userPath(flags.state), flags.name);
  if (flags.listen !== undefined) return runListening(state, flags.listen, flags);
  if (flags.server !== undefined) return runRound(state, { ...flags, server: flags.server });
  const key = verifierText(state.signer);
  return writeOut(flags.json ? `${JSON.stringify({ key })}\n` : `${key}\n`);
}

/** Asks a server for its head once, and signs it. */
async function runRound(state: WitnessState, flags: WitnessFlags & { server: string }): Promise<void> {
  const access = await serverAccess(flags);
  const head = await askFor(access, 'api/v1/ledger/checkpoint', ledgerHeadSchema);
  const log = state.logKey(flags.key === undefined ? parseVerifier(head.key) : keyFrom(flags.key, '--key'));
  const note = parseNote(head.note);
  const size = note === null ? 0 : (parseCheckpoint(note.text)?.size ?? 0);
  const old = state.last()?.size ?? 0;
  const proof = old < size && old > 0 ? await consistency(access, old, size) : [];
  const { judgement, line } = state.sign({ old, proof, note: head.note }, log);
  const trouble = troubleWith(judgement, { old, size });
  if (note === null || trouble !== null)
    throw new CommandError(`NOT WITNESSED: ${trouble}`, exitCodes.failed);
  const kept = await handIn(
    access,
    `${formatNote({ text: note.text, signatures: note.signatures })}${line}`,
    flags.name,
  );
  const said = `Witnessed: ${counted(size, 'act')}, continuing what was witnessed before.${kept ? '' : ' The server does not trust this witness yet: give it the key.'}\n`;
  return writeOut(flags.json ? `${JSON.stringify({ size, kept })}\n` : said);
}

async function consistency(access: ServerAccess, from: number, to: number): Promise<Uint8Array[]> {
  const { proof } = await askFor(
    access,
    `api/v1/ledger/consistency?from=${from}&to=${to}`,
    ledgerConsistencySchema,
  );
  return proof.map((hex) => Buffer.from(hex, 'hex'));
}

async function handIn(access: ServerAccess, note: string, name: string): Promise<boolean> {
  const schema = z.object({ kept: z.array(z.string()) });
  const { kept } = await sendJson(access, 'api/v1/ledger/cosignatures', { note }, schema);
  return kept.includes(name);
}

/** Null where the head was signed. */
function troubleWith({ kind }: Judgement, { old, size }: { old: number; size: number }): string | null {
  if (kind === 'continues') return null;
  if (kind === 'malformed')
    return size < old
      ? `the ledger has ${size} acts, and ${old} were witnessed: it was put back to an older state`
      : 'the head cannot be read';
  if (kind === 'conflict') return 'the ledger was rewritten: its acts are not those that were witnessed';
  if (kind === 'unproved')
    return 'the ledger was rewritten: its acts do not begin with those that were witnessed';
  return 'the head is not signed by the ledger';
}

async function runListening(state: WitnessState, place: string, flags: WitnessFlags): Promise<void> {
  if (flags.key === undefined)
    throw new CommandError('--listen needs --key: the public key of the ledger that is witnessed');
  const log = state.logKey(keyFrom(flags.key, '--key'));
  const { server, port } = await listenAsWitness(hostAndPort(place), state, log, (judgement) =>
    process.stderr.write(`${heardLine(judgement, log)}\n`),
  );
  await writeOut(`Witness ${flags.name} of ${log.name} takes heads at port ${port}.\n`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  server.closeAllConnections();
  server.close();
}

function hostAndPort(place: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(place);
  if (match === null || Number(match[3]) > 65_535)
    throw new CommandError(`--listen ${place}: expected host:port, as 127.0.0.1:7401`);
  return { host: match[1] ?? match[2]!, port: Number(match[3]) };
}

function heardLine(judgement: Judgement, log: Verifier): string {
  return judgement.kind === 'continues'
    ? `signed ${counted(judgement.head.size, 'act')} of ${log.name}`
    : `NOT WITNESSED: ${judgement.kind}`;
}
