import { Button, Modal, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { AskForRole } from './AskForRole.tsx';
import { forgetDrafts, useDraft } from './drafts.ts';
import { needsStepUp, StepUp } from './StepUp.tsx';

const REASON_LEAST = 3;

interface ReasonDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** Whom the act touches and how to undo it. */
  children: ReactNode;
  confirm: string;
  done: string;
  /** False while something but the reason is still missing. */
  ready?: boolean;
  act: (reason: string) => Promise<unknown>;
}

/** An act that changes state: shows what it touches, asks for a reason, says how to undo it; the reason goes to the ledger. */
export function ReasonDialog(props: ReasonDialogProps) {
  const [reason, setReason] = useDraft(props.title, 'reason', '');
  const client = useQueryClient();
  const leave = () => {
    forgetDrafts(props.title);
    props.onClose();
  };
  const [proving, setProving] = useState(false);
  const mutation = useMutation({
    mutationFn: () => props.act(reason.trim()),
    onError: (error) => setProving(needsStepUp(error)),
    onSuccess: async () => {
      setReason('');
      leave();
      notifications.show({ message: props.done, withCloseButton: true });
      await client.invalidateQueries();
    },
  });
  return (
    <Modal
      opened={props.opened}
      onClose={leave}
      title={props.title}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          mutation.mutate();
        }}
      >
        {props.children}
        <Textarea
          label="Reason"
          description="Goes into the ledger with your name."
          required
          autosize
          minRows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <StepUp opened={proving} onClose={() => setProving(false)} onProved={() => mutation.mutate()} />
        {mutation.error && !needsStepUp(mutation.error) && (
          <p role="alert" className="form-error">
            Not done: {mutation.error.message} <AskForRole error={mutation.error} />
          </p>
        )}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={leave}>
            Leave it as it is
          </Button>
          <Button
            type="submit"
            loading={mutation.isPending}
            disabled={reason.trim().length < REASON_LEAST || props.ready === false}
          >
            {props.confirm}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
