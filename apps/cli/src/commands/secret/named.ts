import { type SecretRow, secretListResponse } from '@wardline/model';
import { askFor, type ServerAccess } from '../../api/client.ts';
import { CommandError, exitCodes } from '../../exit-codes.ts';

const isNamed = (row: SecretRow, words: string): boolean =>
  row.id === words || `${row.assetName}/${row.account}` === words || `${row.asset}/${row.account}` === words;

/** The one secret whom some words name. @throws CommandError where there is none, or several */
export async function secretNamed(access: ServerAccess, words: string): Promise<SecretRow> {
  const account = words.includes('/') ? words.slice(words.lastIndexOf('/') + 1) : '';
  const found: SecretRow[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const asked = new URLSearchParams({ limit: '500', q: account, ...(cursor === '' ? {} : { cursor }) });
    const page = await askFor(access, `api/v1/secrets?${asked.toString()}`, secretListResponse);
    found.push(...page.items.filter((row) => isNamed(row, words)));
    cursor = page.nextCursor;
  }
  if (found.length === 1) return found[0]!;
  const why =
    found.length === 0 ? `there is no secret ${words}` : `several secrets are called ${words}; name the id`;
  throw new CommandError(why, exitCodes.failed);
}

/** As people name it. */
export const nameOf = ({ assetName, account }: SecretRow): string => `${assetName}/${account}`;
