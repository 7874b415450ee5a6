import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { acts } from '../../api/acts.ts';
import type { ReconciliationRow, ReconciliationState } from '../../api/types.ts';
import { plain } from '../../format/words.ts';
import { ConfidenceMark, RegisterMark } from '../../marks/marks.tsx';
import { When } from '../../marks/When.tsx';
import { SidePanel } from '../../panel/SidePanel.tsx';
import { AppLink } from '../../shell/AppLink.tsx';
import { ReasonDialog } from '../../shell/reason.tsx';

type Decision = NonNullable<ReconciliationRow['decision']>['decision'];

export const decisionWords: Record<Decision, string> = {
  'accept-asset': 'Belongs here: to be registered',
  'confirm-missing': 'Is missing: look for it',
  retired: 'Was retired',
  'register-wrong': 'The register is wrong',
  'network-wrong': 'The observation is wrong',
  investigate: 'Under investigation',
  ignore: 'Not of interest',
};

const fitting: Record<ReconciliationState, Decision[]> = {
  matched: ['register-wrong', 'network-wrong', 'investigate', 'ignore'],
  shadow: ['accept-asset', 'network-wrong', 'investigate', 'ignore'],
  missing: ['confirm-missing', 'retired', 'register-wrong', 'investigate', 'ignore'],
  conflicting: ['register-wrong', 'network-wrong', 'investigate', 'ignore'],
};

/** One line of the comparison: why it is in this state, what differs, and a person's decision. */
export function ReconciliationPanel({ row, onClose }: { row: ReconciliationRow; onClose: () => void }) {
  const [deciding, setDeciding] = useState(false);
  return (
    <SidePanel subject={row.key} title={row.registered ?? row.assetName ?? row.key} onClose={onClose}>
      <div className="row">
        <RegisterMark value={row.state} />
        {row.asset && <AppLink href={`/assets/${row.asset}`}>{row.assetName ?? row.asset}</AppLink>}
      </div>
      <p>{row.reason}</p>
      <Differences row={row} />
      <section className="stack-tight">
        <h3>Decision</h3>
        {row.decision ? (
          <p>
            {decisionWords[row.decision.decision]}: “{row.decision.reason}” ({row.decision.actor},{' '}
            <When at={row.decision.at} />)
          </p>
        ) : (
          <p className="dim">Nobody has decided yet.</p>
        )}
        <Button variant="default" onClick={() => setDeciding(true)}>
          {row.decision ? 'Decide anew…' : 'Decide…'}
        </Button>
      </section>
      <DecisionDialog row={row} opened={deciding} onClose={() => setDeciding(false)} />
    </SidePanel>
  );
}

function Differences({ row }: { row: ReconciliationRow }) {
  if (row.differences.length === 0) return null;
  return (
    <section>
      <h3>What differs</h3>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Register says</th>
            <th scope="col">Network shows</th>
          </tr>
        </thead>
        <tbody>
          {row.differences.map((difference) => (
            <tr key={difference.field}>
              <th scope="row">{plain(difference.field)}</th>
              <td>{difference.registered}</td>
              <td>
                {difference.observed}
                <div>
                  <ConfidenceMark value={difference.confidence} />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DecisionDialog({
  row,
  opened,
  onClose,
}: {
  row: ReconciliationRow;
  opened: boolean;
  onClose: () => void;
}) {
  const [decision, setDecision] = useState<string | null>(null);
  return (
    <ReasonDialog
      opened={opened}
      onClose={onClose}
      title={`Decide on ${row.registered ?? row.assetName ?? row.key}`}
      confirm="Decide"
      done="Decision kept."
      ready={decision !== null}
      act={(reason) => acts.decideReconciliation(row.key, decision ?? '', reason)}
    >
      <Select
        label="Decision"
        required
        data={fitting[row.state].map((value) => ({ value, label: decisionWords[value] }))}
        value={decision}
        onChange={setDecision}
      />
      <p className="dim">
        Neither register nor device is changed by this. Decide anew to change it; both stay in the ledger.
      </p>
    </ReasonDialog>
  );
}
