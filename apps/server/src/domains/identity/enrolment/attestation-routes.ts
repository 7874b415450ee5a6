import {
  attestationAnswerBody,
  attestationChallengeResponse,
  attestationOfferBody,
  attestationVerdictResponse,
  elementAnswerBody,
  elementQuestionBody,
  elementQuestionResponse,
} from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import type { Context } from '../../../context.ts';
import { shownBy } from '../../../http/device-door.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { openChallenge, takeAnswer } from './attestation.ts';
import { askElement, takeToken } from './element.ts';
import { type Proof, provedBy, provedByCode } from './proof.ts';

const config = { action: 'est.ask', open: true } as const;

/** Where a device proves, before it enrols a key or renews, that the key lies in its TPM, or its secure element vouches for it. Behind the door of devices only. */
export function attestationRoutes(app: App, context: Context): void {
  app.addHook('onRequest', async (request) => {
    if (shownBy(request.raw.socket) === undefined) throw new Refusal('not-found');
  });
  app.post(
    '/device/v1/attestation/question',
    {
      config,
      schema: { hide: true, body: attestationOfferBody, response: { 200: attestationChallengeResponse } },
    },
    async ({ body }) => openChallenge(context, body),
  );
  app.post(
    '/device/v1/attestation/answer',
    {
      config,
      schema: { hide: true, body: attestationAnswerBody, response: { 200: attestationVerdictResponse } },
    },
    async ({ body, headers, raw }) => ({
      assurance: await takeAnswer(context, proofFrom(context, headers.authorization, raw), body),
    }),
  );
  elementRoutes(app, context);
}

/** The same for secure elements and TEEs, by their tokens. */
function elementRoutes(app: App, context: Context): void {
  app.post(
    '/device/v1/element/question',
    { config, schema: { hide: true, body: elementQuestionBody, response: { 200: elementQuestionResponse } } },
    async ({ body }) => askElement(context, body),
  );
  app.post(
    '/device/v1/element/answer',
    {
      config,
      schema: { hide: true, body: elementAnswerBody, response: { 200: attestationVerdictResponse } },
    },
    async ({ body, headers, raw }) => ({
      assurance: await takeToken(context, proofFrom(context, headers.authorization, raw), body),
    }),
  );
}

const proofFrom =
  (context: Context, authorization: string | undefined, { socket }: FastifyRequest['raw']) =>
  async (key: { spki: Uint8Array }): Promise<Proof | null> =>
    (await provedByCode(context, authorization, key)) ?? provedBy(context, shownBy(socket) ?? []);
