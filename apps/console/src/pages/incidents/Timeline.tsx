import type { IncidentEntry } from '../../api/incidents.ts';
import { bytes as byteSize } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { entryWords } from './words.ts';

/** What happened, the latest first. Each line is in the ledger, too. */
export function Timeline({ entries }: { entries: readonly IncidentEntry[] }) {
  return (
    <ol className="incident-timeline">
      {entries.toReversed().map((entry) => (
        <li key={entry.sequence} className="stack-tight">
          <p className="small dim">
            <When at={entry.at} /> · {entryWords[entry.kind]} · {entry.by}
          </p>
          <p>{entry.text}</p>
          {entry.evidence && (
            <p className="small mono">
              {entry.evidence.name}, {byteSize(entry.evidence.bytes)}, SHA-256 {entry.evidence.sha256}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
