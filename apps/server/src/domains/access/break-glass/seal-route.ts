import { emergencyOpenBody } from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { SESSION_ATTEMPTS_PER_MINUTE } from '../../../limits.ts';
import { openSession } from '../sessions.ts';
import { noteRefused, originOf, setSession } from '../sign-in/session-routes.ts';
import { announce, settled } from './announce.ts';
import { readCredential } from './credential.ts';
import { type Entered, enterBySeal, findSeal, type Why } from './entry.ts';
import type { Refused } from './plans.ts';

/**
 * Enters by the sealed credential alone: no identity provider, no passkey, no other session is asked. It is spent by it.
 */
export function sealRoute(app: App, context: Context): void {
  app.route({
    method: 'POST',
    url: '/emergency/open',
    config: {
      action: 'emergency.open',
      changes: true,
      open: true,
      rateLimit: { max: SESSION_ATTEMPTS_PER_MINUTE, timeWindow: 60_000 },
    },
    schema: {
      summary: 'Enter by a sealed credential: it opens a session with the role that was prepared',
      body: emergencyOpenBody,
      response: { 200: z.object({ id: z.string(), until: z.string() }) },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const credential = readCredential(body.credential);
      const seal = credential && (await findSeal(context.database, credential));
      const opened = seal && (await openBySeal(context, request, { ...seal, ...body }));
      if (!opened) {
        await noteRefused(context, 'emergency', null);
        throw new Refusal('credential-unknown');
      }
      const { secret, expires, entered } = settled(context, opened);
      setSession(request, reply, { secret, expires, now: context.now() });
      return announce(context, entered);
    },
  });
}

interface Opened {
  secret: string;
  expires: number;
  entered: Entered;
}

async function openBySeal(
  context: Context,
  request: FastifyRequest,
  asked: Why & { seal: string; plan: string },
): Promise<Opened | Refused | null> {
  const now = context.now();
  return context.database.transaction().execute(async (transaction) => {
    const entered = await enterBySeal(transaction, asked, asked, now);
    if (entered === null || 'refused' in entered) return entered;
    const person = entered.person.slice('person:'.length);
    const opening = { person, method: 'emergency', origin: originOf(request) } as const;
    const { secret, session } = await openSession(transaction, opening, now);
    return { secret, expires: session.expires, entered };
  });
}
