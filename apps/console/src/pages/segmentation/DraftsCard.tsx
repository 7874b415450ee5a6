import { Button } from '@mantine/core';
import type { DraftRow } from '@wardline/model';
import { useState } from 'react';
import { segmentationActs } from '../../api/segmentation.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

/** Texts that people write at; nothing of them holds. */
export function DraftsCard({ drafts }: { drafts: readonly DraftRow[] }) {
  const may = useMay();
  const [dropping, setDropping] = useState<DraftRow | null>(null);
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="policy-drafts">
      <h2 id="policy-drafts">Drafts</h2>
      {drafts.length === 0 && <p className="dim">Nobody writes at one.</p>}
      {drafts.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Draft</th>
              <th scope="col">Began as</th>
              <th scope="col">Last change</th>
              <th scope="col">
                <span className="unseen">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {drafts.map((draft) => (
              <tr key={draft.id}>
                <td>
                  <AppLink href={`/segmentation/drafts/${draft.id}`}>{draft.name}</AppLink>
                </td>
                <td>{draft.basedOn === null ? 'new' : `version ${draft.basedOn}`}</td>
                <td>
                  <When at={draft.modified} /> <span className="dim">by {draft.modifiedByName}</span>
                </td>
                <td>
                  {may('segmentation.drop') && (
                    <Button size="xs" variant="default" onClick={() => setDropping(draft)}>
                      Throw away…
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {dropping && (
        <ReasonDialog
          opened
          onClose={() => setDropping(null)}
          title={`Throw ${dropping.name} away`}
          confirm="Throw it away"
          done="The draft is gone."
          act={(reason) => segmentationActs.drop(dropping.id, reason)}
        >
          <p>Its text is lost. Versions that were proposed from it stay.</p>
        </ReasonDialog>
      )}
    </section>
  );
}
