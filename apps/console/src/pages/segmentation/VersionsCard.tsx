import type { VersionRow } from '@wardline/model';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { VersionActs } from './VersionActs.tsx';
import { effectSentence, stateWords } from './words.ts';

/** Every version with who proposed and who decided; the texts never change again. */
export function VersionsCard({ versions }: { versions: readonly VersionRow[] }) {
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="policy-versions">
      <h2 id="policy-versions">Versions</h2>
      {versions.length === 0 && <p className="dim">None was proposed yet.</p>}
      {versions.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">State</th>
              <th scope="col">Foreseen when it was proposed</th>
              <th scope="col">Proposed</th>
              <th scope="col">Decided</th>
              <th scope="col">
                <span className="unseen">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr key={version.number}>
                <td>
                  <AppLink href={`/segmentation/versions/${version.number}`}>{version.number}</AppLink>{' '}
                  {version.name}
                  {version.restores !== null && (
                    <div className="dim small">takes up version {version.restores}</div>
                  )}
                </td>
                <td>
                  <span className={`mark policy-${version.state}`}>{stateWords[version.state]}</span>
                </td>
                <td>{effectSentence(version.effect)}</td>
                <td>
                  <When at={version.proposed} />
                  <div className="dim small">{version.proposedByName}</div>
                </td>
                <td>
                  {version.decided && <When at={version.decided} />}
                  <div className="dim small">{version.decidedByName}</div>
                </td>
                <td>
                  <VersionActs version={version} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
