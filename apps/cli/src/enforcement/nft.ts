import { spawnSync } from 'node:child_process';
import { EngineError } from './engine.ts';
import { LISTING_BYTES } from './limits.ts';

/** nftables refused, or is not there; the message is its own. */
export class NftError extends EngineError {
  override name = 'NftError';
}

/** The table that Wardline owns; no other is ever changed. */
export const TABLE = 'inet wardline';
/** Makes the table where it is not there, so that taking it away never fails; all in one transaction. */
export const WITHOUT_TABLE = `table ${TABLE}\ndelete table ${TABLE}\n`;

const environment = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };

function nft(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const ended = spawnSync('nft', args, {
    input,
    encoding: 'utf8',
    env: environment,
    maxBuffer: LISTING_BYTES,
  });
  if (ended.error !== undefined) throw new NftError(explain(ended.error));
  return ended;
}

function explain(error: NodeJS.ErrnoException): string {
  return error.code === 'ENOENT' ? 'the program nft is not installed (nftables)' : error.message;
}

function mustNft(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = nft(args, input);
  if (status !== 0) throw new NftError(stderr.trim().split('\n').slice(0, 3).join(' '));
  return stdout;
}

/** Whether the kernel would take the text; nothing is changed. @throws NftError */
export function check(text: string): void {
  mustNft(['--check', '--file', '-'], text);
}

/** Loads the text in one transaction: all of it or nothing. @throws NftError */
export function load(text: string): void {
  mustNft(['--file', '-'], text);
}

/** What the kernel says that Wardline's table holds, without counts; null where there is none. @throws NftError */
export function listing(): string | null {
  const { status, stdout, stderr } = nft(['--stateless', 'list', 'table', 'inet', 'wardline']);
  if (status === 0) return stdout;
  if (/No such file or directory/.test(stderr)) return null;
  throw new NftError(stderr.trim());
}

interface Listed {
  nftables: { chain?: { family: string; table: string; hook?: string } }[];
}

/** The other tables with a chain in the forward hook, with what the kernel says that they hold. */
export function otherTables(): { name: string; text: string }[] {
  const { nftables } = JSON.parse(mustNft(['--json', 'list', 'chains'])) as Listed;
  const names = nftables.flatMap(({ chain }) =>
    chain?.hook === 'forward' && ['inet', 'ip', 'ip6'].includes(chain.family)
      ? [`${chain.family} ${chain.table}`]
      : [],
  );
  return [...new Set(names)]
    .filter((name) => name !== TABLE)
    .map((name) => ({ name, text: mustNft(['--stateless', 'list', 'table', ...name.split(' ')]) }));
}

/** What each commented rule has counted. */
export function counts(): { comment: string; packets: number; bytes: number }[] {
  const text = mustNft(['--json', 'list', 'table', ...TABLE.split(' ')]);
  const { nftables } = JSON.parse(text) as {
    nftables: { rule?: { comment?: string; expr: { counter?: { packets: number; bytes: number } }[] } }[];
  };
  return nftables.flatMap(({ rule }) => {
    const counter = rule?.expr.find((part) => part.counter !== undefined)?.counter;
    return rule?.comment === undefined || counter === undefined
      ? []
      : [{ comment: rule.comment, ...counter }];
  });
}
