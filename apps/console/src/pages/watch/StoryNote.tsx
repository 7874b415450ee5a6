import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { watchActs } from '../../api/watch.ts';
import { useMay } from '../../shell/permissions.ts';

/** Writes a line on a story. */
export function StoryNote({ id }: { id: string }) {
  const may = useMay();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const write = useMutation({
    mutationFn: () => watchActs.note(id, text.trim()),
    onSuccess: async () => {
      setText('');
      await client.invalidateQueries({ queryKey: ['watch'] });
    },
  });
  if (!may('watch.note')) return null;
  return (
    <form
      className="stack-tight"
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate();
      }}
    >
      <Textarea
        label="What you found; without patients’ names"
        autosize
        minRows={2}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" variant="default" disabled={text.trim().length < 3} loading={write.isPending}>
          Write it down
        </Button>
      </div>
      {write.error && (
        <p role="alert" className="form-error">
          Not written: {write.error.message}
        </p>
      )}
    </form>
  );
}
