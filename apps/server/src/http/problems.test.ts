import Fastify, { type FastifyError } from 'fastify';
import { expect, it } from 'vitest';
import { answerError, Refusal } from './problems.ts';

it('writes down who tried what in vain, and nothing of what they sent', async () => {
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line) };
  const app = Fastify({ logger: { level: 'warn', stream } });
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply));
  app.decorateRequest('actor', 'person:1');
  for (const code of ['forbidden', 'sign-in-refused', 'not-found'] as const)
    app.post(`/${code}`, { config: { action: `try.${code}` } }, () => {
      throw new Refusal(code);
    });
  for (const url of ['/forbidden?token=a-secret', '/sign-in-refused', '/not-found'])
    await app.inject({ method: 'POST', url, payload: { password: 'a-secret' } });
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told).toMatchObject([
    { code: 'forbidden', action: 'try.forbidden', actor: 'person:1', address: '127.0.0.1' },
    { code: 'sign-in-refused', action: 'try.sign-in-refused', actor: 'person:1' },
  ]);
  expect(lines.join('')).not.toContain('a-secret');
});
