import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { count } from '../../format/number.ts';
import { When } from '../../marks/When.tsx';
import { checkProof } from './proof.ts';

/** Whether an act is proved, worked out by the browser. */
export function ProofCard({ sequence }: { sequence: number }) {
  const proof = useQuery(queries.ledgerProof(sequence));
  const checked = useQuery({
    queryKey: ['ledger-check', sequence, proof.data?.head.note],
    queryFn: () => checkProof(proof.data!),
    enabled: proof.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section>
      <h3>Proof</h3>
      {proof.error && (
        <p className="ledger-broken" role="alert">
          {proof.error.message}
        </p>
      )}
      {checked.isPending && !proof.error && <p className="dim">Working the proof out in this browser …</p>}
      {checked.error && (
        <p className="mark mark-unknown">This browser cannot check it: {checked.error.message}</p>
      )}
      {checked.data?.proved === false && (
        <p className="ledger-broken" role="alert">
          Not proved. {checked.data.message}
        </p>
      )}
      {checked.data?.proved && proof.data && (
        <>
          <p className="ledger-proved">Proved in this browser</p>
          <p className="small">
            It is act {count(sequence)} of the {count(checked.data.size)} that were signed on{' '}
            <When at={proof.data.head.signedAt} />; {count(checked.data.steps)} hashes lead from it to the
            signed head.
          </p>
          <details className="small">
            <summary>What was hashed and signed</summary>
            <pre className="mono ledger-bytes">{proof.data.text}</pre>
            <pre className="mono ledger-bytes">{proof.data.head.note}</pre>
          </details>
        </>
      )}
    </section>
  );
}
