import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { AgentError } from '../agent-error.ts';

/**
 * Keeps two agents from working in one folder. Linux's abstract sockets end with their process, however it ends, so that no lock is left
 * over after a power cut. @throws AgentError where another is at work
 */
export async function alone(folder: string): Promise<() => Promise<void>> {
  const digest = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE' ? new AgentError('busy', `Another agent is at work in ${folder}`) : error,
      ),
    );
    server.listen(`\0wardline-agent-${digest}`, resolve);
  });
  return () => new Promise((resolve) => server.close(() => resolve()));
}
