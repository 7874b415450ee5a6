import { Button, Checkbox, MultiSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ContainmentRow, type IncidentDetail, incidentActs } from '../../api/incidents.ts';
import { queries } from '../../api/queries.ts';
import { counted } from '../../format/number.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

/**
 * Orders a containment: first what it would end, life-critical conversations first, each of which is kept or signed for. It
 * becomes a draft of the policy; nothing is cut before two people put it into force.
 */
export function ContainDialog({ incident }: { incident: IncidentDetail }) {
  const [asking, setAsking] = useState(false);
  const [assets, setAssets] = useState<string[]>(incident.assets.map(({ id }) => id));
  const [keep, setKeep] = useState<string[]>([]);
  const [signers, setSigners] = useState<Record<string, string>>({});
  const known = useQuery({ ...queries.containable(), enabled: asking });
  const whole = useQuery({
    ...queries.containment(incident.number, assets, []),
    enabled: asking && assets.length > 0,
  });
  const rows = whole.data?.ends ?? [];
  const critical = rows.filter(({ key, isLifeCritical }) => isLifeCritical && !keep.includes(key));
  const isSigned = critical.every(({ key }) => (signers[key] ?? '').trim().length > 2);
  const signed = critical.map(({ key }) => ({ key, by: (signers[key] ?? '').trim() }));
  return (
    <>
      <Button onClick={() => setAsking(true)}>Contain devices…</Button>
      <ReasonDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Contain devices"
        confirm="Make the draft"
        done="The containment is a draft under Segmentation: propose it, and have it approved."
        ready={assets.length > 0 && whole.data !== undefined && isSigned}
        act={(reason) => incidentActs.contain(incident.number, { assets, keep, signed, reason })}
      >
        <MultiSelect
          label="Devices"
          searchable
          limit={50}
          data={(known.data?.items ?? incident.assets).map(({ id, name }) => ({ value: id, label: name }))}
          value={assets}
          onChange={setAssets}
        />
        {whole.error && (
          <p role="alert" className="form-error">
            {whole.error.message}
          </p>
        )}
        {whole.data && <Summary rows={rows} critical={critical.length} />}
        <ul className="incident-ends">
          {rows.map((row) => (
            <End
              key={row.key}
              row={row}
              isKept={keep.includes(row.key)}
              onKeep={(kept) => setKeep(kept ? [...keep, row.key] : keep.filter((key) => key !== row.key))}
              signer={signers[row.key] ?? ''}
              onSign={(by) => setSigners({ ...signers, [row.key]: by })}
            />
          ))}
        </ul>
      </ReasonDialog>
    </>
  );
}

function Summary({ rows, critical }: { rows: readonly ContainmentRow[]; critical: number }) {
  if (rows.length === 0) return <p>In the last thirty days nothing was heard that this would end.</p>;
  return (
    <p>
      Of the last thirty days {counted(rows.length, 'conversation')} would end.{' '}
      {critical > 0 && (
        <strong>
          {counted(critical, 'conversation')} of life-critical devices would end: keep each, or say who
          answers for it.
        </strong>
      )}
    </p>
  );
}

interface EndProps {
  row: ContainmentRow;
  isKept: boolean;
  onKeep: (kept: boolean) => void;
  signer: string;
  onSign: (by: string) => void;
}

function End({ row, isKept, onKeep, signer, onSign }: EndProps) {
  const words = `${row.client.name} with ${row.server.name}, ${row.service}`;
  return (
    <li className="stack-tight">
      <Checkbox
        label={`Keep: ${words}`}
        checked={isKept}
        onChange={(event) => onKeep(event.currentTarget.checked)}
      />
      {row.isLifeCritical && !isKept && (
        <TextInput
          label={`Life-critical. Who answers for ending ${words}?`}
          maxLength={160}
          value={signer}
          onChange={(event) => onSign(event.currentTarget.value)}
        />
      )}
    </li>
  );
}
