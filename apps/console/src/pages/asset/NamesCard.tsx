import type { AssetDetail, Identifier } from '../../api/types.ts';
import { counted } from '../../format/number.ts';
import { identifierWords } from '../../format/words.ts';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { useAddress } from '../../shell/address.ts';
import { ClaimBox } from './ClaimBox.tsx';

const shown = Object.keys(identifierWords) as Identifier[];

function namesOf(detail: AssetDetail, identifier: Identifier): string[] {
  const claims = detail.claims.filter((claim) => claim.attribute === identifier);
  return [...new Set(claims.map((claim) => claim.value))].sort();
}

export function isIdentifier(key: string): key is Identifier {
  return key in identifierWords;
}

/** What it calls itself, or is called, in DICOM and HL7: all of them true, none weighed against another. */
export function NamesCard({ detail }: { detail: AssetDetail }) {
  const { change } = useAddress();
  const named = shown.filter((identifier) => namesOf(detail, identifier).length > 0);
  if (named.length === 0) return null;
  return (
    <section className="card" aria-labelledby="names">
      <h2 id="names">Names in clinical protocols</h2>
      <div className="scroll-x">
        <table className="plain-table">
          <tbody>
            {named.map((identifier) => (
              <tr key={identifier}>
                <th scope="row">{identifierWords[identifier]}</th>
                <td className="mono names">{namesOf(detail, identifier).join(', ')}</td>
                <td className="number">
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => change({ panel: `identifier:${identifier}` })}
                  >
                    Evidence<span className="unseen"> for {identifierWords[identifier]}</span>
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface NamesPanelProps {
  detail: AssetDetail;
  identifier: Identifier;
  onClose: () => void;
}

/** Who said each name, and where. */
export function NamesPanel({ detail, identifier, onClose }: NamesPanelProps) {
  const claims = detail.claims.filter((claim) => claim.attribute === identifier);
  return (
    <SidePanel
      subject={`${detail.asset.id}:${identifier}`}
      title={identifierWords[identifier]}
      onClose={onClose}
    >
      <p className="dim">
        A system may have several such names at once. They are shown as they were used, and do not contradict
        each other.
      </p>
      <section className="stack-tight">
        <h3>{counted(claims.length, 'claim')}</h3>
        {claims.map((claim) => (
          <ClaimBox key={claim.source + claim.value + claim.group} claim={claim} agrees>
            <span className="mono">{claim.value}</span>
          </ClaimBox>
        ))}
      </section>
    </SidePanel>
  );
}
