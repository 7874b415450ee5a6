import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { refusedWords } from '../../shell/SignIn.tsx';
import { needsStepUp, StepUp } from '../../shell/StepUp.tsx';

/** An act of one's own account: asks for a fresh proof where the server does, and goes on with it. */
export function useOwnAct<A, R>(act: (argument: A) => Promise<R>, done: string, then?: (result: R) => void) {
  const client = useQueryClient();
  const [waiting, setWaiting] = useState<{ argument: A } | null>(null);
  const mutation = useMutation({
    mutationFn: act,
    onSuccess: async (result) => {
      then?.(result);
      if (done !== '') notifications.show({ message: done, withCloseButton: true });
      await client.invalidateQueries();
    },
    onError: (error, argument) => {
      if (needsStepUp(error)) setWaiting({ argument });
    },
  });
  const dialog: ReactNode = (
    <StepUp
      opened={waiting !== null}
      onClose={() => setWaiting(null)}
      onProved={() => waiting && mutation.mutate(waiting.argument)}
    />
  );
  const trouble = mutation.error && !needsStepUp(mutation.error) ? refusedWords(mutation.error) : null;
  return { run: mutation.mutate, isRunning: mutation.isPending, trouble, dialog };
}
