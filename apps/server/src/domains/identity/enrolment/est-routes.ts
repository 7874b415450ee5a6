import {
  type CertificationRequest,
  certificatesOnly,
  estBody,
  estText,
  holderNames,
  parseRequest,
  requestAttributes,
} from '@wardline/pki';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../../context.ts';
import { shownBy } from '../../../http/device-door.ts';
import { answerError, problems, Refusal } from '../../../http/problems.ts';
import type { App } from '../../../http/routes.ts';
import { scopeOf } from '../authorities/authorities.ts';
import { RETRY_SECONDS } from '../limits.ts';
import { type Enrolled, enrol, holderLabel, mustAllow } from './enrol.ts';
import { fitOf } from './fit.ts';
import { type Proof, provedBy, provedByCode } from './proof.ts';
import { renew } from './renew.ts';

const config = { action: 'est.ask', open: true } as const;
const schema = { hide: true } as const;
const CERTIFICATES = 'application/pkcs7-mime; smime-type=certs-only';

/** Enrolment over Secure Transport (RFC 7030, RFC 8951, RFC 9908), behind the door of devices only. */
export function estRoutes(app: App, context: Context): void {
  app.addContentTypeParser('application/pkcs10', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', async (request) => {
    if (shownBy(request.raw.socket) === undefined) throw new Refusal('not-found');
  });
  // RFC 7030 §4.2.3: what is wrong is said in words that a person reads.
  app.setErrorHandler((error, request, reply) => {
    if (!((error as unknown) instanceof Refusal)) return answerError(error as never, request, reply);
    const refusal = error as unknown as Refusal;
    const [status, title] = problems[refusal.code];
    return reply
      .status(status)
      .type('text/plain; charset=utf-8')
      .send(`${refusal.detail ?? title}\n`);
  });
  app.get('/.well-known/est/cacerts', { config, schema }, async (_request, reply) => {
    const { between, roots } = await context.authorities.zones();
    return sendCertificates(
      reply,
      [...roots, ...between].map(({ der }) => der),
    );
  });
  app.get('/.well-known/est/csrattrs', { config, schema }, async (request, reply) => {
    const proof = await provedBy(context, shownBy(request.raw.socket) ?? []);
    const known = proof === null ? null : await namesFor(context, proof);
    return reply.type('application/csrattrs').send(estText(requestAttributes(known)));
  });
  app.post('/.well-known/est/simpleenroll', { config, schema }, async (request, reply) => {
    const asked = requestOf(request);
    const proof = await firstProof(context, request, asked);
    if (proof === null) return unproved(reply);
    return sendEnrolled(reply, await enrol(context, proof, asked));
  });
  app.post('/.well-known/est/simplereenroll', { config, schema }, async (request, reply) => {
    const asked = requestOf(request);
    const proof = await provedBy(context, shownBy(request.raw.socket) ?? []);
    if (proof?.way !== 'renewal')
      throw new Refusal(
        'forbidden',
        'A renewal needs the certificate that is renewed, issued here, holding and not revoked',
      );
    return sendEnrolled(reply, await renew(context, proof, asked));
  });
}

function requestOf({ body }: FastifyRequest): CertificationRequest {
  const der = estBody(typeof body === 'string' ? body : '');
  mustAllow(der);
  const read = parseRequest((der as { value: Uint8Array }).value);
  mustAllow(read);
  return (read as { value: CertificationRequest }).value;
}

/** A maker's certificate, or a code. One of here is for renewals. */
async function firstProof(
  context: Context,
  request: FastifyRequest,
  asked: CertificationRequest,
): Promise<Proof | null> {
  const byCode = await provedByCode(context, request.headers.authorization, asked.publicKey);
  if (byCode !== null) return byCode;
  const shown = await provedBy(context, shownBy(request.raw.socket) ?? []);
  return shown?.way === 'manufacturer' ? shown : null;
}

/** RFC 9908 §3: the names under which a device that is known will be certified. */
async function namesFor(context: Context, proof: Proof) {
  if (proof.way === 'renewal') return { subject: proof.certificate.subject, names: proof.certificate.names };
  // The names do not depend on where the key lies, which nobody knows yet.
  const { zone, asset, profile, hosts } = await fitOf(context, proof, 'hardware-proved');
  const authority = zone === null ? null : await context.authorities.issuing(zone);
  if (authority === null || asset === null) return null;
  return holderNames({ profile, id: holderLabel(asset), hosts, mail: null }, scopeOf(authority));
}

const unproved = (reply: FastifyReply): FastifyReply =>
  reply
    .status(401)
    .header('www-authenticate', 'Basic realm="enrolment", charset="UTF-8"')
    .type('text/plain; charset=utf-8')
    .send(
      'A one-time code is needed as the password, or the certificate of a maker that is pinned here. A code may have been used already.\n',
    );

function sendEnrolled(reply: FastifyReply, enrolled: Enrolled): FastifyReply {
  if (enrolled.state === 'issued') return sendCertificates(reply, [enrolled.certificate]);
  if (enrolled.state === 'waiting')
    return reply
      .status(202)
      .header('retry-after', String(RETRY_SECONDS))
      .type('text/plain; charset=utf-8')
      .send('A person looks at this first; ask again with the same key.\n');
  return reply.status(403).type('text/plain; charset=utf-8').send(`${enrolled.message}\n`);
}

const sendCertificates = (reply: FastifyReply, ders: readonly Uint8Array[]): FastifyReply =>
  reply
    .type(CERTIFICATES)
    .header('content-transfer-encoding', 'base64')
    .send(estText(certificatesOnly(ders)));
