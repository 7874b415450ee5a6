import { writeFile } from 'node:fs/promises';
import { type AssetRow, reconciliationResponse } from '@wardline/model';
import { type Label, labelSheet, labelSvg } from '@wardline/reports';
import { askFor, type ServerAccess } from '../api/client.ts';
import { explainSystemError } from '../assessment/captures.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { printable } from '../terminal/printable.ts';
import { userPath } from '../working-directory.ts';
import { mustBePage, writePage } from './report/page.ts';

/** Inventory numbers of the register, by asset. */
export async function inventoryNumbers(access: ServerAccess): Promise<Map<string, string>> {
  const numbers = new Map<string, string>();
  const query = new URLSearchParams({ limit: '500', state: 'matched,conflicting' });
  for (;;) {
    const page = await askFor(access, `api/v1/reconciliation?${query.toString()}`, reconciliationResponse);
    for (const { asset, tag } of page.items) if (asset !== null && tag !== null) numbers.set(asset, tag);
    if (page.nextCursor === null) return numbers;
    query.set('cursor', page.nextCursor);
  }
}

/** @throws CommandError where the address is none that a phone could open */
export function labelsOf(
  rows: readonly AssetRow[],
  numbers: ReadonlyMap<string, string>,
  address: string,
): Label[] {
  if (!URL.canParse(address) || !/^https?:/.test(address))
    throw new CommandError(`--address ${printable(address)}: expected https://HOST`);
  const base = new URL(address);
  // What stands on a cart is read by anybody who passes: no name, no password, no token.
  base.username = base.password = base.search = base.hash = '';
  const console = base.href.replace(/\/$/, '');
  return rows.map(({ id, name, classLabel, serial }) => ({
    address: `${console}/assets/${encodeURIComponent(id)}`,
    name,
    kind: classLabel ?? 'Not identified yet',
    tag: numbers.get(id) ?? '',
    serial: serial ?? '',
  }));
}

/** Writes labels as the file's name says. */
export async function writeLabels(labels: readonly Label[], out: string): Promise<void> {
  if (!out.endsWith('.svg')) {
    mustBePage(out);
    return await writePage(labelSheet('Wardline', labels), out);
  }
  if (labels.length !== 1)
    throw new CommandError(
      `--out ${printable(out)}: an .svg holds one label, and ${labels.length} devices match`,
    );
  try {
    await writeFile(userPath(out), labelSvg(labels[0]!));
  } catch (error) {
    throw new CommandError(`${printable(out)} ${explainSystemError(error)}`, exitCodes.failed);
  }
}
