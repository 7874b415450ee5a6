import { Button, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type On, type ThreatAnswerTold, threatActs } from '../../api/threats.ts';
import { Unknown } from '../../marks/marks.tsx';
import { useMay } from '../../shell/permissions.ts';
import { ReasonDialog } from '../../shell/reason.tsx';

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
        <div key={answer.id} className="stack-tight">
          <p>
            {answer.text}
            {answer.on === 'class' && on.kind === 'asset' && ' (said of every device of its class)'}{' '}
            {answer.verifiedBy === null ? (
              <Unknown word="Only claimed" />
            ) : (
              <span className="dim">
                verified until {answer.holdsUntil?.slice(0, 10)}: {answer.evidence}
              </span>
            )}
          </p>
          <div className="row">
            {may('threat.verify') && (
              <Button
                size="xs"
                variant="default"
                onClick={() => setOpen({ kind: 'verify', answer })}
                aria-label={`Verify: ${answer.text}`}
              >
                Verify
              </Button>
            )}
            {may('threat.remove') && (
              <Button
                size="xs"
                variant="default"
                onClick={() => setOpen({ kind: 'remove', answer })}
                aria-label={`Is no more: ${answer.text}`}
              >
                Is no more
              </Button>
            )}
          </div>
        </div>
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
  const [evidence, setEvidence] = useState('');
  const [days, setDays] = useState(180);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title="Verify what answers a threat"
      confirm="It works"
      done="Verified."
      ready={evidence.trim().length > 2}
      act={(reason) => threatActs.verify(answer.id, evidence.trim(), days, reason)}
    >
      <p>{answer.text}</p>
      <p className="dim">
        Whoever said it cannot verify it. What comes to light after today opens the threat again.
      </p>
      <TextInput
        label="How it was seen to work"
        required
        maxLength={1000}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
      />
      <NumberInput
        label="Holds for days"
        min={1}
        max={366}
        value={days}
        onChange={(next) => setDays(Number(next) || 1)}
      />
    </ReasonDialog>
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
