import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../../context.ts';
import { problems, Refusal } from '../../../http/problems.ts';
import { API, type App } from '../../../http/routes.ts';
import { actorOf } from '../principal.ts';
import { resourceTypes, schemas, serviceProviderConfig } from './describe.ts';
import { ScimRefusal, scimErrorBody } from './error.ts';
import { meets, parseFilter } from './filter.ts';
import { putGroup, removeGroup } from './groups.ts';
import { SCIM_PAGE } from './limits.ts';
import { patched } from './patch.ts';
import {
  allGroups,
  allUsers,
  groupById,
  groupResource,
  type StoredGroup,
  type StoredUser,
  userById,
  userResource,
} from './store.ts';
import { readGroup, readUser } from './user.ts';
import { addUser, changeUser, removeUser } from './users.ts';

const BASE = '/scim/v2';
const MEDIA = 'application/scim+json';
const oneResource = z.object({ id: z.string().max(100) });
const listQuery = z.object({
  filter: z.string().optional(),
  startIndex: z.coerce.number().int().optional(),
  count: z.coerce.number().int().optional(),
});

/** SCIM 2.0 (RFC 7643, 7644): the hospital's directory tells who works here, in which groups, and who does not any more. */
export async function scimRoutes(app: App, context: Context): Promise<void> {
  await app.register(async (plugin) => {
    const scim = plugin as unknown as App;
    scim.addContentTypeParser(MEDIA, { parseAs: 'string' }, scim.getDefaultJsonParser('error', 'error'));
    scim.setErrorHandler((error, request, reply) => answerScimError(context, error, request, reply));
    describeRoutes(scim);
    userRoutes(scim, context);
    groupRoutes(scim, context);
  });
}

const baseOf = (request: FastifyRequest): string =>
  `${request.protocol}://${request.headers.host}${API}${BASE}`;

function answerScimError(context: Context, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof ScimRefusal)
    return send(reply, error.status, scimErrorBody(error.status, error.scimType, error.message));
  if (error instanceof Refusal) {
    const [status, title] = problems[error.code];
    return send(reply, status, scimErrorBody(status, null, error.detail ?? title));
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500)
    return send(
      reply,
      statusCode,
      scimErrorBody(statusCode, statusCode === 400 ? 'invalidSyntax' : null, message ?? ''),
    );
  context.log.error(
    { err: error, action: request.routeOptions.config.action },
    'a request of the directory failed',
  );
  return send(reply, 500, scimErrorBody(500, null, problems.internal[1]));
}

const send = (reply: FastifyReply, status: number, body: unknown): FastifyReply =>
  reply.status(status).type(`${MEDIA}; charset=utf-8`).send(JSON.stringify(body));

function describeRoutes(scim: App): void {
  const answers: [path: string, body: (base: string) => object][] = [
    ['ServiceProviderConfig', serviceProviderConfig],
    ['ResourceTypes', (base) => listed(resourceTypes(base))],
    ['Schemas', (base) => listed(schemas(base))],
  ];
  for (const [path, body] of answers)
    scim.route({
      method: 'GET',
      url: `${BASE}/${path}`,
      config: { action: 'scim.describe' },
      schema: { operationId: `scimDescribe${path}`, summary: `SCIM: ${path}` },
      handler: async (request, reply) => send(reply, 200, body(baseOf(request))),
    });
}

const listed = (resources: readonly unknown[], startIndex = 1, total = resources.length) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
});

/** The page that a query asks for (RFC 7644 §3.4.2): a start below 1 is 1, a count below 0 is 0. */
function pageOf(resources: readonly Record<string, unknown>[], query: z.infer<typeof listQuery>) {
  const filter = query.filter === undefined || query.filter.trim() === '' ? null : parseFilter(query.filter);
  const found = filter === null ? resources : resources.filter((resource) => meets(filter, resource));
  const start = Math.max(1, query.startIndex ?? 1);
  const count = Math.min(SCIM_PAGE, Math.max(0, query.count ?? SCIM_PAGE));
  return listed(found.slice(start - 1, start - 1 + count), start, found.length);
}

function tagged(reply: FastifyReply, status: number, resource: Record<string, unknown>): FastifyReply {
  const { version, location } = resource.meta as { version: string; location: string };
  void reply.header('etag', version);
  if (status === 201) void reply.header('location', location);
  return send(reply, status, resource);
}

/** RFC 7644 §3.14: a change that was made on an older state is refused. */
function checkVersion(request: FastifyRequest, { version }: { version: number }): void {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || wanted === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (!tags.includes(`"${version}"`))
    throw new ScimRefusal(412, 'invalidVers', 'If-Match: it was changed meanwhile');
}

const present = <T>(found: T | null, id: string): T => {
  if (found === null) throw new ScimRefusal(404, null, `there is nothing with the id ${id}`);
  return found;
};

function userRoutes(scim: App, context: Context): void {
  const { database } = context;
  const answer = (request: FastifyRequest, reply: FastifyReply, status: number, user: StoredUser) =>
    tagged(reply, status, userResource(baseOf(request), user));
  /** Open windows of who was shut out go at once. */
  const changed = (user: StoredUser): StoredUser => {
    context.events.emit('access', 'ledger');
    if (!user.active) context.events.disconnect(actorOf(user.id));
    return user;
  };
  scim.route({
    method: 'GET',
    url: `${BASE}/Users`,
    config: { action: 'scim.users' },
    schema: { summary: 'SCIM: users', querystring: listQuery },
    handler: async (request, reply) => {
      const users = (await allUsers(database)).map((user) => userResource(baseOf(request), user));
      return send(reply, 200, pageOf(users, request.query));
    },
  });
  scim.route({
    method: 'POST',
    url: `${BASE}/Users`,
    config: { action: 'scim.user-add', changes: true },
    schema: { summary: 'SCIM: add a user' },
    handler: async (request, reply) =>
      answer(request, reply, 201, changed(await addUser(context, request.actor, readUser(request.body)))),
  });
  scim.route({
    method: 'GET',
    url: `${BASE}/Users/:id`,
    config: { action: 'scim.user' },
    schema: { summary: 'SCIM: one user', params: oneResource },
    handler: async (request, reply) =>
      answer(request, reply, 200, present(await userById(database, request.params.id), request.params.id)),
  });
  scim.route({
    method: 'PUT',
    url: `${BASE}/Users/:id`,
    config: { action: 'scim.user-replace', changes: true },
    schema: { summary: 'SCIM: replace a user', params: oneResource },
    handler: async (request, reply) => {
      const before = present(await userById(database, request.params.id), request.params.id);
      checkVersion(request, before);
      const user = readUser(request.body);
      return answer(
        request,
        reply,
        200,
        changed(await changeUser(context, request.actor, 'scim.user-replace', before, user)),
      );
    },
  });
  scim.route({
    method: 'PATCH',
    url: `${BASE}/Users/:id`,
    config: { action: 'scim.user-patch', changes: true },
    schema: { summary: 'SCIM: change a user', params: oneResource },
    handler: async (request, reply) => {
      const before = present(await userById(database, request.params.id), request.params.id);
      checkVersion(request, before);
      const user = readUser(patched({ ...before.document, active: before.active }, request.body));
      return answer(
        request,
        reply,
        200,
        changed(await changeUser(context, request.actor, 'scim.user-patch', before, user)),
      );
    },
  });
  scim.route({
    method: 'DELETE',
    url: `${BASE}/Users/:id`,
    config: { action: 'scim.user-remove', changes: true },
    schema: { summary: 'SCIM: remove a user, who is shut out', params: oneResource },
    handler: async (request, reply) => {
      const before = present(await userById(database, request.params.id), request.params.id);
      checkVersion(request, before);
      await removeUser(context, request.actor, before);
      changed({ ...before, active: false });
      return reply.status(204).send();
    },
  });
}

function groupRoutes(scim: App, context: Context): void {
  const { database } = context;
  const answer = (request: FastifyRequest, reply: FastifyReply, status: number, group: StoredGroup) => {
    context.events.emit('access', 'ledger');
    return tagged(reply, status, groupResource(baseOf(request), group));
  };
  scim.route({
    method: 'GET',
    url: `${BASE}/Groups`,
    config: { action: 'scim.groups' },
    schema: {
      summary: 'SCIM: groups',
      querystring: listQuery.extend({ excludedAttributes: z.string().max(200).optional() }),
    },
    handler: async (request, reply) => {
      const bare = /\bmembers\b/i.test(request.query.excludedAttributes ?? '');
      const groups = (await allGroups(database)).map((group) => {
        const { members, ...rest } = groupResource(baseOf(request), group);
        return bare ? rest : { ...rest, members };
      });
      return send(reply, 200, pageOf(groups, request.query));
    },
  });
  scim.route({
    method: 'POST',
    url: `${BASE}/Groups`,
    config: { action: 'scim.group-add', changes: true },
    schema: { summary: 'SCIM: add a group' },
    handler: async (request, reply) =>
      answer(
        request,
        reply,
        201,
        await putGroup(context, request.actor, 'scim.group-add', null, readGroup(request.body)),
      ),
  });
  scim.route({
    method: 'GET',
    url: `${BASE}/Groups/:id`,
    config: { action: 'scim.group' },
    schema: { summary: 'SCIM: one group', params: oneResource },
    handler: async (request, reply) => {
      const group = present(await groupById(database, request.params.id), request.params.id);
      return tagged(reply, 200, groupResource(baseOf(request), group));
    },
  });
  scim.route({
    method: 'PUT',
    url: `${BASE}/Groups/:id`,
    config: { action: 'scim.group-replace', changes: true },
    schema: { summary: 'SCIM: replace a group', params: oneResource },
    handler: async (request, reply) => {
      const before = present(await groupById(database, request.params.id), request.params.id);
      checkVersion(request, before);
      const group = readGroup(request.body);
      return answer(
        request,
        reply,
        200,
        await putGroup(context, request.actor, 'scim.group-replace', before, group),
      );
    },
  });
  scim.route({
    method: 'PATCH',
    url: `${BASE}/Groups/:id`,
    config: { action: 'scim.group-patch', changes: true },
    schema: { summary: 'SCIM: change a group', params: oneResource },
    handler: async (request, reply) => {
      const before = present(await groupById(database, request.params.id), request.params.id);
      checkVersion(request, before);
      const { displayName, externalId, members } = before;
      const group = readGroup(
        patched({ displayName, externalId, members: members.map(({ value }) => ({ value })) }, request.body),
      );
      return answer(
        request,
        reply,
        200,
        await putGroup(context, request.actor, 'scim.group-patch', before, group),
      );
    },
  });
  scim.route({
    method: 'DELETE',
    url: `${BASE}/Groups/:id`,
    config: { action: 'scim.group-remove', changes: true },
    schema: { summary: 'SCIM: remove a group, and the role that it gives', params: oneResource },
    handler: async (request, reply) => {
      const before = present(await groupById(database, request.params.id), request.params.id);
      checkVersion(request, before);
      await removeGroup(context, request.actor, before);
      context.events.emit('access', 'ledger');
      return reply.status(204).send();
    },
  });
}
