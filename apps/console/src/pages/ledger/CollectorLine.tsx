import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.ts';
import { count, counted } from '../../format/number.ts';

/** Whether acts reach the collector that the hospital keeps elsewhere. */
export function CollectorLine() {
  const state = useQuery(queries.ledgerCollector());
  if (state.data === undefined) return null;
  const { collector } = state.data;
  if (collector === null)
    return (
      <p className="dim small">Acts are sent to no audit collector; WARDLINE_AUDIT_COLLECTOR names one.</p>
    );
  const { collector: name, connected, sent, waiting, trouble } = collector;
  return (
    <p className="small">
      {!connected && <span className="mark mark-unknown">not connected</span>} Collector{' '}
      <span className="mono">{name}</span> was sent {counted(sent, 'act', 'acts')}
      {waiting > 0 && <>; {count(waiting)} wait</>}
      {trouble !== null && <>. {trouble}; it is tried again</>}.
    </p>
  );
}
