import { problemSchema } from '@wardline/model';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';

type Transform = typeof jsonSchemaTransform;

const { $schema: _dialect, ...problem } = z.toJSONSchema(problemSchema);

/** What one operation says of itself beyond its own schema: its action, and how it refuses. */
export const describedTransform = ((input) => {
  const { schema, url } = jsonSchemaTransform(input);
  const { config, bodyLimit } = input.route;
  if (!schema || schema.hide) return { schema, url };
  const refusal = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: problem } },
  });
  const responses = {
    // Without a declared answer it is a text: an export or a stream of events.
    ...(schema.response ?? { 200: { description: 'The text', content: textOf(url) } }),
    400: refusal('The request is not as expected'),
    ...(config?.open ? {} : { 401: refusal('There is no session') }),
    403: refusal('It came from another host name or site'),
    ...(/\/:/.test(url) ? { 404: refusal('There is no such thing') } : {}),
    ...(config?.changes ? { 409: refusal('It does not fit what is stored') } : {}),
    ...(bodyLimit === undefined ? {} : { 413: refusal('More was sent than is taken at once') }),
    429: refusal('Too many requests'),
    503: refusal('The database is away'),
  };
  const described = { ...schema, response: responses, 'x-action': config?.action };
  return { schema: url.endsWith('/imports') ? withCapture(described, input.route.method) : described, url };
}) as Transform;

function textOf(url: string) {
  const type = url.endsWith('.csv') ? 'text/csv' : 'text/event-stream';
  return { [type]: { schema: { type: 'string' } } };
}

/** The capture itself is no JSON and has no schema to validate it by. */
function withCapture(schema: object, method: string | string[]): object {
  if (method !== 'POST') return schema;
  const body = { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } };
  return { ...schema, body };
}
