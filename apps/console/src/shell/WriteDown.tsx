import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

const LEAST = 3;

interface WriteDownProps {
  label: string;
  maxLength: number;
  /** What is asked for again once it was written. */
  topic: string;
  write: (text: string) => Promise<unknown>;
  /** False while something but the text is still missing. */
  ready?: boolean;
  primary?: boolean;
  /** Stands before the button. */
  children?: ReactNode;
}

/** A line that a person writes down, for good. */
export function WriteDown({
  label,
  maxLength,
  topic,
  write,
  ready = true,
  primary,
  children,
}: WriteDownProps) {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const writing = useMutation({
    mutationFn: () => write(text.trim()),
    onSuccess: async () => {
      setText('');
      await client.invalidateQueries({ queryKey: [topic] });
    },
  });
  return (
    <form
      className="stack-tight no-print"
      onSubmit={(event) => {
        event.preventDefault();
        writing.mutate();
      }}
    >
      <Textarea
        label={label}
        autosize
        minRows={2}
        maxLength={maxLength}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="row">
        {children}
        <Button
          type="submit"
          variant={primary ? 'filled' : 'default'}
          disabled={!ready || text.trim().length < LEAST}
          loading={writing.isPending}
        >
          Write it down
        </Button>
      </div>
      {writing.error && (
        <p role="alert" className="form-error">
          Not written: {writing.error.message}
        </p>
      )}
    </form>
  );
}
