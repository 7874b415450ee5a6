import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type On, type ThreatAnswerTold, threatActs } from '../../api/threats.ts';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';
import { Claim, VerifyClaim } from '../risks/Claim.tsx';

type Open = { kind: 'add' } | { kind: 'verify' | 'remove'; answer: ThreatAnswerTold } | null;

interface Props {
  threat: { id: string; title: string };
  answers: readonly ThreatAnswerTold[];
  on: On;
  /** Of whom it is said, in words. */
  whom: string;
}

/** What persons say answers a threat: what is only claimed is shown as unknown and does not count. */
export function Answers({ threat, answers, on, whom }: Props) {
  const may = useMay();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <div className="stack-tight">
      {answers.map((answer) => (
        <Claim
          key={answer.id}
          text={answer.text}
          note={answer.on === 'class' && on.kind === 'asset' ? ' (said of every device of its class)' : ''}
          isVerified={answer.verifiedBy !== null}
          holdsUntil={answer.holdsUntil}
          evidence={answer.evidence}
          onVerify={may('threat.verify') ? () => setOpen({ kind: 'verify', answer }) : null}
          onRemove={may('threat.remove') ? () => setOpen({ kind: 'remove', answer }) : null}
        />
      ))}
      {may('threat.answer') && (
        <Button
          size="xs"
          variant="default"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => setOpen({ kind: 'add' })}
          aria-label={`Say what answers: ${threat.title}`}
        >
          Say what answers it
        </Button>
      )}
      {open?.kind === 'add' && <AddDialog threat={threat} on={on} whom={whom} onClose={close} />}
      {open?.kind === 'verify' && <VerifyDialog answer={open.answer} onClose={close} />}
      {open?.kind === 'remove' && <RemoveDialog answer={open.answer} onClose={close} />}
    </div>
  );
}

function AddDialog({
  threat,
  on,
  whom,
  onClose,
}: Pick<Props, 'threat' | 'on' | 'whom'> & { onClose: () => void }) {
  const [text, setText] = useState('');
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={threat.title}
      confirm="Say so"
      done="Said. It counts once somebody else has verified it."
      ready={text.trim().length > 2}
      act={(reason) => threatActs.answer(threat.id, on, text.trim(), reason)}
    >
      <p className="dim">It is said of {whom}.</p>
      <Textarea
        label="What is in place, or why the threat is none there"
        required
        autosize
        minRows={2}
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </ReasonDialog>
  );
}

interface One {
  answer: ThreatAnswerTold;
  onClose: () => void;
}

function VerifyDialog({ answer, onClose }: One) {
  return (
    <VerifyClaim
      title="Verify what answers a threat"
      text={answer.text}
      note="Whoever said it cannot verify it. What comes to light after today opens the threat again."
      done="Verified."
      holds={180}
      act={(evidence, days, reason) => threatActs.verify(answer.id, evidence, days, reason)}
      onClose={onClose}
    />
  );
}

function RemoveDialog({ answer, onClose }: One) {
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="It is no more"
      confirm="It is no more"
      done="Taken away."
      act={(reason) => threatActs.remove(answer.id, reason)}
    >
      <p>{answer.text}</p>
      <p className="dim">The threat stands as if it had never been said; that it was stays on record.</p>
    </ReasonDialog>
  );
}
