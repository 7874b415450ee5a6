import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AddCheckpoint,
  type Checkpoint,
  createSigner,
  formatNote,
  type Judgement,
  judgeCheckpoint,
  parseCheckpoint,
  type Signer,
  signNote,
  type Verifier,
  verifierText,
} from '@wardline/ledger';
import { CommandError, exitCodes } from '../../exit-codes.ts';

/** What a witness knows: its own key, the ledger's, and the last head that it signed. */
export class WitnessState {
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

  /** The last head that was signed; null where none was. */
  last(): Checkpoint | null {
    const file = join(this.#folder, 'last-head');
    if (!existsSync(file)) return null;
    const head = parseCheckpoint(readFileSync(file, 'utf8'));
    // Without it everything would be signed again.
    if (head === null) throw new CommandError(`${file} cannot be read; nothing is signed`, exitCodes.failed);
    return head;
  }

  /** Signs a head where it continues the last one. The head is kept before the signature leaves, so that no older one is ever signed. */
  sign(request: AddCheckpoint, log: Verifier): { judgement: Judgement; line: string } {
    const judgement = judgeCheckpoint(request, log, this.last());
    if (judgement.kind !== 'continues') return { judgement, line: '' };
    this.#write('last-head', judgement.text);
    const signature = signNote(judgement.text, this.signer, Math.floor(Date.now() / 1000));
    const signed = formatNote({ text: judgement.text, signatures: [signature] });
    return { judgement, line: signed.slice(judgement.text.length + 1) };
  }
}
