import type { RegisterEntry } from '@wardline/model';
import type { IssueList } from './issues.ts';

/**
 * Takes each tag once, since a tag names one device: a second row with it is refused. A serial number, MAC or IP
 * address in two rows is only doubted: both rows stay, and a person finds out which one is right.
 */
export function withoutDuplicates(entries: readonly RegisterEntry[], issues: IssueList): RegisterEntry[] {
  const tags = new Map<string, number>();
  const others = new Map<string, RegisterEntry>();
  const kept: RegisterEntry[] = [];
  for (const entry of entries) {
    const first = tags.get(entry.tag);
    if (first !== undefined) {
      issues.error(
        entry.row,
        null,
        `has the asset tag ${entry.tag} of row ${first}; expected each tag once, so this row was not taken`,
      );
      continue;
    }
    tags.set(entry.tag, entry.row);
    kept.push(entry);
    doubtShared(entry, others, issues);
  }
  return kept;
}

function doubtShared(entry: RegisterEntry, seen: Map<string, RegisterEntry>, issues: IssueList): void {
  const vendor = entry.vendor?.toLowerCase() ?? '';
  const marks: [key: string, words: string][] = [
    ...(entry.serial === null
      ? []
      : [
          [`serial|${vendor}|${entry.serial.toLowerCase()}`, `serial number ${entry.serial}`] as [
            string,
            string,
          ],
        ]),
    ...entry.macs.map((mac): [string, string] => [`mac|${mac}`, `MAC address ${mac}`]),
    ...entry.ips.map((ip): [string, string] => [`ip|${ip}`, `IP address ${ip}`]),
  ];
  for (const [key, words] of marks) {
    const other = seen.get(key);
    if (other)
      issues.warning(
        entry.row,
        null,
        `has the ${words} of ${other.tag} in row ${other.row}; expected it on one device only`,
      );
    else seen.set(key, entry);
  }
}
