import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AgentError } from '../../agent-error.ts';

const run = promisify(execFile);
const MOST_MILLIS = 60_000;

/** tpm2-tools in a folder of their own, which holds public parts and saved contexts and is gone afterwards. */
export interface TpmWork {
  tool: (name: string, ...args: readonly string[]) => Promise<void>;
  read: (file: string) => Buffer;
  write: (file: string, bytes: Uint8Array) => void;
  path: (file: string) => string;
}

/** Where the TPM is: as TPM2TOOLS_TCTI names it; null is where the tools look by themselves. */
export type Tcti = string | null;

export const tpmEnvironment = (tcti: Tcti): Record<string, string> =>
  tcti === null ? {} : { TPM2TOOLS_TCTI: tcti, TPM2OPENSSL_TCTI: tcti };

/** Works with the TPM; what its tools leave loaded is taken out after each of them. */
export async function withTpm<T>(tcti: Tcti, work: (tpm: TpmWork) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-tpm-'));
  const options = { cwd: folder, env: { ...process.env, ...tpmEnvironment(tcti) }, timeout: MOST_MILLIS };
  const tool = async (name: string, ...args: readonly string[]): Promise<void> => {
    try {
      await run(`tpm2_${name}`, args, options);
    } catch (error) {
      throw toolError(name, error as NodeJS.ErrnoException & { stderr?: string });
    } finally {
      await run('tpm2_flushcontext', ['-t'], options).catch(() => undefined);
    }
  };
  try {
    return await work({
      tool,
      read: (file) => readFileSync(join(folder, file)),
      write: (file, bytes) => writeFileSync(join(folder, file), bytes, { mode: 0o600 }),
      path: (file) => join(folder, file),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toolError(name: string, { code, stderr }: NodeJS.ErrnoException & { stderr?: string }): AgentError {
  if (code === 'ENOENT') return new AgentError('key', `tpm2_${name} is not installed (tpm2-tools)`);
  const said = (stderr ?? '').split('\n').find((line) => line.startsWith('ERROR')) ?? 'it failed';
  return new AgentError('key', `tpm2_${name}: ${said.slice(0, 300)}`);
}
