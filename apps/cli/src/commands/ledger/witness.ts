import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkNote,
  createSigner,
  formatNote,
  parseCheckpoint,
  parseNote,
  parseVerifier,
  type Signer,
  sameHash,
  signNote,
  type Verifier,
  verifierText,
  verifyConsistency,
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

const bytes = (hex: string) => Buffer.from(hex, 'hex');

const witnessExamples = `
Examples:
  wardline ledger witness --state /srv/witness --name auditor.example          make a key and print it
  wardline ledger witness --state /srv/witness --name auditor.example --server https://wardline.hospital.example

A witness belongs to somebody who can't change the ledger, on a machine of their own. It signs a head only where that
continues the last head it signed: a ledger that was rewritten or put back is refused, and the command ends with 1.`;

export function addWitness(ledger: Command): void {
  ledger
    .command('witness')
    .summary('sign the head of a ledger as an outsider, where it continues the last')
    .requiredOption('--state <folder>', 'where the witness keeps its key and the last head')
    .requiredOption('--name <name>', 'the witness’s name, without spaces')
    .option('--key <key>', 'the ledger’s public key, or a file with it; else the first that is met is kept')
    .option('--server <url>', 'the ledger to witness; without it only the key is made and printed')
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
  tokenFile?: string;
  data?: string;
  json?: boolean;
}

async function runWitness(flags: WitnessFlags): Promise<void> {
  const state = new WitnessState(userPath(flags.state), flags.name);
  if (flags.server === undefined) {
    const key = verifierText(state.signer);
    return writeOut(flags.json ? `${JSON.stringify({ key })}\n` : `${key}\n`);
  }
  const access = await serverAccess({ ...flags, server: flags.server });
  const head = await askFor(access, 'api/v1/ledger/checkpoint', ledgerHeadSchema);
  const log = state.logKey(flags.key === undefined ? parseVerifier(head.key) : keyFrom(flags.key, '--key'));
  const trouble = await state.continues(access, head.note, log);
  if (trouble !== null) throw new CommandError(`NOT WITNESSED: ${trouble}`, exitCodes.failed);
  const kept = await state.cosign(access, head.note);
  const said = `Witnessed: ${counted(head.size, 'act')}, continuing what was witnessed before.${kept ? '' : ' The server does not trust this witness yet: give it the key.'}\n`;
  return writeOut(flags.json ? `${JSON.stringify({ size: head.size, kept })}\n` : said);
}

/** What a witness knows: its own key, the ledger's, and the last head that it signed. */
class WitnessState {
  readonly signer: Signer;
  readonly #folder: string;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    const seed = this.#kept('witness-seed', () =>
      Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex'),
    );
    this.signer = createSigner(name, Buffer.from(seed, 'hex'), 'cosignature');
  }

  #kept(name: string, make: () => string): string {
    const file = join(this.#folder, name);
    if (!existsSync(file)) this.#write(name, make());
    return readFileSync(file, 'utf8').trim();
  }

  #write(name: string, text: string): void {
    const file = join(this.#folder, name);
    writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }

  /** The ledger's key: the given one, which has to be the one that was kept. */
  logKey(given: Verifier | null): Verifier {
    if (given === null) throw new CommandError('the server’s key cannot be read', exitCodes.failed);
    const text = verifierText(given);
    const kept = this.#kept('ledger-key', () => text);
    if (kept !== text)
      throw new CommandError(
        `NOT WITNESSED: the ledger’s key is another than it was (${kept})`,
        exitCodes.failed,
      );
    return given;
  }

  /** Null where the head is signed by the ledger and continues the last one that was witnessed. */
  async continues(access: ServerAccess, text: string, log: Verifier): Promise<string | null> {
    const note = parseNote(text);
    const head = note === null ? null : parseCheckpoint(note.text);
    if (note === null || head === null) return 'the head cannot be read';
    const check = checkNote(note, [log]);
    if ('forged' in check || check.signedBy.length === 0) return 'the head is not signed by the ledger';
    const last = this.#last();
    if (last === null) return null;
    if (head.size < last.size)
      return `the ledger has ${head.size} acts, and ${last.size} were witnessed: it was put back to an older state`;
    if (head.size === last.size)
      return sameHash(head.root, last.root)
        ? null
        : 'the ledger was rewritten: its acts are not those that were witnessed';
    const query = `api/v1/ledger/consistency?from=${last.size}&to=${head.size}`;
    const { proof } = await askFor(access, query, ledgerConsistencySchema);
    const sizes = { first: last.size, second: head.size, firstRoot: last.root, secondRoot: head.root };
    return verifyConsistency({ ...sizes, proof: proof.map(bytes) })
      ? null
      : 'the ledger was rewritten: its acts do not begin with those that were witnessed';
  }

  #last() {
    const file = join(this.#folder, 'last-head');
    return existsSync(file) ? parseCheckpoint(readFileSync(file, 'utf8')) : null;
  }

  /** The head is kept before the signature leaves, so that no older one is ever signed. */
  async cosign(access: ServerAccess, text: string): Promise<boolean> {
    const note = parseNote(text)!;
    this.#write('last-head', note.text);
    const signature = signNote(note.text, this.signer, Math.floor(Date.now() / 1000));
    const body = { note: formatNote({ text: note.text, signatures: [...note.signatures, signature] }) };
    const { kept } = await sendJson(
      access,
      'api/v1/ledger/cosignatures',
      body,
      z.object({ kept: z.array(z.string()) }),
    );
    return kept.includes(this.signer.name);
  }
}
