import { watchActs } from '../../api/watch.ts';
import { useMay } from '../../shell/permissions.ts';
import { WriteDown } from '../../shell/WriteDown.tsx';

/** Writes a line on a story. */
export function StoryNote({ id }: { id: string }) {
  const may = useMay();
  if (!may('watch.note')) return null;
  return (
    <WriteDown
      label="What you found; without patients’ names"
      maxLength={2000}
      topic="watch"
      write={(text) => watchActs.note(id, text)}
    />
  );
}
