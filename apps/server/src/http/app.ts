import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import compress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { backupPlanRoutes, backupRoutes } from '../backup/index.ts';
import { type ServerCertificate, tlsSettings } from '../config/certificate.ts';
import type { Context } from '../context.ts';
import {
  accountRoutes,
  authorise,
  breakGlassRoutes,
  elevationRoutes,
  grantRoutes,
  keepWithinScope,
  nobody,
  openIdRoutes,
  type Principal,
  peopleRoutes,
  permittedRoute,
  provisioningRoutes,
  type Scope,
  scimRoutes,
  sessionRoutes,
  tokenRoutes,
  whoAsks,
} from '../domains/access/index.ts';
import { complianceRoutes } from '../domains/compliance/index.ts';
import { disclosureRoutes } from '../domains/disclosure/index.ts';
import { enforcementRoutes } from '../domains/enforcement/index.ts';
import { findingRoutes } from '../domains/findings/index.ts';
import { deviceFirmwareRoutes, firmwareRoutes } from '../domains/firmware/index.ts';
import {
  attestationRoutes,
  bootDeviceRoutes,
  estRoutes,
  identityRoutes,
  revocationRoutes,
} from '../domains/identity/index.ts';
import { incidentRoutes } from '../domains/incidents/index.ts';
import { inventoryRoutes } from '../domains/inventory/index.ts';
import { lifecycleRoutes } from '../domains/lifecycle/index.ts';
import { networkRoutes } from '../domains/network/index.ts';
import { overviewRoutes } from '../domains/overview/index.ts';
import { procurementRoutes } from '../domains/procurement/index.ts';
import { productRoutes } from '../domains/products/index.ts';
import { recallRoutes } from '../domains/recalls/index.ts';
import { receiverRoutes } from '../domains/receivers/index.ts';
import { registerRoutes } from '../domains/register/index.ts';
import { reportRoutes } from '../domains/reports/index.ts';
import { attackPathRoutes, riskRoutes } from '../domains/risk/index.ts';
import { secretRoutes } from '../domains/secrets/index.ts';
import { segmentationRoutes } from '../domains/segmentation/index.ts';
import { siteRoutes } from '../domains/sites/index.ts';
import { supplierRoutes } from '../domains/suppliers/index.ts';
import { usageRoutes } from '../domains/usage/index.ts';
import { advisoryRoutes, feedRoutes, matchRoutes, sbomRoutes } from '../domains/vulnerabilities/index.ts';
import { alertRoutes } from '../domains/watch/index.ts';
import { wirelessRoutes } from '../domains/wireless/index.ts';
import { importRoutes } from '../imports/routes.ts';
import type { Spool } from '../imports/spool.ts';
import type { Intake } from '../intake/accept.ts';
import { intakeRoutes, redactionKeyRoute } from '../intake/routes.ts';
import { keyRoutes } from '../keys/index.ts';
import { ledgerRoutes } from '../ledger/index.ts';
import { REQUESTS_PER_MINUTE, SMALL_BODY_BYTES } from '../limits.ts';
import { VERSION } from '../version.ts';
import { describedTransform } from './description.ts';
import { checkHost, checkOrigin } from './guard.ts';
import { platformRoutes, watchRoutes } from './platform-routes.ts';
import { answerError, Refusal, sendProblem } from './problems.ts';
import { API, type App, type RouteFact } from './routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, and what they hold. */
    principal: Principal;
    /** Where the action holds for them; null is everywhere. */
    scope: readonly Scope[] | null;
  }
}

export interface Services {
  intake: Intake;
  spool: Spool;
}

/** Everything that answers over HTTP. `facts` names every route, for the tests that hold them to their duties. */
export async function buildApp(
  context: Context,
  services: Services,
  certificate: ServerCertificate | null = null,
): Promise<{ app: App; facts: RouteFact[] }> {
  const app = Fastify({
    ...(certificate === null
      ? {}
      : { https: { ...tlsSettings, cert: certificate.cert, key: certificate.key } }),
    loggerInstance: context.log,
    bodyLimit: SMALL_BODY_BYTES,
    trustProxy: false,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 0,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => answerError(error as never, request, reply));
  app.decorateRequest('actor', 'nobody');
  app.decorateRequest('principal', null as never);
  app.decorateRequest('scope', null);
  const facts: RouteFact[] = [];
  app.addHook('onRoute', (route) => {
    // Routes of plugins: the API's page and the console's files.
    const served = route.url.startsWith(`${API}/docs`)
      ? { action: 'platform.docs' }
      : { action: 'console.read', open: true };
    if (!route.config?.action && (route.url.startsWith(`${API}/docs`) || !route.url.startsWith(API)))
      route.config = { ...route.config, ...served };
    if (route.url.startsWith(`${API}/docs`)) Object.assign(route, { helmet: docsPolicy });
    for (const method of [route.method].flat()) {
      const { action, changes = false, open = false, scope } = route.config ?? {};
      if (method !== 'HEAD' && method !== 'OPTIONS')
        facts.push({ method, url: route.url, action, changes, open, scope });
    }
  });
  await protect(app, context);
  watchRoutes(app, context);
  await app.register(async (api) => apiRoutes(api as unknown as App, context, services, facts), {
    prefix: API,
  });
  await app.register(async (pki) => revocationRoutes(pki as unknown as App, context));
  await app.register(async (est) => estRoutes(est as unknown as App, context));
  await app.register(async (door) => attestationRoutes(door as unknown as App, context));
  await app.register(async (device) => bootDeviceRoutes(device as unknown as App, context));
  await app.register(async (device) => deviceFirmwareRoutes(device as unknown as App, context));
  await serveConsole(app, context.config.consoleDir);
  return { app, facts };
}

/** Two years, as preload lists ask for. */
const HSTS_SECONDS = 63_072_000;

/** The page of the API is a library's, with styles of its own in its elements; it runs no script but the server's. */
const docsPolicy = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  enableCSPNonces: false,
};

async function protect(app: App, context: Context): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The console's own style elements carry the nonce of the page that they came with.
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        workerSrc: ["'self'", 'blob:'],
        manifestSrc: ["'self'"],
        formAction: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    enableCSPNonces: true,
    hsts: context.config.tls === null ? false : { maxAge: HSTS_SECONDS, includeSubDomains: true },
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(fastifyCookie);
  await app.register(rateLimit, { max: REQUESTS_PER_MINUTE, timeWindow: 60_000 });
  await app.register(compress, { threshold: 2048, encodings: ['gzip'] });
  app.addHook('onRequest', async (request) => {
    // Lists and answers are asked for by whichever name certificates give, and tell nobody more than anybody may know.
    if (!request.url.startsWith('/pki/')) checkHost(request, context.config.names);
    checkOrigin(request);
    await identify(context, request);
  });
  app.addHook('preHandler', (request) => keepWithinScope(context, request));
  // What a ward's shared machine keeps on its disk outlives the session.
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith(API)) void reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    const action = request.routeOptions.config.action ?? 'none';
    const labels = { method: request.method, action, status: String(reply.statusCode) };
    context.metrics.requests.observe(labels, reply.elapsedTime / 1000);
    context.log.debug({ ...labels, milliseconds: Math.round(reply.elapsedTime) }, 'answered');
  });
}

/** Every route but the open ones needs somebody who is known; what is not there is told to anybody. */
async function identify(context: Context, request: FastifyRequest): Promise<void> {
  const { config } = request.routeOptions;
  const open = config?.open === true || (config?.action === undefined && !request.url.startsWith(API));
  const principal = open ? nobody : await whoAsks(context, request);
  if (principal === null) throw new Refusal('session-required');
  request.principal = principal;
  request.actor = principal.id;
  if (!open) await authorise(context, request);
}

async function apiRoutes(
  api: App,
  context: Context,
  { intake, spool }: Services,
  facts: readonly RouteFact[],
): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Wardline',
        version: VERSION,
        description: 'Inventory, conversations and findings of a hospital’s connected medical devices.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'wardline' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: describedTransform,
  });
  api.addHook('onRoute', (route) => {
    // Several routes of one action name themselves.
    if (route.schema && route.config?.action)
      Object.assign(route.schema, { operationId: operationId(route.config.action), ...route.schema });
  });
  await api.register(swaggerUi, { routePrefix: '/docs', indexPrefix: API, staticCSP: false });
  for (const routes of [
    sessionRoutes,
    accountRoutes,
    openIdRoutes,
    peopleRoutes,
    tokenRoutes,
    grantRoutes,
    elevationRoutes,
    breakGlassRoutes,
    overviewRoutes,
    inventoryRoutes,
    networkRoutes,
    findingRoutes,
    registerRoutes,
    advisoryRoutes,
    feedRoutes,
    sbomRoutes,
    matchRoutes,
    attackPathRoutes,
    riskRoutes,
    segmentationRoutes,
    supplierRoutes,
    procurementRoutes,
    productRoutes,
    lifecycleRoutes,
    disclosureRoutes,
    recallRoutes,
    usageRoutes,
    wirelessRoutes,
    enforcementRoutes,
    complianceRoutes,
    reportRoutes,
    firmwareRoutes,
    incidentRoutes,
    alertRoutes,
    receiverRoutes,
    provisioningRoutes,
    ledgerRoutes,
    backupRoutes,
    backupPlanRoutes,
    secretRoutes,
    keyRoutes,
    siteRoutes,
    identityRoutes,
    platformRoutes,
  ])
    routes(api, context);
  await scimRoutes(api, context);
  permittedRoute(api, context, facts);
  intakeRoutes(api, context, intake);
  redactionKeyRoute(api, context);
  importRoutes(api, context, spool);
  api.get(
    '/openapi.json',
    { config: { action: 'platform.openapi', open: true }, schema: { hide: true } },
    async () => api.swagger(),
  );
}

/** `inventory.list` → `inventoryList`. */
function operationId(action: string): string {
  return action.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The console's first page, with the nonce that its style elements must carry. Never kept: each has another. */
function sendConsole(reply: FastifyReply, html: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(html.replace('__STYLE_NONCE__', reply.cspNonce.style));
}

/** The built console with its own addresses falling back to its first page; a notice where it was not built. */
async function serveConsole(app: App, directory: string): Promise<void> {
  const built = existsSync(join(directory, 'index.html'));
  const html = built ? readFileSync(join(directory, 'index.html'), 'utf8') : '';
  if (built)
    await app.register(fastifyStatic, {
      root: directory,
      wildcard: false,
      index: false,
      globIgnore: ['index.html'],
      cacheControl: true,
    });
  if (built)
    for (const url of ['/', '/index.html'])
      app.get(url, { schema: { hide: true } }, (_request, reply) => sendConsole(reply, html));
  app.setNotFoundHandler((request, reply) => {
    const page = request.method === 'GET' && !/^\/(api|static)\//.test(request.url);
    if (page && built) return sendConsole(reply, html);
    if (page)
      return reply
        .type('text/plain')
        .send('Wardline runs. The console is not built here; the API is at /api/v1.');
    return sendProblem(reply, 'not-found');
  });
}
