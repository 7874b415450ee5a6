import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { BootAppraisal, BootReference } from '@wardline/model';
import { useState } from 'react';
import { bootActs, bootQueries } from '../../api/boots.ts';
import type { Criticality } from '../../api/types.ts';
import { CriticalityMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { ApproveBoot } from './ApproveBoot.tsx';
import { BootMark } from './BootMark.tsx';
import { groundWords, whyWords } from './words.ts';

/** What devices booted, by the quotes of their TPMs, and what people know to be good. */
export function BootsPage() {
  const { data, error, refetch } = useQuery(bootQueries.all());
  if (error && !data)
    return <Failure error={error} retry={() => void refetch()} what="What devices booted" />;
  if (!data) return <Loading label="what devices booted" rows={6} />;
  return (
    <div className="stack">
      <div>
        <h1>Attestation</h1>
        <p className="dim">
          What a device measured while it started, quoted by its TPM for a challenge of this server. It says
          what was booted, not what runs since.
        </p>
      </div>
      {data.items.length === 0 ? (
        <Empty title="No device has shown what it booted">
          A device whose key was proved to lie in its TPM shows it by “wardline-agent attest”.
        </Empty>
      ) : (
        <Devices items={data.items} />
      )}
      {data.references.length > 0 && <References references={data.references} />}
    </div>
  );
}

function Devices({ items }: { items: readonly BootAppraisal[] }) {
  const may = useMay();
  const [asked, ask] = useState<BootAppraisal | null>(null);
  return (
    <section className="card stack-tight scroll-x" aria-labelledby="boot-devices">
      <h2 id="boot-devices">Devices</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Criticality</th>
            <th scope="col">Boot</th>
            <th scope="col">Shown by</th>
            <th scope="col">Secure Boot</th>
            <th scope="col">Since, last heard</th>
            <th scope="col">
              <span className="unseen">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((boot) => (
            <tr key={boot.id}>
              <th scope="row">
                <AppLink href={`/assets/${boot.asset}`}>{boot.name}</AppLink>
                <div className="dim small">
                  {[boot.vendor, boot.model, boot.software].filter(Boolean).join(' ') || 'product not known'}
                </div>
              </th>
              <td>
                <CriticalityMark value={boot.criticality as Criticality} />
              </td>
              <td>
                <BootMark status={boot.status} />
                <div className="dim small">{whyWords(boot)}</div>
              </td>
              <td>{groundWords(boot.grade)}</td>
              <td>{boot.secureBoot === null ? 'not known' : boot.secureBoot ? 'on' : 'off'}</td>
              <td>
                <When at={boot.at} />
                <div className="dim small">
                  <When at={boot.heard} />
                </div>
              </td>
              <td>
                {may('boot.reference-add') && boot.grade >= 2 && boot.status !== 'affirmed' && (
                  <Button variant="default" size="compact-sm" onClick={() => ask(boot)}>
                    It is good…
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asked !== null && <ApproveBoot boot={asked} onClose={() => ask(null)} />}
    </section>
  );
}

function References({ references }: { references: readonly BootReference[] }) {
  const may = useMay();
  const [removing, remove] = useState<BootReference | null>(null);
  return (
    <section className="card stack-tight" aria-labelledby="boot-references">
      <h2 id="boot-references">Known to be good</h2>
      <ul className="plain-list">
        {references.map((reference) => (
          <li key={reference.id} className="spread">
            <span>
              {reference.vendor} {reference.model} {reference.software || 'of no known version'}{' '}
              <span className="dim">
                PCR {reference.pcrs.join(', ')}, said by {reference.addedBy}, <When at={reference.added} />
              </span>
            </span>
            {may('boot.reference-remove') && (
              <Button variant="subtle" size="compact-sm" onClick={() => remove(reference)}>
                Take back…
              </Button>
            )}
          </li>
        ))}
      </ul>
      {removing !== null && (
        <ReasonDialog
          opened
          onClose={() => remove(null)}
          title="These measurements count no more"
          confirm="Take back"
          done="They count no more."
          act={(reason) => bootActs.remove(removing.id, reason)}
        >
          <p>
            Devices that show them are judged anew when they come next. What was judged by them stays on
            record.
          </p>
        </ReasonDialog>
      )}
    </section>
  );
}
