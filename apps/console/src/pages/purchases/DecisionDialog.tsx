import { NativeSelect, Textarea } from '@mantine/core';
import type { Purchase } from '@wardline/model';
import { useState } from 'react';
import { purchases } from '../../api/suppliers.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { ScoreBar } from './marks.tsx';

/** The decision with its conditions, one a line, a day behind a bar. */
export function DecisionDialog({ purchase, onClose }: { purchase: Purchase; onClose: () => void }) {
  const [decision, setDecision] = useState('conditional');
  const [text, setText] = useState('');
  const conditions = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [what = '', due = ''] = line.split('|').map((part) => part.trim());
      return { text: what, due: due || null };
    });
  const isConditional = decision === 'conditional';
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Decide"
      confirm="Decide"
      done="The decision is kept."
      ready={!isConditional || conditions.length > 0}
      act={(reason) => purchases.decide(purchase.id, decision, isConditional ? conditions : [], reason)}
    >
      <p>
        The score of this moment goes into the ledger with the decision: <ScoreBar score={purchase.score} />
      </p>
      <NativeSelect
        label="Decision"
        data={[
          { value: 'conditional', label: 'Approve under conditions' },
          { value: 'approved', label: 'Approve' },
          { value: 'rejected', label: 'Reject' },
        ]}
        value={decision}
        onChange={(event) => setDecision(event.currentTarget.value)}
      />
      {isConditional && (
        <Textarea
          label="Conditions"
          description="One a line, with a day where there is one: Patches within 30 days | 2027-01-01"
          required
          autosize
          minRows={2}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
    </ReasonDialog>
  );
}
