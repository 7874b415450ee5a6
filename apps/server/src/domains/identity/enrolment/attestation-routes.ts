import {
  attestationAnswerBody,
  attestationChallengeResponse,
  attestationOfferBody,
  attestationVerdictResponse,
} from '@wardline/model';
import type { Context } from '../../../context.ts';
import { shownBy } from '../../../http/device-door.ts';
import { Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { openChallenge, takeAnswer } from './attestation.ts';
import { provedBy, provedByCode } from './proof.ts';

const config = { action: 'est.ask', open: true } as const;

/** Where a device proves, before it enrols a key or renews, that the key lies in its TPM. Behind the door of devices only. */
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
    async ({ body, headers, raw }) => {
      const proofOf = async (key: { spki: Uint8Array }) =>
        (await provedByCode(context, headers.authorization, key)) ??
        provedBy(context, shownBy(raw.socket) ?? []);
      return { assurance: await takeAnswer(context, proofOf, body) };
    },
  );
}
