import type { Calls, Stage } from './stage.ts';
import { reason } from './stage.ts';

async function add({ server, kept }: Stage): Promise<Response> {
  const number = Number(kept.get('sbom') ?? '0') + 1;
  const components = [{ type: 'library', name: 'openssl', version: `3.0.${number}` }];
  const text = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
  const answer = await server.post('sboms', {
    name: 'pump.json',
    text,
    vendor: 'Acme',
    model: 'Pump',
    software: '2',
    reason,
  });
  if (answer.ok) kept.set('sbom', String(number));
  return answer;
}

export const sbomCalls: Calls = { 'sbom.add': add };
