import type { Evidence } from '../api/types.ts';
import { count } from '../format/number.ts';

/** Logs and scans are numbered by their lines, captures by their packets. */
const placeWord = (file: string): string =>
  /\.(xml|nessus|log|json)(\.gz)?$/i.test(file) ? 'line' : 'packet';

/** Where on the wire it was seen: the number is the one that tshark and Wireshark show for that capture. */
export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  if (evidence.length === 0)
    return <span className="dim small">No packet: this comes from a person or a document.</span>;
  return (
    <ul className="plain-list evidence-list" aria-label="Packets">
      {evidence.map((place) => (
        <li key={`${place.capture}:${place.packet}`}>
          <span className="mono">{place.capture}</span> {placeWord(place.capture)}{' '}
          <strong>{count(place.packet)}</strong>
        </li>
      ))}
    </ul>
  );
}
