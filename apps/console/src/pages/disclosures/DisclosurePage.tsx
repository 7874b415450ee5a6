import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { DisclosureClock, DisclosureDetail } from '@wardline/model';
import { useState } from 'react';
import { queries } from '../../api/queries.ts';
import { AppLink } from '../../shell/AppLink.tsx';
import { useMay } from '../../shell/permissions.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { StepDialog } from './StepDialog.tsx';
import { clockWords, outcomeWords, stepWords } from './words.ts';

/** One report: its clocks, what was told, by whom, and where it goes. */
export function DisclosurePage() {
  const { number = '' }: { number?: string } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(queries.disclosure(number));
  const [doing, setDoing] = useState<DisclosureClock | null>(null);
  const may = useMay();
  if (error && !data) return <Failure error={error} retry={() => void refetch()} what="This report" />;
  if (!data) return <Loading label="the report" rows={10} />;
  const { details, received, reporter } = data;
  const product = `${details.vendor} ${details.model}`.trim();
  return (
    <div className="stack">
      <header className="stack-tight">
        <nav aria-label="Where you are" className="small">
          <AppLink href="/disclosures">Reports of weaknesses</AppLink>
        </nav>
        <h1>{details.title}</h1>
        <p>
          Report {data.number}, received {received}, about {product || 'the hospital’s own network'}.{' '}
          {data.closed ? 'Nothing is left to do.' : ''}
        </p>
      </header>
      <Clocks clocks={data.clocks} act={may('disclosure.step') ? setDoing : null} />
      <section className="card stack-tight" aria-labelledby="told">
        <h2 id="told">What was told</h2>
        <p>{details.description}</p>
        <p className="dim">
          {reporter === null
            ? 'It came without a name.'
            : `By ${reporter.name || 'somebody without a name'}, ${reporter.contact}. ${reporter.mayBeNamed ? 'The supplier may be told their name.' : 'The supplier is not to be told their name.'}`}
        </p>
      </section>
      <Supplier detail={data} />
      {doing !== null && <StepDialog report={data} clock={doing} onClose={() => setDoing(null)} />}
    </div>
  );
}

interface ClocksProps {
  clocks: readonly DisclosureClock[];
  act: ((clock: DisclosureClock) => void) | null;
}

function Clocks({ clocks, act }: ClocksProps) {
  return (
    <section className="card scroll-x" aria-label="Clocks">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Stands</th>
            <th scope="col">By</th>
            <th scope="col">What was done</th>
            {act && <th scope="col">Enter</th>}
          </tr>
        </thead>
        <tbody>
          {clocks.map((clock) => (
            <tr key={clock.step}>
              <th scope="row">{stepWords[clock.step]}</th>
              <td>
                <span className={`mark ${clock.state === 'overdue' ? 'criticality-high' : ''}`}>
                  {clockWords[clock.state]}
                </span>
              </td>
              <td>{clock.due}</td>
              <td>{doneWords(clock)}</td>
              {act && (
                <td>
                  {(clock.state === 'running' || clock.state === 'overdue') && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      aria-label={`Enter: ${stepWords[clock.step]}`}
                      onClick={() => act(clock)}
                    >
                      Enter
                    </Button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function doneWords({ day, actor, outcome, supplierName, address, note }: DisclosureClock): string {
  if (day === null) return '';
  const parts = [
    `${day}, ${actor}`,
    ...(outcome === null ? [] : [outcomeWords[outcome]]),
    ...(supplierName === null ? [] : [`to ${supplierName}, ${address}`]),
    ...(note === '' ? [] : [note]),
  ];
  return `${parts.join('. ')}.`;
}

function Supplier({ detail: { addresses, details, letter } }: { detail: DisclosureDetail }) {
  if (details.vendor === '') return null;
  return (
    <section className="card stack-tight" aria-labelledby="supplier">
      <h2 id="supplier">For the supplier</h2>
      {addresses.length === 0 ? (
        <p>
          Where {details.vendor} takes reports is not known. Keep its security.txt at{' '}
          <AppLink href="/suppliers">Suppliers</AppLink>.
        </p>
      ) : (
        <ul>
          {addresses.map(({ supplier, supplierName, address, expired }) => (
            <li key={`${supplier} ${address}`}>
              {supplierName}: <span className="mono">{address}</span>
              {expired && ' (its security.txt ran out; it may no longer hold)'}
            </li>
          ))}
        </ul>
      )}
      <p className="dim">Nothing is sent by itself. This can be sent there:</p>
      <p className="mono small" style={{ whiteSpace: 'pre-wrap' }}>
        {letter}
      </p>
    </section>
  );
}
