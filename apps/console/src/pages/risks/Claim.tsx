import { Button, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Unknown } from '../../marks/marks.tsx';
import { ReasonDialog } from '../../shell/reason.tsx';

/** What a person says is in place. */
interface Claimed {
  text: string;
  isVerified: boolean;
  holdsUntil: string | null;
  evidence: string | null;
}

interface ClaimProps extends Claimed {
  /** More of whom it is said. */
  note?: string;
  /** Absent where the person may not. */
  onVerify: (() => void) | null;
  onRemove: (() => void) | null;
}

/** A control with its standing: what is only claimed is shown as unknown. */
export function Claim({ text, note, isVerified, holdsUntil, evidence, onVerify, onRemove }: ClaimProps) {
  return (
    <div className="stack-tight">
      <p>
        {text}
        {note}{' '}
        {isVerified ? (
          <span className="dim">
            verified until {holdsUntil?.slice(0, 10)}: {evidence}
          </span>
        ) : (
          <Unknown word="Only claimed" />
        )}
      </p>
      <div className="row">
        {onVerify && (
          <Button size="xs" variant="default" onClick={onVerify} aria-label={`Verify: ${text}`}>
            Verify
          </Button>
        )}
        {onRemove && (
          <Button size="xs" variant="default" onClick={onRemove} aria-label={`Is no more: ${text}`}>
            Is no more
          </Button>
        )}
      </div>
    </div>
  );
}

interface VerifyProps {
  title: string;
  text: string;
  /** What follows from it. */
  note: string;
  done: string;
  /** For how many days it holds, unless a person says otherwise. */
  holds: number;
  act: (evidence: string, days: number, reason: string) => Promise<unknown>;
  onClose: () => void;
}

/** Somebody else saw that it works. */
export function VerifyClaim({ title, text, note, done, holds, act, onClose }: VerifyProps) {
  const [evidence, setEvidence] = useState('');
  const [days, setDays] = useState(holds);
  return (
    <ReasonDialog
      opened
      onClose={onClose}
      title={title}
      confirm="It works"
      done={done}
      ready={evidence.trim().length > 2}
      act={(reason) => act(evidence.trim(), days, reason)}
    >
      <p>{text}</p>
      <p className="dim">{note}</p>
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
