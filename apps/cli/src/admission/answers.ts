import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Admission, Answered, Asking } from '@wardline/policy';
import { writeDurably } from '../enforcement/durable-file.ts';
import type { PortSession } from './radius-packet.ts';

const fileOf = (mac: string): string => mac.replaceAll(':', '');

/** What a device was last answered, and at which port it sits since. */
export interface LastAnswer extends Answered {
  session: PortSession | null;
  /** Of its certificate; absent in what was kept before serial numbers were. */
  serial?: string | null;
}

/** Accepted answers as the authentication server wants them from rlm_rest. */
export function restReply({
  vlan,
  role,
}: Extract<Admission, { verdict: 'accept' }>): Record<string, unknown> {
  const set = (value: string) => ({ op: ':=', value: [value] });
  return {
    'reply:Tunnel-Type': set('VLAN'),
    'reply:Tunnel-Medium-Type': set('IEEE-802'),
    'reply:Tunnel-Private-Group-Id': set(String(vlan)),
    ...(role === null ? {} : { 'reply:Filter-Id': set(role) }),
  };
}

/** The same as the authentication server reads it while Wardline is away: VLAN and role. */
const line = ({ vlan, role }: Extract<Admission, { verdict: 'accept' }>): string =>
  `${vlan} ${(role ?? '').replaceAll(/[^\w .-]/g, '')}`;

/**
 * What each device was last answered (`last/`), and what it is answered while nobody can be asked (`away/`), a file for each
 * hardware address: readable by the authentication server without Wardline, and whole after a power cut.
 */
export class Answers {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    for (const name of ['last', 'away']) mkdirSync(join(folder, name), { recursive: true, mode: 0o750 });
  }

  last(mac: string): LastAnswer | null {
    const path = join(this.#folder, 'last', fileOf(mac));
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as LastAnswer) : null;
  }

  keepLast(answer: LastAnswer): void {
    writeDurably(join(this.#folder, 'last', fileOf(answer.asking.mac)), JSON.stringify(answer));
  }

  /** What it was last answered holds no more, not while Wardline is away either. */
  forget(mac: string): void {
    rmSync(join(this.#folder, 'last', fileOf(mac)), { force: true });
    this.setAway(mac, []);
  }

  /** Every device that was let in, with its port. */
  all(): LastAnswer[] {
    return readdirSync(join(this.#folder, 'last'))
      .filter((name) => /^[0-9a-f]{12}$/.test(name))
      .map((name) => JSON.parse(readFileSync(join(this.#folder, 'last', name), 'utf8')) as LastAnswer);
  }

  /** Every answer for the device while nobody can be asked; to other questions it is refused. */
  setAway(mac: string, answers: readonly Answered[]): void {
    const wanted = new Map(
      answers.flatMap(({ asking, admission }) =>
        admission.verdict === 'accept' ? [[awayFile(asking), line(admission)] as const] : [],
      ),
    );
    for (const name of this.#awayFiles())
      if (name.startsWith(fileOf(mac)) && !wanted.has(name)) this.#removeAway(name);
    for (const [name, text] of wanted) {
      const path = join(this.#folder, 'away', name);
      if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeDurably(path, text, 0o640);
    }
  }

  /** Takes away what is kept for addresses that nobody knows any more. */
  keepOnly(macs: ReadonlySet<string>): void {
    const known = new Set([...macs].map(fileOf));
    for (const name of this.#awayFiles()) if (!known.has(name.slice(0, 12))) this.#removeAway(name);
  }

  #awayFiles(): string[] {
    return readdirSync(join(this.#folder, 'away'));
  }

  #removeAway(name: string): void {
    rmSync(join(this.#folder, 'away', name), { force: true });
  }
}

/** By address and proof, so that no device is let in on less than its zone takes. A name may hold anything: its digest does not. */
function awayFile({ mac, method, name }: Asking): string {
  const proof =
    method === 'address'
      ? 'address'
      : createHash('md5')
          .update(name ?? '')
          .digest('hex');
  return `${fileOf(mac)}-${proof}`;
}
