import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReportRow } from '@wardline/model';
import { useState } from 'react';
import { apiAddress } from '../../api/client.ts';
import { queries } from '../../api/queries.ts';
import { When } from '../../marks/When.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { MakeDialog } from './MakeDialog.tsx';

/** Reports to hand over: made under the ledger, opened and downloaded as they were made. */
export function ReportsPage() {
  const may = useMay();
  const { data, error, refetch } = useQuery(queries.reports());
  const [making, setMaking] = useState(false);
  return (
    <div className="page stack">
      <div className="spread">
        <div>
          <h1>Reports</h1>
          <p className="dim">
            Each is kept as it was made; its SHA-256 stands in the ledger. A browser prints it to paper or
            PDF.
          </p>
        </div>
        {may('report.make') && <Button onClick={() => setMaking(true)}>Make a report…</Button>}
      </div>
      {making && <MakeDialog onClose={() => setMaking(false)} />}
      <section className="card stack-tight" aria-labelledby="made-reports">
        <h2 id="made-reports">Made reports</h2>
        {error && !data && <Failure error={error} retry={() => void refetch()} what="The reports" />}
        {!data && !error && <Loading label="reports" rows={4} />}
        {data?.items.length === 0 && (
          <Empty title="No report was made yet">
            A risk analysis, a device’s or a product’s security file, segmentation, an incident or a supplier.
          </Empty>
        )}
        {data && data.items.length > 0 && <Made rows={data.items} />}
      </section>
      <Recorded />
    </div>
  );
}

function Links({ title, path, query = {} }: { title: string; path: string; query?: Record<string, string> }) {
  return (
    <>
      <a href={apiAddress(path, query)} target="_blank" rel="noreferrer" aria-label={`Open ${title}`}>
        Open
      </a>{' '}
      ·{' '}
      <a href={apiAddress(path, { ...query, download: 'yes' })} download aria-label={`Download ${title}`}>
        Download
      </a>
    </>
  );
}

function Made({ rows }: { rows: readonly ReportRow[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
    <section className="scroll-x" aria-label="Made reports" tabIndex={0}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Report</th>
            <th scope="col">Made</th>
            <th scope="col">Page</th>
            <th scope="col">Proof</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ number, title, subject, at, byName, sequence }) => (
            <tr key={number}>
              <td>
                {title}
                <br />
                <span className="dim small">{subject}</span>
              </td>
              <td>
                <When at={at} />
                <br />
                <span className="dim small">by {byName}</span>
              </td>
              <td>
                <Links title={`report ${number}`} path={`/reports/${number}/page`} />
              </td>
              <td>
                <AppLink href={`/ledger?row=${sequence}`}>act {sequence}</AppLink> ·{' '}
                <a
                  href={apiAddress(`/reports/${number}/export`)}
                  download={`report-${number}.json`}
                  aria-label={`Evidence file of report ${number}`}
                >
                  file
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Records that are listed here; the command line has all of them. */
const RECORDS = 30;

/** Recorded judgements of all controls, each as the board’s page and as the Security Rule control by control. */
function Recorded() {
  const { data, error, refetch } = useQuery(queries.complianceRecords());
  return (
    <section className="card stack-tight" aria-labelledby="record-reports">
      <h2 id="record-reports">Of recorded judgements</h2>
      <p className="dim">
        How every control stood at a moment. One is recorded each day;{' '}
        <AppLink href="/controls">Controls</AppLink> records one now.
      </p>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The records" />}
      {!data && !error && <Loading label="records" rows={3} />}
      {data?.items.length === 0 && <p>Nothing is recorded yet.</p>}
      {data && data.items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls the table by keys
        <section className="scroll-x" aria-label="Recorded judgements" tabIndex={0}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Record</th>
                <th scope="col">Not met</th>
                <th scope="col">Unknown</th>
                <th scope="col">Met</th>
                <th scope="col">For the board</th>
                <th scope="col">HIPAA Security Rule</th>
              </tr>
            </thead>
            <tbody>
              {data.items.slice(0, RECORDS).map(({ id, at, counts }) => (
                <tr key={id}>
                  <td>
                    {id}, <When at={at} />
                  </td>
                  <td>{counts['not-met']}</td>
                  <td>{counts.unknown}</td>
                  <td>{counts.met}</td>
                  <td>
                    <Links
                      title={`the board’s page of record ${id}`}
                      path={`/compliance/records/${id}/page`}
                      query={{ report: 'board' }}
                    />
                  </td>
                  <td>
                    <Links
                      title={`the Security Rule of record ${id}`}
                      path={`/compliance/records/${id}/page`}
                      query={{ report: 'controls', catalogue: 'hipaa-security' }}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
