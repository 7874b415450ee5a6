import { readFileSync } from 'node:fs';
import { fromPem } from '@wardline/pki';
import { AgentError } from '../agent-error.ts';
import type { Identity } from './exchange.ts';

/** The certificate that the maker put into the device (IEEE 802.1AR), from where it lies. @throws AgentError */
export function makerIdentity({ certificate, key }: { certificate: string; key: string }): Identity {
  const chain = fromPem(textOf(certificate), 'CERTIFICATE').map((der) => Buffer.from(der));
  if (chain.length === 0) throw new AgentError('settings', `${certificate} holds no certificate (PEM)`);
  return { chain, key: { by: 'memory', pem: textOf(key) } };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AgentError('settings', `${file} cannot be read: ${(error as Error).message}`);
  }
}
