import type { HoldPreview } from '@wardline/model';
import { counted } from '../../format/number.ts';
import { EffectTable } from '../segmentation/EffectTable.tsx';

/** What would be cut of what was heard in thirty days, whom that concerns, and which conversations of care go on. */
export function Foreseen({ preview, error }: { preview: HoldPreview | undefined; error: Error | null }) {
  if (error !== null)
    return (
      <p role="alert" className="form-error">
        {error.message}
      </p>
    );
  if (preview === undefined) return <p>Working out what it would do to what was heard in thirty days…</p>;
  return (
    <div className="stack-tight">
      <p>
        <strong>{endsSentence(preview)}</strong>{' '}
        {preview.opens > 0 && `${counted(preview.opens, 'conversation')} would pass that are cut now.`}
      </p>
      {preview.endRows.length > 0 && <EffectTable rows={preview.endRows.slice(0, 10)} />}
      <p>
        {counted(preview.keeps, 'conversation')} go on, {counted(preview.keepsLifeCritical, 'conversation')}{' '}
        of them of life-critical devices{preview.keepRows.length > 0 && ':'}
      </p>
      {preview.keepRows.length > 0 && <EffectTable rows={preview.keepRows.slice(0, 10)} />}
    </div>
  );
}

function endsSentence({ ends, endsLifeCritical, heard, endRows }: HoldPreview): string {
  if (heard === 0) return 'Nothing was heard in thirty days, so what it cuts is not known.';
  if (ends === 0) return `Nothing of ${counted(heard, 'conversation')} of thirty days would end.`;
  const devices = new Set(
    endRows
      .flatMap(({ client, server }) => [client, server])
      .filter(({ criticality }) => criticality === 'life-critical')
      .map(({ name }) => name),
  );
  const whom =
    devices.size === 0
      ? ''
      : `: ${[...devices].slice(0, 5).join(', ')}${devices.size > 5 ? ' and more' : ''}`;
  return `${counted(ends, 'conversation')} would end, ${endsLifeCritical === 0 ? 'none' : endsLifeCritical} of life-critical devices${whom}.`;
}
