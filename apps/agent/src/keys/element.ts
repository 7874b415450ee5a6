import { execFile } from 'node:child_process';
import { AgentError } from '../agent-error.ts';

/** A token is below 64 KiB at the server; an element that does not answer in this time hangs. */
const MOST_BYTES = 64 * 1024;
const MILLISECONDS = 60_000;

/**
 * Asks the device's secure element or TEE by a program of its maker: it gets the nonce in hexadecimal as its one argument and writes
 * the token (COSE, RFC 9711) to its standard output. It is run without a shell.
 */
export function tokenFrom(program: string): (nonce: Buffer) => Promise<Buffer> {
  return (nonce) =>
    new Promise((resolve, reject) => {
      const options = { encoding: 'buffer', timeout: MILLISECONDS, maxBuffer: MOST_BYTES } as const;
      execFile(program, [nonce.toString('hex')], options, (error, token) => {
        if (error === null && token.length > 0) resolve(token);
        else
          reject(
            new AgentError(
              'refused',
              `${program} gave no token: ${error?.message.slice(0, 200) ?? 'it said nothing'}`,
            ),
          );
      });
    });
}
