import { useQuery } from '@tanstack/react-query';
import type { HardeningItem } from '@wardline/model';
import { queries } from '../../api/queries.ts';
import { Unknown } from '../../marks/marks.tsx';
import { EvidenceList } from '../../panel/Evidence.tsx';
import { Failure, Loading } from '../../shell/states.tsx';

/** The asset against the baseline of its kind: met, not met or unknown, each with its reason. */
export function HardeningCard({ asset }: { asset: string }) {
  const { data, error, refetch } = useQuery(queries.hardening(asset));
  return (
    <section className="card" aria-labelledby="hardening">
      <h2 id="hardening">Hardening</h2>
      {error && !data && <Failure error={error} retry={() => void refetch()} what="The baseline" />}
      {!data && !error && <Loading label="the baseline" rows={4} />}
      {data?.baseline === null && (
        <p className="dim">
          There is no baseline to hold it against: what kind of device it is, is not known.
        </p>
      )}
      {data?.baseline && (
        <>
          <p className="dim">What is asked of: {data.baseline.label.toLowerCase()}.</p>
          <Answers items={data.items} />
        </>
      )}
    </section>
  );
}

function Answers({ items }: { items: readonly HardeningItem[] }) {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Asked</th>
            <th scope="col">Answer</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ question, title, answer, reason, evidence }) => (
            <tr key={question}>
              <td>{title}</td>
              <td>
                <AnswerMark value={answer} />
              </td>
              <td>
                {reason}
                {evidence.length > 0 && (
                  <details>
                    <summary>Evidence</summary>
                    <EvidenceList evidence={evidence} />
                  </details>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AnswerMark({ value }: { value: HardeningItem['answer'] }) {
  if (value === 'unknown') return <Unknown />;
  return (
    <span className={`mark ${value === 'not-met' ? 'criticality-high' : ''}`}>
      {value === 'met' ? 'Met' : 'Not met'}
    </span>
  );
}
