import type { SecretRow } from '../../api/secrets.ts';
import { When } from '../../marks/When.tsx';
import { causeWords } from './words.ts';

/** In words: who has it, or what waits. */
export function SecretState({
  secret: { held, rotation },
}: {
  secret: Pick<SecretRow, 'held' | 'rotation'>;
}) {
  if (held !== null)
    return (
      <span>
        Out: {held.name ?? held.by}, until <When at={held.until} />
      </span>
    );
  if (rotation === null) return <span>Kept</span>;
  if (rotation.state === 'stuck')
    return <span className="mark mark-unknown">Stuck: which secret holds is unknown</span>;
  if (rotation.state === 'running') return <span>Being changed now</span>;
  if (rotation.state === 'proposed') return <span>To be changed: {causeWords[rotation.cause]}</span>;
  return (
    <span>
      Ordered
      {rotation.opens !== null && (
        <>
          {' '}
          from <When at={rotation.opens} />
        </>
      )}
    </span>
  );
}
