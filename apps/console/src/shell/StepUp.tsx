import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiProblem } from '../api/client.ts';
import { canHavePasskeys, signIn } from '../api/sign-in.ts';
import { refusedWords } from './SignIn.tsx';

export const needsStepUp = (error: unknown): boolean =>
  error instanceof ApiProblem && error.problem.code === 'step-up-required';

interface StepUpProps {
  opened: boolean;
  onClose: () => void;
  /** What was asked for, once the proof is there. */
  onProved: () => void;
}

/** Asks once more who it is, before an act that must not be another's. */
export function StepUp({ opened, onClose, onProved }: StepUpProps) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const proved = () => {
    onClose();
    onProved();
  };
  const passkey = useMutation({ mutationFn: signIn.stepUpByPasskey, onSuccess: proved });
  const byPassword = useMutation({
    mutationFn: () => signIn.stepUpByPassword(password, code),
    onSuccess: proved,
  });
  const error = passkey.error ?? byPassword.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    byPassword.mutate();
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Show once more who you are"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className="stack">
        <p>This act needs a fresh proof. It counts for five minutes.</p>
        {canHavePasskeys() && (
          <Button
            leftSection={<IconKey size={18} aria-hidden />}
            loading={passkey.isPending}
            onClick={() => passkey.mutate()}
          >
            Use a passkey
          </Button>
        )}
        <form className="stack" onSubmit={submit}>
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <TextInput
            label="Code"
            autoComplete="one-time-code"
            required
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={byPassword.isPending}>
            Use password and code
          </Button>
        </form>
        {error && (
          <p className="sign-in-refused" role="alert">
            {refusedWords(error)}
          </p>
        )}
      </div>
    </Modal>
  );
}
