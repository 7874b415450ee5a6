import type { QueryClient } from '@tanstack/react-query';
import { apiAddress } from './client.ts';

/** An import moves many times a second; a person reads twice. */
const SETTLE_MILLISECONDS = 800;
const topics = [
  'assets',
  'conversations',
  'findings',
  'imports',
  'register',
  'ledger',
  'vulnerabilities',
  'access',
  'keys',
  'secrets',
  'backups',
  'risks',
  'trust',
  'watch',
  'compliance',
  'suppliers',
  'incidents',
  'usage',
  'firmware',
] as const;

/**
 * Asks again for what the server says has changed. What is on screen stays until its successor is there, so that nothing
 * jumps. Returns the function that stops listening.
 */
export function followEvents(client: QueryClient): () => void {
  const source = new EventSource(apiAddress('/events'));
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    timer = undefined;
    // Who may do what has changed: anything on screen may be more, or less, than it was.
    if (waiting.has('access')) void client.invalidateQueries();
    for (const topic of waiting) void client.invalidateQueries({ queryKey: [topic] });
    if (waiting.size > 0) void client.invalidateQueries({ queryKey: ['overview'] });
    waiting.clear();
  };
  for (const topic of topics) {
    source.addEventListener(topic, () => {
      waiting.add(topic);
      timer ??= setTimeout(refresh, SETTLE_MILLISECONDS);
    });
  }
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
