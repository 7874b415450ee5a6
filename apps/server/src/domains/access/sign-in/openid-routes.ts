import { sessionSchema } from '@wardline/model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { act } from '../../../ledger/append.ts';
import { actorOf } from '../principal.ts';
import { mayChange } from './account-routes.ts';
import { connectIdentity, type OpenId, personOf } from './openid.ts';
import { attempt, cookieFor, cookieName, enter, noteRefused } from './session-routes.ts';

/** Binds the answer to the browser that asked; it lives as long as the question. */
const askedCookie = (request: FastifyRequest): string => `${cookieName(request)}-openid`;
const asked = z.object({ url: z.string() });

/** Signing in by the hospital's identity provider. */
export function openIdRoutes(app: App, context: Context): void {
  app.route({
    method: 'GET',
    url: '/session/ways',
    config: { action: 'session.ways', open: true },
    schema: {
      summary: 'Ways to sign in besides passkey and password',
      response: { 200: z.object({ openId: z.object({ name: z.string() }).nullable() }) },
    },
    handler: async () => ({
      openId: context.openId === null ? null : { name: context.openId.provider.name },
    }),
  });
  askRoutes(app, context);
  app.route({
    method: 'POST',
    url: '/session/openid',
    config: { action: 'session.openid', changes: true, open: true, rateLimit: attempt },
    schema: {
      summary: 'Open a session by the answer of the identity provider, or connect an account to it',
      body: z.object({ query: z.string().max(8000) }),
      response: { 200: z.object({ connected: z.boolean(), session: sessionSchema.nullable() }) },
    },
    handler: async (request, reply) => answer(context, request, reply, request.body.query),
  });
}

/** @throws Refusal where no provider is configured */
function providerOf({ openId }: Context): OpenId {
  if (openId === null) throw new Refusal('conflict', 'No identity provider is configured here');
  return openId;
}

const redirectOf = (request: FastifyRequest): string =>
  `${request.protocol}://${request.headers.host}/openid`;

function askRoutes(app: App, context: Context): void {
  const ask = async (request: FastifyRequest, reply: FastifyReply, person: string | null) => {
    const provider = providerOf(context);
    const question = await provider
      .ask(context, redirectOf(request), person, context.now())
      .catch((error: unknown) => {
        context.log.warn({ err: error }, 'the identity provider does not answer');
        throw new Refusal('provider-away');
      });
    void reply.setCookie(askedCookie(request), question.challenge, { ...cookieFor(request), maxAge: 300 });
    return { url: question.url };
  };
  app.route({
    method: 'POST',
    url: '/session/openid/options',
    config: { action: 'session.openid-ask', open: true, rateLimit: attempt },
    schema: { summary: 'Where the identity provider asks who it is', response: { 200: asked } },
    handler: async (request, reply) => ask(request, reply, null),
  });
  app.route({
    method: 'POST',
    url: '/account/openid/options',
    config: { action: 'account.openid-ask' },
    schema: {
      summary: 'Where to connect one’s own account to the identity provider',
      response: { 200: asked },
    },
    handler: async (request, reply) => ask(request, reply, (await mayChange(context, request)).id),
  });
}

async function answer(context: Context, request: FastifyRequest, reply: FastifyReply, query: string) {
  const challenge = request.cookies[askedCookie(request)] ?? '';
  void reply.clearCookie(askedCookie(request), cookieFor(request));
  const address = new URL(redirectOf(request));
  address.search = query;
  const isId = z.uuid().safeParse(challenge).success;
  const told = isId ? await providerOf(context).answer(context, { challenge, address }, context.now()) : null;
  if (told === null) {
    await noteRefused(context, 'openid', null);
    throw new Refusal('sign-in-refused');
  }
  if (told.person !== null) {
    await connect(context, told.person, told.identity);
    return { connected: true, session: null };
  }
  const person = await personOf(context.database, told.identity);
  if (person === null) {
    await noteRefused(context, 'openid', null);
    throw new Refusal(
      'sign-in-refused',
      'The identity provider knows you and Wardline does not: connect your account first, or ask an administrator',
    );
  }
  const { proved } = told.identity;
  const session = await enter(context, request, reply, { person, method: 'openid', proved });
  return { connected: false, session };
}

async function connect(
  context: Context,
  person: string,
  identity: { issuer: string; subject: string },
): Promise<void> {
  const now = context.now();
  const actor = actorOf(person);
  const what = {
    action: 'account.connect',
    subject: actor,
    changes: { issuer: identity.issuer },
    reason: null,
    personal: { subject: identity.subject },
  };
  await act(context.database, { at: now, actor, ...what }, async (transaction) => {
    if (!(await connectIdentity(transaction, person, identity, now)))
      throw new Refusal('conflict', 'Somebody is connected to this account of the identity provider already');
  });
  context.events.emit('ledger');
}
